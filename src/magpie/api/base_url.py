"""How we look from outside. What a proxy says is believed if it is on this machine or listed."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from starlette.types import Scope

from magpie.api.visit import Visit

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_LONGEST_ADDRESS: Final = 45
_UNKNOWN: Final = "localhost"


class Outside:
    def __init__(self, public_url: str | None, trusted: Iterable[str] = ()) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        self._trusted = tuple(ip_network(network) for network in trusted)
        self._is_trusted = lru_cache(maxsize=1024)(self._trusts)

    def base(self, scope: Scope, visit: Visit) -> str:
        """Ends without a slash. A product found by its Host keeps that very host."""
        if self._public_url and not visit.by_host:
            return self._public_url + visit.prefix
        headers, scheme = visit.headers, scope["scheme"]
        host = headers.get(b"host", b"")
        if visit.by_host and _is_twilio(host):
            # `magpie run` and its like stand before us as Twilio's own hosts, which speak TLS.
            scheme = "https"
        if (b"x-forwarded-host" in headers or b"x-forwarded-proto" in headers) and self._is_trusted(
            _peer(scope)
        ):
            host = _first(headers.get(b"x-forwarded-host", host))
            told = _first(headers.get(b"x-forwarded-proto", b"")).lower()
            scheme = told.decode() if told in {b"http", b"https"} else scheme
        return f"{scheme}://{clean(host)}{visit.prefix}"

    def host(self, scope: Scope, headers: dict[bytes, bytes]) -> bytes:
        """The one that the client named."""
        if b"x-forwarded-host" in headers and self._is_trusted(_peer(scope)):
            return _first(headers[b"x-forwarded-host"])
        return headers.get(b"host", b"")

    def client(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """The nearest address that is not a proxy of ours."""
        peer = _peer(scope)
        given = headers.get(b"x-forwarded-for")
        if given is None or not self._is_trusted(peer):
            return peer
        hops = [hop.strip()[:_LONGEST_ADDRESS] for hop in given.decode("latin-1").split(",")]
        return next((hop for hop in reversed(hops) if not self._is_trusted(hop)), peer)

    def _trusts(self, address: str) -> bool:
        found = _address(address)
        if found is None:
            return False
        return found.is_loopback or any(found in network for network in self._trusted)


def clean(host: bytes) -> str:
    """Nothing but a host and a port gets into a link."""
    text = host.decode("latin-1")
    return text if _HOST.fullmatch(text) else _UNKNOWN


def _is_twilio(host: bytes) -> bool:
    return host.lower().partition(b":")[0].endswith(b".twilio.com")


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "127.0.0.1"  # a Unix socket: only this machine has it


def _first(value: bytes) -> bytes:
    return value.partition(b",")[0].strip()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
