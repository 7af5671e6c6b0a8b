from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.egress import Allowed, Denied, Policy, verdict

SERVER = Policy()
DEV = Policy(allow_loopback=True, own_ports=frozenset({8000}))

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2001:200::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "3ffe::1",
]

DENIED = [
    ("0.0.0.0", "this host"),
    ("0.255.255.255", "this host"),
    ("10.0.0.0", "private"),
    ("10.255.255.255", "private"),
    ("100.64.0.0", "carrier NAT"),
    ("100.100.100.200", "carrier NAT"),
    ("100.127.255.255", "carrier NAT"),
    ("127.0.0.0", "loopback"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.255", "loopback"),
    ("168.63.129.16", "cloud metadata"),
    ("169.254.0.0", "link-local"),
    ("169.254.169.254", "link-local"),
    ("169.254.170.2", "link-local"),
    ("169.254.255.255", "link-local"),
    ("172.16.0.0", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.0", "protocol assignments"),
    ("192.0.0.192", "protocol assignments"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "6to4 relay"),
    ("192.168.0.0", "private"),
    ("192.168.255.255", "private"),
    ("198.18.0.0", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.7", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.254", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "this host"),
    ("::1", "loopback"),
    ("::2", "IPv4-compatible"),
    ("::127.0.0.1", "IPv4-compatible"),
    ("::8.8.8.8", "IPv4-compatible"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:7f00:1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:169.254.169.254", "link-local"),
    ("::ffff:0.0.0.0", "this host"),
    ("::ffff:0:8.8.8.8", "IPv4-translated"),
    ("::ffff:0:127.0.0.1", "IPv4-translated"),
    ("64:ff9b::8.8.8.8", "NAT64"),
    ("64:ff9b::127.0.0.1", "NAT64"),
    ("64:ff9b::10.0.0.1", "NAT64"),
    ("64:ff9b::169.254.169.254", "NAT64"),
    ("64:ff9b:1::1", "NAT64"),
    ("64:ff9b:1:ffff:ffff::1", "NAT64"),
    ("100::1", "discard"),
    ("2001::1", "protocol assignments"),
    ("2001:0:4136:e378:8000:63bf:80ff:fffe", "protocol assignments"),
    ("2001:10::1", "protocol assignments"),
    ("2001:20::1", "protocol assignments"),
    ("2001:1ff:ffff::1", "protocol assignments"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::1", "6to4"),
    ("2002:a00:1::1", "6to4"),
    ("2002:a9fe:a9fe::1", "6to4"),
    ("2002:808:808::1", "6to4"),
    ("3fff::1", "documentation"),
    ("3fff:fff:ffff::1", "documentation"),
    ("4000::1", "not global unicast"),
    ("1fff::1", "not global unicast"),
    ("5f00::1", "segment routing"),
    ("8000::1", "not global unicast"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "cloud metadata"),
    ("fd12:3456:789a::1", "private"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "zone id"),
    ("febf:ffff::1", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
    ("2606:4700::1%1", "zone id"),
    ("not an address", "not an address"),
    ("127.1", "not an address"),
    ("0177.0.0.1", "not an address"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    """The neighbours of every denied network, and well-known hosts, may be connected to."""
    assert isinstance(verdict(address, 443, SERVER), Allowed)


@pytest.mark.parametrize(("address", "reason"), DENIED)
def test_special_addresses_are_denied_on_a_server(address: str, reason: str) -> None:
    """A server connects to no address which is not another public host, and says why."""
    assert verdict(address, 443, SERVER) == Denied(reason)


@pytest.mark.parametrize("address", [address for address, reason in DENIED if reason != "loopback"])
def test_a_laptop_opens_loopback_and_nothing_else(address: str) -> None:
    """The development profile lifts the rule for loopback alone."""
    assert isinstance(verdict(address, 443, DEV), Denied)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    ("port", "allowed"), [(3000, True), (22, True), (8000, False), (0, False), (65536, False)]
)
def test_own_ports_stay_closed_on_a_laptop(address: str, port: int, *, allowed: bool) -> None:
    """On loopback every port but our own may be called."""
    assert isinstance(verdict(address, port, DEV), Allowed) is allowed


@pytest.mark.parametrize(
    ("port", "allowed"),
    [(80, True), (443, True), (1024, True), (8080, True), (65535, True)]
    + [(port, False) for port in (-1, 0, 1, 21, 22, 25, 53, 110, 445, 1023, 65536, 131152)]
    + [(port, False) for port in (2375, 3306, 5432, 6379, 6667, 11211, 27017)],
)
def test_ports_are_those_of_web_servers(port: int, *, allowed: bool) -> None:
    """Elsewhere only 80, 443 and unprivileged ports that are not known as something else."""
    assert isinstance(verdict("93.184.216.34", port, SERVER), Allowed) is allowed


def test_own_ports_are_closed_on_own_public_addresses() -> None:
    """Our listener cannot be reached by way of the machine's own public address."""
    policy = Policy(
        own_ports=frozenset({443}), own_addresses=frozenset({ip_address("93.184.216.34")})
    )
    assert verdict("93.184.216.34", 443, policy) == Denied("own port")
    assert verdict("::ffff:93.184.216.34", 443, policy) == Denied("own port")
    assert isinstance(verdict("93.184.216.35", 443, policy), Allowed)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("10.2.0.1", False),
        ("192.168.1.1", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b::10.1.2.3", True),
        ("64:ff9b::10.2.0.1", False),
        ("64:ff9b::127.0.0.1", False),
        ("64:ff9b::169.254.169.254", False),
        ("64:ff9b:1:808:8:800::", True),
        ("64:ff9b:1:7f00:0:100::", False),
        ("2002:a9fe:a9fe::1", False),
        ("169.254.169.254", False),
        ("fe80::1", False),
    ],
)
def test_listed_networks_lift_the_table_but_not_the_never_list(
    address: str, *, allowed: bool
) -> None:
    """An operator may list private networks and NAT64, yet never the link or its metadata."""
    listed = ("10.1.0.0/16", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "169.254.0.0/16")
    policy = Policy(
        allow_loopback=True, allowed_networks=(*map(ip_network, listed), ip_network("fe80::/10"))
    )
    assert isinstance(verdict(address, 443, policy), Allowed) is allowed


@given(st.ip_addresses(v=4))
def test_mapped_addresses_are_judged_as_their_ipv4(address: object) -> None:
    """Writing an IPv4 address in its IPv6-mapped form changes no verdict."""
    assert verdict(f"::ffff:{address}", 443, DEV) == verdict(str(address), 443, DEV)


@given(st.ip_addresses(v=4))
def test_the_table_is_no_wider_than_the_standard_library(address: object) -> None:
    """Whatever Python calls private or reserved is denied by our table too."""
    found = ip_address(str(address))
    if not found.is_global or found.is_multicast:
        assert isinstance(verdict(found, 443, SERVER), Denied)
