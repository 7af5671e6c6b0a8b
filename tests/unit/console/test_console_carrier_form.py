"""The form of a link: what it asks, and what it says to the API."""

import pytest

from magpie.carriers.configuration import NAMES
from magpie.console.pages import carrier_form


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_has_a_form(kind: str) -> None:
    """What must be given comes first, and names are not asked twice."""
    fields = carrier_form.fields_of(kind)
    required = [field.required for field in fields]
    assert required == sorted(required, reverse=True)
    assert not {"name", "kind"} & {field.name for field in fields}


def test_secrets_are_known_to_the_book() -> None:
    """Passwords, tokens, headers and URLs are posted by a name that the audit book leaves out."""
    delicate = {
        field.name
        for kind in NAMES
        for field in carrier_form.fields_of(kind)
        if field.input.startswith("secret.")
    }
    secrets = {"password", "peer_password", "token", "callback_secret"}
    assert delicate == secrets | {"headers", "url"}


def test_a_kind_that_is_none() -> None:
    """It has no fields."""
    assert carrier_form.fields_of("pigeon") == []


def test_what_is_said() -> None:
    """Only what was changed; what was emptied goes back to the usual, and secrets stay."""
    fields = carrier_form.fields_of("smpp")
    before = carrier_form.written(
        fields, {"host": "a", "window": 5, "password": "***", "tls": True}
    )
    assert before["secret.password"] == ""
    given = before | {"set.port": "2775", "set.window": "", "set.tls": "false"}
    assert carrier_form.read(fields, given, before) == {"port": 2775, "window": None, "tls": False}


def test_what_is_no_number() -> None:
    """It goes on as it was written, for the API to refuse."""
    fields = carrier_form.fields_of("smpp")
    for text in ("many", "[" * 9999, "\u00b2"):
        assert carrier_form.read(fields, {"set.port": text}, {}) == {"port": text}
