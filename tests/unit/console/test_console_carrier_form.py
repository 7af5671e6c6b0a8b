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
    assert [field.name for field in fields if not field.meaning] == []
    assert [field.name for field in fields if field.type == "json" and not field.example] == []


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


def test_what_says_nothing_is_shown_as_nothing() -> None:
    """A table without a word in it leaves room for the example."""
    known = {field.name: field for field in carrier_form.fields_of("mm7")}
    assert (known["tls"].usual, known["headers"].usual, known["window"].usual) == ("", "", "10")
    assert "ca.pem" in known["tls"].example
    shown = {"tls": {"ca": None, "cert": None, "key": None}, "peers": [], "qualified": False}
    written = carrier_form.written(known.values(), shown)
    assert [written[f"set.{name}"] for name in ("tls", "peers", "qualified")] == ["", "", "false"]


def test_what_is_no_number() -> None:
    """It goes on as it was written, for the API to refuse."""
    fields = carrier_form.fields_of("smpp")
    for text in ("many", "[" * 9999, "\u00b2"):
        assert carrier_form.read(fields, {"set.port": text}, {}) == {"port": text}


@pytest.mark.parametrize(
    ("told", "field", "shown"),
    [
        (
            "Configuration: Expected `int`, got `str` - at `$.port` (20422)",
            "port",
            "port: must be a whole number (20422)",
        ),
        (
            "Configuration: Expected `int` <= 65535 - at `$.port` (20422)",
            "port",
            "port: must be a whole number <= 65535 (20422)",
        ),
        (
            "Configuration: Expected `array`, got `int` - at `$.source_ton_npi[...]` (20422)",
            "source_ton_npi",
            "source_ton_npi: must be a JSON list (20422)",
        ),
        (
            "Configuration: Object missing required field `host` (20422)",
            "",
            "Configuration: Object missing required field `host` (20422)",
        ),
        ("Carrier acme is there already. (20409)", "", "Carrier acme is there already. (20409)"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_form(told: str, field: str, shown: str) -> None:
    """With the field that it is about; what is about none stays as it is."""
    assert carrier_form.mistake(told) == (field, shown)
