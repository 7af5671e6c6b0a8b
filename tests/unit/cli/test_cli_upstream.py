import pytest

from magpie.cli.request import Asked
from magpie.cli.upstream import Proxied, Upstream, through

TUNNEL = Asked("example.com", 443, True, b"")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, Proxied("proxy", 3128, b"")),
        ({"https_proxy": "proxy:3128", "HTTPS_PROXY": "http://b:1"}, Proxied("proxy", 3128, b"")),
        ({"HTTPS_PROXY": "socks5://proxy:1080"}, None),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "a.org, .example.com,b"}, None),
    ],
)
def test_of(environment: dict[str, str], expected: Proxied | None) -> None:
    """The proxy that was set before still serves other hosts, but for those that it should not."""
    assert Upstream(environment).of(TUNNEL) == expected


def test_password() -> None:
    """The next proxy gets the name and password of its URL, in a header of its own."""
    proxied = Upstream({"https_proxy": "http://me:p%40ss@proxy"}).of(TUNNEL)
    assert proxied is not None
    assert through(proxied, b"CONNECT x:1 HTTP/1.1\r\nA: b\r\n\r\n") == (
        b"CONNECT x:1 HTTP/1.1\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\nA: b\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "localhost,127.0.0.1,::1"),
        ("*", "localhost,127.0.0.1,::1"),
        ("a.org, .twilio.com,*.twilio.com,api.twilio.com", "a.org,localhost,127.0.0.1,::1"),
        ("localhost", "localhost,127.0.0.1,::1"),
    ],
)
def test_no_proxy(given: str, told: str) -> None:
    """This machine is reached directly, Twilio never is."""
    assert Upstream({"NO_PROXY": given}).no_proxy() == told
