import pytest

from magpie.console import note

KEY = "of one session"


@pytest.mark.parametrize("text", ["Saved.", "ü 🐦 \ud800", "x" * 200])
def test_what_was_told_is_read(text: str) -> None:
    """By the session that was told it."""
    assert note.read(note.told(text, KEY), KEY) == text


def test_what_somebody_put_into_an_address() -> None:
    """Is not shown, whoever sealed it."""
    sealed = note.told("Saved.", KEY)
    assert note.read({"note": "Call this number"}, KEY) == ""
    assert note.read(sealed | {"note": "Call this number"}, KEY) == ""
    assert note.read(sealed | {"seal": "é"}, KEY) == ""
    assert note.read(sealed, "of another") == ""


def test_nothing() -> None:
    """Takes no room in an address."""
    assert note.told("", KEY) == {}
    assert note.read({}, KEY) == ""
