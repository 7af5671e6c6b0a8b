"""Parameters that are addresses in the web."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from magpie.kit.rest.parsers import Many, Parser, Wrong

_HOST = re.compile(r"(?=.{1,253}\.?$)(?:[\w](?:[\w-]{0,61}[\w])?\.)*[\w](?:[\w-]{0,61}[\w])?\.?")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")


def web_address(
    most: int = 4000, *, underscores: bool = False, code: int | None = None
) -> Parser[str]:
    """An http or https URL with a host; blank is kept, for it takes an address away."""

    def read(given: str) -> str:
        if not given:
            return given
        if len(given) > most:
            raise Wrong(f"must have at most {most} characters", code)
        if _UNFIT.search(given) or not _is_web(given, underscores=underscores):
            raise Wrong("must be an http or https URL", code)
        return given

    told = {"type": "string", "format": "uri", "maxLength": most}
    return Parser(read, keeps_blank=True, schema=told)


def _is_web(address: str, *, underscores: bool) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        if ":" in host:
            return ip_address(host).version == 6 and parts.scheme in {"http", "https"}  # noqa: PLR2004
    except ValueError:
        return False
    if "_" in host and not underscores:
        return False
    return parts.scheme in {"http", "https"} and _HOST.fullmatch(host) is not None


url = web_address()


def urls(*, most: int = 1000, code: int | None = None, code_of_one: int | None = None) -> Many[str]:
    return Many(web_address(underscores=True, code=code_of_one), most, code)
