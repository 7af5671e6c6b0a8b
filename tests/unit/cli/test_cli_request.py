import pytest

from magpie.cli.request import Asked, is_twilio, parse


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        (
            b"CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
            Asked("api.twilio.com", 443, True, b""),
        ),
        (b"CONNECT [::1]:8443 HTTP/1.1\r\n\r\n", Asked("::1", 8443, True, b"")),
        (
            b"GET http://example.com HTTP/1.1\r\n\r\n",
            Asked("example.com", 80, False, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
        ),
        (
            b"POST http://example.com:81/a?b=c HTTP/1.0\r\n\r\n",
            Asked("example.com", 81, False, b"POST /a?b=c HTTP/1.0\r\nConnection: close\r\n\r\n"),
        ),
    ],
)
def test_parse(head: bytes, asked: Asked) -> None:
    """A tunnel names host and port; a plain request is told to its host without the host's name."""
    assert parse(head) == asked


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"GET / HTTP/1.1",
        b"GET https://example.com/ HTTP/1.1",
        b"GET http:///x HTTP/1.1",
        b"GET http://example.com/ HTTP/2",
        b"GET http://example.com:x/ HTTP/1.1",
        b"CONNECT example.com HTTP/1.1",
        b"CONNECT :443 HTTP/1.1",
        b"CONNECT a b:443 HTTP/1.1",
        b"CONNECT \xff:443 HTTP/1.1",
    ],
)
def test_not_for_a_proxy(first: bytes) -> None:
    """Everything else is told apart, so that it can be refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        parse(first + b"\r\n\r\n")


def test_secrets_of_the_hop_stay() -> None:
    """What was meant for the proxy alone does not reach the host."""
    head = b"GET http://a/ HTTP/1.1\r\nProxy-Authorization: Basic eA==\r\nX: y\r\n\r\n"
    assert parse(head).head == b"GET / HTTP/1.1\r\nConnection: close\r\nX: y\r\n\r\n"


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("twilio.com", True),
        ("API.Twilio.com.", True),
        ("mcs.us1.twilio.com", True),
        ("nottwilio.com", False),
        ("twilio.com.example", False),
        ("", False),
    ],
)
def test_is_twilio(host: str, ours: bool) -> None:
    """Only Twilio's own names are answered here."""
    assert is_twilio(host) is ours
