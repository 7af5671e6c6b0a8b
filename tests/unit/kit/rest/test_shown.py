from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, TypedDict

from magpie.kit.record import Record
from magpie.kit.rest import V1, V2010, Call, Collection, Dialect, shown


class Bird(Record, frozen=True):
    sid: str
    secret: str
    date_created: datetime


class Plain(Collection[Bird]):
    linked: ClassVar[bool] = True
    subresources: ClassVar[dict[str, str]] = {"eggs": "Eggs"}
    hidden: ClassVar[frozenset[str]] = frozenset(("secret",))


class Song(TypedDict):
    song: bool


class Singing(Plain):
    def beside(self, record: Bird) -> Song:  # noqa: ARG002 - all sing
        return {"song": True}


class Other(Plain):
    def represent(self, record: Bird, call: Call) -> Song:  # noqa: ARG002 - all sing
        return {"song": True}


class Told(Plain):
    shows: ClassVar[Any] = Song

    def represent(self, record: Bird, call: Call) -> Mapping[str, object]:  # noqa: ARG002
        return {"song": True}


def names(kind: type[Collection[Any]], dialect: Dialect) -> list[str]:
    told = shown(kind, dialect)
    assert told["required"] == list(told["properties"])
    return list(told["properties"])


def test_a_record_is_shown_as_it_is() -> None:
    """Without what is hidden, and with its links by the names of the dialect."""
    assert names(Plain, V1) == ["sid", "date_created", "url", "links"]
    assert names(Plain, V2010) == ["sid", "date_created", "uri", "subresource_uris"]


def test_the_form_of_times_is_that_of_the_dialect() -> None:
    """The same record has two forms."""
    older, newer = (shown(Plain, one)["properties"]["date_created"] for one in (V2010, V1))
    assert older["format"] == "date-time-rfc-2822"
    assert newer["format"] == "date-time"


def test_what_is_beside_the_record_is_told() -> None:
    """A collection that adds to the record says so by an annotation."""
    assert names(Singing, V1) == ["sid", "date_created", "url", "links", "song"]


def test_a_representation_of_its_own_is_told_by_its_annotation() -> None:
    """The record is of no interest then."""
    assert names(Other, V1) == ["song"]
    assert names(Told, V1) == ["song"]
