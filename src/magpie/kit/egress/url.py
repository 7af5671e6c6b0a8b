"""A strict reading of URLs, made so that no two parsers can disagree about the host.

RFC 3986 less what is only ever seen in attacks: hosts are ASCII names or canonical addresses.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote, urljoin

from magpie.kit.egress.address import Address

LONGEST = 8000
DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(
    r"(?P<scheme>https?)://(?:(?P<userinfo>[^@/?#]*)@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^:/?#@\[\]]+)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?:#.*)?",
    re.IGNORECASE | re.ASCII,
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
# An underscore is no host name by RFC 1123 but is common among container names.
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
# The URL Standard, "ends in a number": such a host is meant as IPv4, in whatever spelling.
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class BadURLError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Credentials:
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """`url` is what is requested: no userinfo, no fragment, ASCII, a path of at least `/`.

    There the host keeps its case, since signatures are made over the URL as it was written.
    """

    url: str
    scheme: str
    host: str
    port: int
    address: Address | None = None
    credentials: Credentials | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


@lru_cache(4096)
def parse(url: str) -> Target:
    if len(url) > LONGEST:
        raise BadURLError("longer than 8000 characters")
    if _FORBIDDEN.search(url):
        raise BadURLError("space, control character or backslash")
    if (match := _URL.fullmatch(url)) is None:
        raise BadURLError("not an http or https URL")
    scheme, host = match["scheme"].lower(), match["host"]
    written = match["port"]
    port = int(written) if written else DEFAULT_PORTS[scheme]
    if port >= 1 << 16:
        raise BadURLError("port out of range")
    if not host.isascii():
        raise BadURLError("international host names are written in their xn-- form")
    tail = quote((match["path"] or "/") + (match["query"] or ""), safe=_PRINTABLE)
    authority = f"{host}:{written}" if written else host
    host = host.lower()
    address = _host(host)
    return Target(
        f"{scheme}://{authority}{tail}",
        scheme,
        host.strip("[]"),
        port,
        address,
        _credentials(match["userinfo"]),
    )


def join(base: str, location: str) -> Target:
    """The target of a Location header."""
    # urljoin silently removes tabs and newlines, so they are refused before it sees them.
    if _FORBIDDEN.search(location):
        raise BadURLError("space, control character or backslash")
    try:
        return parse(urljoin(base, location))
    except ValueError as error:
        raise BadURLError(str(error)) from error


def _host(host: str) -> Address | None:
    try:
        if host.startswith("["):
            return IPv6Address(host[1:-1])
        if _NUMERIC.fullmatch(host):
            return IPv4Address(host)
    except ValueError as error:
        raise BadURLError("not a canonical address") from error
    if len(host) > 253 or not _NAME.fullmatch(host):  # noqa: PLR2004 - RFC 1035, 2.3.4
        raise BadURLError("not a host name")
    return None


def _credentials(userinfo: str | None) -> Credentials | None:
    if not userinfo:
        return None
    user, _, password = userinfo.partition(":")
    return Credentials(unquote(user), unquote(password))
