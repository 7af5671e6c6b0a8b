from typing import Any

import pytest

from magpie.api.base_url import Outside, clean
from magpie.api.visit import Visit

TRUSTED = ("10.0.0.0/8",)


def _base(
    headers: dict[str, str],
    *,
    peer: str = "192.0.2.1",
    prefix: str = "",
    by_host: bool = False,
    public: str | None = None,
) -> str:
    scope: dict[str, Any] = {"type": "http", "scheme": "http", "client": (peer, 4000)}
    raw = {name.encode(): value.encode() for name, value in headers.items()}
    visit = Visit.begin(scope, raw, "messaging", prefix, by_host)
    return Outside(public, TRUSTED).base(scope, visit)


FORWARDED = {
    "host": "inner:8000",
    "x-forwarded-host": "sms.example.org",
    "x-forwarded-proto": "https",
}


@pytest.mark.parametrize(
    ("peer", "base"),
    [
        ("127.0.0.1", "https://sms.example.org"),
        ("::1", "https://sms.example.org"),
        ("::ffff:127.0.0.1", "https://sms.example.org"),
        ("10.1.2.3", "https://sms.example.org"),
        ("192.0.2.1", "http://inner:8000"),
    ],
)
def test_forwarded(peer: str, base: str) -> None:
    """Only a proxy on this machine, or one that is listed, says how we look from outside."""
    assert _base(FORWARDED, peer=peer) == base


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"host": "sms.example.org"}, "http://sms.example.org"),
        ({"host": "127.0.0.1:8000"}, "http://127.0.0.1:8000"),
        ({"host": "[::1]:8000"}, "http://[::1]:8000"),
        ({}, "http://localhost"),
        ({"host": "evil.example/x?"}, "http://localhost"),
        ({"host": "a@b"}, "http://localhost"),
    ],
)
def test_from_host(headers: dict[str, str], base: str) -> None:
    """Links point to the host that was asked, if it is one."""
    assert _base(headers) == base


def test_prefix() -> None:
    """A product that was asked for by its prefix is linked with it."""
    assert _base({"host": "a"}, prefix="/messaging") == "http://a/messaging"


def test_public_url() -> None:
    """The public URL of the settings goes before what a request says, but for a product's host."""
    given: dict[str, Any] = {"public": "https://sms.example.org/", "prefix": "/messaging"}
    assert _base({"host": "a"}, **given) == "https://sms.example.org/messaging"
    assert _base({"host": "messaging.twilio.com"}, public="https://x", by_host=True) == (
        "https://messaging.twilio.com"
    )


@pytest.mark.parametrize("scheme", ["javascript", "", "ftp"])
def test_strange_scheme(scheme: str) -> None:
    """A proxy can say http or https and nothing else."""
    headers = FORWARDED | {"x-forwarded-proto": scheme}
    assert _base(headers, peer="127.0.0.1") == "http://sms.example.org"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("127.0.0.1", "203.0.113.5, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("127.0.0.1", "10.0.0.3, 10.0.0.2", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
    ],
)
def test_client(peer: str, forwarded: str | None, client: str) -> None:
    """The client is the nearest address that is no proxy of ours, whatever it claims to be."""
    headers = {b"x-forwarded-for": forwarded.encode()} if forwarded else {}
    assert Outside(None, TRUSTED).client({"client": (peer, 4000)}, headers) == client


def test_unix_socket() -> None:
    """Who comes by a Unix socket counts as this machine."""
    assert Outside(None).client({"client": None}, {}) == "127.0.0.1"


def test_clean_is_short() -> None:
    """A host name that is longer than names can be is not repeated."""
    assert clean(b"a" * 300) == "localhost"
