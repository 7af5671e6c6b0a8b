"""The proxy that programs were told to use before `magpie run` stepped in."""

from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from magpie.cli.request import Asked, is_twilio


class Proxied(NamedTuple):
    host: str
    port: int
    authorization: bytes


class Upstream:
    """`no` are the hosts that are reached without one, as NO_PROXY writes them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._https = _read(_of(environment, "https_proxy"))
        self._http = _read(_of(environment, "http_proxy"))
        self._no = _of(environment, "no_proxy")

    def of(self, asked: Asked) -> Proxied | None:
        found = self._https if asked.tunnel else self._http
        if found is None or proxy_bypass_environment(asked.host, {"no": self._no}):
            return None
        return found

    def no_proxy(self) -> str:
        """What the program is told: this machine directly, but never twilio.com."""
        given = [one.strip() for one in self._no.split(",")]
        kept = [one for one in given if one and one != "*" and not is_twilio(one.lstrip("*."))]
        return ",".join(dict.fromkeys([*kept, "localhost", "127.0.0.1", "::1"]))


def through(proxied: Proxied, head: bytes) -> bytes:
    """The head of the program's request, with the name and password of the next proxy."""
    first, _, rest = head.partition(b"\r\n")
    return b"\r\n".join([first, proxied.authorization, rest]) if proxied.authorization else head


def _of(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name) or environment.get(name.upper()) or ""


def _read(url: str) -> Proxied | None:
    parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
    if parts.scheme != "http" or not parts.hostname:
        return None
    basic = b""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        basic = b"Proxy-Authorization: Basic " + b64encode(pair.encode())
    return Proxied(parts.hostname, parts.port or 80, basic)
