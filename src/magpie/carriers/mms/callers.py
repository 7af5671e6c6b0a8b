"""Who may call a link: those in some networks, with a name and a password, or everybody."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from magpie.carriers.door import Answer, Knock


class Callers:
    """Where both are set, both must hold."""

    def __init__(self, networks: Iterable[str], username: str = "", password: str = "") -> None:
        self._networks = tuple(ip_network(network) for network in networks)
        self._wanted = f"{username}:{password}".encode() if username else b""
        self._within = lru_cache(1024)(self._is_within)

    def refusal(self, knock: Knock) -> Answer | None:
        """None for who may call."""
        if not self.allows(knock.peer):
            return Answer(status=403, body=b"This address may not call.\n")
        if self._wanted and not self._knows(knock.headers.get("authorization", "")):
            challenge = {"WWW-Authenticate": 'Basic realm="mms", charset="UTF-8"'}
            return Answer(status=401, headers=challenge, body=b"Name and password, please.\n")
        return None

    def allows(self, peer: str) -> bool:
        """By the address alone."""
        return not self._networks or self._within(peer)

    def _is_within(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)

    def _knows(self, authorization: str) -> bool:
        scheme, _, given = authorization.strip().partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            return hmac.compare_digest(b64decode(given), self._wanted)
        except (binascii.Error, ValueError):
            return False
