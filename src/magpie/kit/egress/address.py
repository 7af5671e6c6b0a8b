"""Which addresses and ports the platform may connect to.

The table is our own and not `ipaddress.is_global`, whose answers change between Python releases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Denied whatever the operator lists: the link (where clouds keep their metadata), metadata
# services that live elsewhere (AWS over IPv6, Azure's host), and what is not one host.
NEVER: dict[Network, str] = {
    ip_network(text): name
    for text, name in {
        "0.0.0.0/8": "this host",
        "169.254.0.0/16": "link-local",
        "168.63.129.16/32": "cloud metadata",
        "224.0.0.0/4": "multicast",
        "255.255.255.255/32": "broadcast",
        "::/128": "this host",
        "fd00:ec2::254/128": "cloud metadata",
        "fe80::/10": "link-local",
        "ff00::/8": "multicast",
    }.items()
}

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

# IANA's special-purpose registries (RFC 6890 and its successors).
SPECIAL: dict[Network, str] = {
    ip_network(text): name
    for text, name in {
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier NAT",
        "127.0.0.0/8": "loopback",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "6to4 relay",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "benchmarks",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "240.0.0.0/4": "reserved",
        "::1/128": "loopback",
        "::/96": "IPv4-compatible",
        "::ffff:0:0:0/96": "IPv4-translated",
        "64:ff9b::/96": "NAT64",
        "64:ff9b:1::/48": "NAT64",
        "100::/64": "discard",
        "2001::/23": "protocol assignments",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "3fff::/20": "documentation",
        "5f00::/16": "segment routing",
        "fc00::/7": "private",
        "fec0::/10": "site-local",
    }.items()
}
GLOBAL_UNICAST = ip_network("2000::/3")

# An IPv4 address stands in the last 32 bits (compatible, translated, NAT64).
_LAST_32 = tuple(map(IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")

UNPRIVILEGED = range(1024, 1 << 16)
# Above 1023 and public, yet no web server: WHATWG Fetch's bad ports and the usual stores.
NOT_WEB = frozenset(
    {1433, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060}
    | {5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 10080}
    | {10250, 11211, 27017}
)


@dataclass(frozen=True, slots=True)
class Policy:
    """`allowed_networks` lifts SPECIAL for what an operator lists; nothing lifts NEVER."""

    allow_loopback: bool = False
    allowed_networks: tuple[Network, ...] = ()
    own_ports: frozenset[int] = frozenset()
    own_addresses: frozenset[Address] = frozenset()
    https_to_http: bool = True


@dataclass(frozen=True, slots=True)
class Allowed:
    address: Address


@dataclass(frozen=True, slots=True)
class Denied:
    reason: str


def verdict(address: Address | str, port: int, policy: Policy) -> Allowed | Denied:
    """An IPv4-mapped address is judged, and named in the answer, as the IPv4 address it is."""
    try:
        address = unmapped(ip_address(address))
    except ValueError:
        return Denied("not an address")
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return Denied("zone id")
    # A tunnel's address reaches the IPv4 host within it, so both have to pass.
    inner = tuple(_embedded(address))
    reason = (
        next((reason for one in (address, *inner) if (reason := _reason(one, policy))), None)
        or ("loopback" if any(map(is_loopback, inner)) else None)
        or _port_reason((address, *inner), port, policy)
    )
    return Denied(reason) if reason else Allowed(address)


def unmapped(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_loopback(address: Address) -> bool:
    return any(address in network for network in LOOPBACK)


def _reason(address: Address, policy: Policy) -> str | None:
    if reason := _listed(address, NEVER):
        return reason
    if policy.allow_loopback and is_loopback(address):
        return None
    if any(address in network for network in policy.allowed_networks):
        return None
    if reason := _listed(address, SPECIAL):
        return reason
    outside = isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST
    return "not global unicast" if outside else None


def _port_reason(hosts: tuple[Address, ...], port: int, policy: Policy) -> str | None:
    local = is_loopback(hosts[0])
    if port in policy.own_ports and (local or not policy.own_addresses.isdisjoint(hosts)):
        return "own port"
    if local and 0 < port < 1 << 16:
        return None
    fits = port in {80, 443} or (port in UNPRIVILEGED and port not in NOT_WEB)
    return None if fits else "port"


def _listed(address: Address, table: dict[Network, str]) -> str | None:
    return next((name for network, name in table.items() if address in network), None)


def _embedded(address: Address) -> Iterator[IPv4Address]:
    if not isinstance(address, IPv6Address):
        return
    number = int(address)
    if any(address in network for network in _LAST_32) and number > 1:
        yield IPv4Address(number & 0xFFFFFFFF)
    elif address in _NAT64_LOCAL:  # RFC 6052, 2.2: a /48 prefix splits the IPv4 address at bit 64
        yield IPv4Address((number >> 64 & 0xFFFF) << 16 | number >> 40 & 0xFFFF)
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
