"""What is hidden of a request before it is kept."""

import base64

import pytest

from magpie.messages.raw import masks


def basic(said: str) -> str:
    return "Basic " + base64.b64encode(said.encode()).decode()


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", basic("AC1:secret"), "Basic AC1:********"),
        ("Authorization", basic("SK1:a:b"), "Basic SK1:********"),
        ("authorization", "Basic %%%", "Basic ********:********"),
        ("authorization", "Bearer abc", "********"),
        ("proxy-authorization", "abc", "********"),
        ("cookie", "magpie_session=abc", "********"),
        ("x-api-key", "abc", "********"),
        ("x-auth-token", "abc", "********"),
        ("x-client-secret", "abc", "********"),
        ("i-twilio-idempotency-token", "abc", "abc"),
        ("idempotency-key", "abc", "abc"),
        ("user-agent", "twilio-python/9.0", "twilio-python/9.0"),
        ("keep-alive", "timeout=5", "timeout=5"),
    ],
)
def test_a_header_is_shown_without_its_secret(name: str, value: str, shown: str) -> None:
    """Who it was is told, and what names a request; nothing with which one could call."""
    assert masks.header(name, value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pw@h.example/x", "https://me:********@h.example/x"),
        ("https://me:p@w@h.example", "https://me:********@h.example"),
        (
            "To=%2B1&StatusCallback=https%3A%2F%2Fme%3Ap%25w%40h.example%2Fx&Body=a%40b",
            "To=%2B1&StatusCallback=https%3A%2F%2Fme%3A********%40h.example%2Fx&Body=a%40b",
        ),
        (
            '{"url": "http://me:pw@h/", "to": "http://you:pw@h/"}',
            '{"url": "http://me:********@h/", "to": "http://you:********@h/"}',
        ),
        ("https://h.example:8080/at/a@b", "https://h.example:8080/at/a@b"),
        ("https%3A%2F%2Fh%3A8080%2Fx%3Fq%3Da%40b", "https%3A%2F%2Fh%3A8080%2Fx%3Fq%3Da%40b"),
        ("https://h.example/?q=a:b@c", "https://h.example/?q=a:b@c"),
        ("https://me@h.example/", "https://me@h.example/"),
        ("Body=me:you@home", "Body=me:you@home"),
        ("no address", "no address"),
    ],
)
def test_a_url_is_shown_without_its_password(text: str, shown: str) -> None:
    """As it stands or in a form; a port and what comes after the host are left."""
    assert masks.urls(text) == shown
