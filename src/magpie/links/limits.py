"""How often one address may ask: many tokens that lead nowhere are somebody's guesses."""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from typing import Final

from magpie.kit import clock

HITS: Final = 120
MISSES: Final = 20
MOST: Final = 20_000
_MINUTE: Final = 60.0
_NET: Final = 64  # the bits of IPv6 that a customer of a network keeps


class Buckets:
    """Token buckets by key, `most` of them; the one asked for longest ago is forgotten first."""

    def __init__(self, per_minute: int, *, most: int = MOST) -> None:
        self._size = float(per_minute)
        self._most = most
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until there is something to take; 0 if there is."""
        lack = 1.0 - self._level(key)
        return max(0.0, lack * _MINUTE / self._size)

    def take(self, key: str) -> None:
        """May go below zero, where many came at once: by one bucket at most."""
        self._kept[key] = (max(self._level(key) - 1.0, -self._size), clock.monotonic())
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def _level(self, key: str) -> float:
        kept = self._kept.get(key)
        if kept is None:
            return self._size
        level, at = kept
        return min(self._size, level + (clock.monotonic() - at) * self._size / _MINUTE)


class Limiter:
    """Requests a minute of an address, for tokens that are known and for those that are not."""

    def __init__(self, hits: int = HITS, misses: int = MISSES, *, most: int = MOST) -> None:
        self._hits = Buckets(hits, most=most)
        self._misses = Buckets(misses, most=most)

    def wait(self, address: str) -> float:
        """Seconds until the address may ask again; 0 if it may now."""
        key = network_of(address)
        return max(self._hits.wait(key), self._misses.wait(key))

    def hit(self, address: str) -> None:
        self._hits.take(network_of(address))

    def missed(self, address: str) -> None:
        self._misses.take(network_of(address))


def network_of(address: str) -> str:
    """An IPv4 address by itself, one of IPv6 with all those of its network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> (128 - _NET) << (128 - _NET)))
