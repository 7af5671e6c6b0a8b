"""Who comes, how often, and where they are led."""

import pytest

from magpie.kit import clock
from magpie.links.clients import client_of
from magpie.links.limits import Buckets, Limiter, network_of
from magpie.links.redirect import location

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
IMESSAGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
)


@pytest.mark.parametrize(
    ("user_agent", "name", "person"),
    [
        (IPHONE, "iPhone", True),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120 Mobile", "Android", True),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120", "Windows", True),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/150.0", "Linux", True),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT X30)", "Android", True),
        ("Mozilla/5.0", None, True),
        (IMESSAGE, "facebookexternalhit", False),
        ("WhatsApp/2.23.20.0 A", "WhatsApp", False),
        ("TelegramBot (like TwitterBot)", "TelegramBot", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Googlebot", False),
        ("Mozilla/5.0 (compatible; SomeNewCrawler/1)", "SomeNewCrawler", False),
        ("curl/8.5.0", "curl", False),
        ("", None, False),
        ("Something", None, False),
    ],
)
def test_clients(user_agent: str, name: str | None, person: bool) -> None:
    """Browsers are used by people; what looks before them is known by its name."""
    assert client_of(user_agent) == (name, person)


def test_a_bucket_fills_again() -> None:
    """Three a minute are one each twenty seconds, and never more than three at once."""
    with clock.use(clock.ManualClock()) as time:
        bucket = Buckets(3)
        for _ in range(3):
            assert bucket.wait("a") == 0
            bucket.take("a")
        assert bucket.wait("a") == pytest.approx(20)
        assert bucket.wait("b") == 0
        time.advance(20)
        assert bucket.wait("a") == pytest.approx(0)
        time.advance(600)
        for _ in range(3):
            bucket.take("a")
        assert bucket.wait("a") > 0
        for _ in range(100):
            bucket.take("a")
        assert bucket.wait("a") == pytest.approx(80)


def test_the_table_of_buckets_has_an_end() -> None:
    """The address that was here longest ago is forgotten first."""
    with clock.use(clock.ManualClock()):
        bucket = Buckets(1, most=2)
        for key in "abac":
            bucket.take(key)
        assert [bucket.wait(key) > 0 for key in "abc"] == [True, False, True]


def test_hits_and_misses_are_counted_apart() -> None:
    """Either of them can close the door."""
    with clock.use(clock.ManualClock()) as time:
        limiter = Limiter(hits=60, misses=2)
        limiter.missed("192.0.2.1")
        assert limiter.wait("192.0.2.1") == 0
        limiter.missed("::ffff:192.0.2.1")
        assert limiter.wait("192.0.2.1") == pytest.approx(30)
        time.advance(30)
        for _ in range(60):
            limiter.hit("192.0.2.1")
        assert limiter.wait("192.0.2.1") == pytest.approx(1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("somebody", "somebody"),
    ],
)
def test_networks(address: str, network: str) -> None:
    """A customer of IPv6 has a whole network of addresses to change between."""
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("https://a.example/x?y=%20z#t", "https://a.example/x?y=%20z#t"),
        ("http://b\u00fccher.example/\u00e4", "http://xn--bcher-kva.example/%C3%A4"),
        ("https://a.example/?q=\u00fc", "https://a.example/?q=%C3%BC"),
        ("https://\u00e4..example/", "https://%C3%A4..example/"),
    ],
)
def test_where_a_header_leads(target: str, said: str) -> None:
    """ASCII as it was written, the rest in the way that browsers would write it."""
    assert location(target) == said
