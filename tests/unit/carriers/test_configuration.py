"""One door for the file and the API, and what comes out of it again."""

from typing import Any

import pytest

from magpie.carriers import configuration
from magpie.carriers.configuration import HIDDEN, merged, read, shown
from magpie.settings import Mm7Settings, SmppSettings

SMPP = {"host": "h", "port": 2775, "system_id": "x", "password": "s3cret"}
MM7 = {
    "url": "https://user:s3cret@mmsc.example/mm7",
    "password": "s3cret",
    "peer_password": "s3cret",
    "headers": {"X-Api-Key": "s3cret"},
    "tls": {"ca": "/etc/ca.pem"},
}


def test_what_is_read_is_what_the_file_gives() -> None:
    """The very structs of the settings."""
    assert isinstance(read("smpp", "acme", SMPP), SmppSettings)
    made = read("mm7", "acme", MM7)
    assert isinstance(made, Mm7Settings)
    assert (made.name, made.password, configuration.kind_of(made)) == ("acme", "s3cret", "mm7")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (SMPP | {"port": "x"}, "port"),
        (SMPP | {"windows": 1}, "windows"),
        (SMPP | {"receipt_ids": "hex"}, "allowed: as-is, response-hex, response-dec"),
        (SMPP | {"password": ["s3cret"]}, "password"),
        (SMPP | {"kind": "mm7"}, "kind does not belong"),
        ({}, "host"),
    ],
)
def test_a_mistake_names_its_field(given: dict[str, Any], says: str) -> None:
    """And says nothing of values."""
    with pytest.raises(ValueError, match=says) as told:
        read("smpp", "acme", given)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("smpp", SMPP | {"password": "s3cret\0"}, "password"),
        ("smpp", SMPP | {"host": "a\n"}, "host"),
        ("mm7", MM7 | {"headers": {"X": "s3cret\r\nY: z"}}, "headers"),
        ("mm7", MM7 | {"headers": {"X\n": "s3cret"}}, "headers"),
        ("http", {"provider": "telnyx", "token": "s3cret\n"}, "token"),
    ],
)
def test_control_characters(kind: str, given: dict[str, Any], field: str) -> None:
    """No message would leave by such a link: it is said before."""
    with pytest.raises(ValueError, match=f"carrier acme: {field} has a control character") as told:
        read(kind, "acme", given)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("name", [".", "..", "-", "_a", "", "a/b", "x" * 65])
def test_names_that_are_none(name: str) -> None:
    """They stand in addresses, where points alone lead elsewhere."""
    with pytest.raises(ValueError, match="name"):
        read("smpp", name, SMPP)


@pytest.mark.parametrize(("kind", "given"), [("smpp", SMPP), ("mm7", MM7)])
def test_no_secret_is_shown(kind: str, given: dict[str, Any]) -> None:
    """Nor a password in a URL, nor what headers say; all else is, with its default."""
    told = shown(read(kind, "acme", given))
    assert "s3cret" not in str(told)
    assert told["password"] == HIDDEN
    assert told["window"] == 10
    assert not {"name", "kind"} & told.keys()
    if kind == "mm7":
        assert told["url"] == "https://***@mmsc.example/mm7"
        assert told["headers"] == {"X-Api-Key": HIDDEN}


@pytest.mark.parametrize(("kind", "given"), [("smpp", SMPP), ("mm7", MM7)])
def test_what_was_shown_can_be_given_back(kind: str, given: dict[str, Any]) -> None:
    """Nothing changes by it, though secrets were hidden."""
    settings = read(kind, "acme", given)
    assert read(kind, "acme", merged(given, shown(settings))) == settings


def test_a_change_says_only_what_changes() -> None:
    """Null takes away; a header that is not named goes."""
    assert merged(SMPP, {"port": 1, "password": None}) == {"host": "h", "port": 1, "system_id": "x"}
    changed = merged(MM7, {"headers": {"X-Api-Key": HIDDEN, "X-New": "1"}})
    assert changed["headers"] == {"X-Api-Key": "s3cret", "X-New": "1"}
