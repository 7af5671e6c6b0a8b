from typing import Any

import pytest

from magpie.kit.rest import Param, Params, boolean, integer, text, texts, url, urls
from magpie.kit.rest.failures import Mistake
from magpie.kit.rest.form import Form


def upper(given: str) -> str:
    return given.upper()


class Send(Params):
    to: str = Param("To", text, required=True, code=21211, missing=21604)
    body: str | None = Param("Body", text)
    media_urls: tuple[str, ...] = Param("MediaUrl", urls(most=2, code=21623, code_of_one=21620))
    tags: tuple[str, ...] = Param("Tag", texts())
    validity_period: int = Param("ValidityPeriod", integer(1, 36000, code=21624), default=36000)
    smart: bool | None = Param("SmartEncoded", boolean)
    callback: str | None = Param("StatusCallback", url, code=21609)
    shout: str | None = Param("Shout", upper)


class Reply(Send):
    again: int | None = Param("Again", integer())
    body: str | None = Param("Text", text)


@pytest.mark.parametrize(
    ("form", "field", "expected"),
    [
        ("To=1", "to", "1"),
        ("To=1", "body", None),
        ("To=1&Body=", "body", ""),
        ("To=1&MediaUrl=http://a/&MediaUrl=http://b/", "media_urls", ("http://a/", "http://b/")),
        ("To=1&MediaUrl=", "media_urls", ()),
        ("To=1", "media_urls", ()),
        ("To=1&Tag=b&Tag=a", "tags", ("b", "a")),
        ("To=1", "validity_period", 36000),
        ("To=1&ValidityPeriod=", "validity_period", 36000),
        ("To=1&ValidityPeriod=60", "validity_period", 60),
        ("To=1&SmartEncoded=FALSE", "smart", False),
        ("To=1&SmartEncoded=", "smart", None),
        ("To=1&StatusCallback=", "callback", ""),
        ("To=1&To=2", "to", "2"),
        ("To=1&Shout=a", "shout", "A"),
        ("To=1&Nonsense=a&to=3", "to", "1"),
    ],
)
def test_parse(form: str, field: str, expected: Any) -> None:
    """Fields come from the form or have their defaults; unknown parameters are ignored."""
    assert getattr(Send.parse(Form.parse(form)), field) == expected


@pytest.mark.parametrize(
    ("form", "code", "name"),
    [
        ("", 21604, "To"),
        ("To=1&MediaUrl=http://a/&MediaUrl=http://b/&MediaUrl=http://c/", 21623, "MediaUrl"),
        ("To=1&MediaUrl=nowhere", 21620, "MediaUrl"),
        ("To=1&ValidityPeriod=0", 21624, "ValidityPeriod"),
        ("To=1&SmartEncoded=maybe", 20422, "SmartEncoded"),
        ("To=1&StatusCallback=x", 21609, "StatusCallback"),
        ("SmartEncoded=maybe&To=1&ValidityPeriod=0", 21624, "ValidityPeriod"),
    ],
)
def test_mistakes(form: str, code: int, name: str) -> None:
    """The first wrong field, in the order of declaration, is told with its own code."""
    with pytest.raises(Mistake) as told:
        Send.parse(Form.parse(form))
    assert (told.value.code, told.value.name) == (code, name)
    assert str(told.value).startswith(f"{name} ")


def test_was_given() -> None:
    """A parameter that is there, even blank, can be told from one that is not."""
    given = Send.parse(Form.parse("To=1&Body="))
    assert given.was_given("Body")
    assert not given.was_given("MediaUrl")


def test_names() -> None:
    """The names on the wire can be listed, also those that a subclass adds or changes."""
    assert Send.names()[:3] == ("To", "Body", "MediaUrl")
    assert Reply.names()[-1] == "Again"
    assert "Text" in Reply.names()
    assert "Body" not in Reply.names()
    assert Params.names() == ()


def test_of() -> None:
    """A program makes parameters without a form, and cannot misspell one."""
    given = Send.of(to="+1", body="hi")
    assert (given.to, given.body, given.validity_period) == ("+1", "hi", 36000)
    assert given.was_given("Body")
    assert not given.was_given("MediaUrl")
    with pytest.raises(TypeError, match="too"):
        Send.of(too="+1")


class Told(Params):
    to: str = Param("To", text, required=True, doc="Whom it goes to.")
    off: bool = Param("Off", boolean, default=False)
    tags: tuple[str, ...] = Param("Tag", texts(most=2))


def test_fields_say_what_they_are() -> None:
    """Name, schema, need, default and sentence, in the order of their reading."""
    to, off, tags = Told.fields()
    assert to == ("To", {"type": "string"}, True, None, "Whom it goes to.")
    assert (off.name, off.schema, off.default, off.doc) == ("Off", {"type": "boolean"}, False, "")
    assert tags.schema["maxItems"] == 2
    assert tags.default is None
