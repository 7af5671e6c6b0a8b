from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta

from magpie.kit.rest import V1, V2010, Moment, Uri, shape

TEXT = {"type": "string"}


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Egg(msgspec.Struct):
    size: Annotated[float, Meta(ge=0, le=1)] = 0.5
    spots: list[str] = []


class Nest(TypedDict):
    tree: str
    egg: NotRequired[Egg | None]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, TEXT),
        (bool, {"type": "boolean"}),
        (int | None, {"type": ["integer", "null"]}),
        (Decimal, TEXT | {"format": "decimal"}),
        (UUID, TEXT | {"format": "uuid"}),
        (Any, {}),
        (Any | None, {}),
        (int | str, {"anyOf": [{"type": "integer"}, TEXT]}),
        (int | str | None, {"anyOf": [{"type": "integer"}, TEXT, {"type": "null"}]}),
        (Colour, TEXT | {"enum": ["red", "blue"]}),
        (
            Annotated[str, Colour] | None,
            {"type": ["string", "null"], "enum": ["red", "blue", None]},
        ),
        (Literal["a"] | None, {"type": ["string", "null"], "enum": ["a", None]}),
        (list[str], {"type": "array", "items": TEXT}),
        (tuple[str, ...], {"type": "array", "items": TEXT}),
        (
            tuple[str, int],
            {
                "type": "array",
                "prefixItems": [TEXT, {"type": "integer"}],
                "items": False,
                "minItems": 2,
            },
        ),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (dict[str, Any], {"type": "object", "additionalProperties": {}}),
        (Annotated[str, Meta(max_length=3)], TEXT | {"maxLength": 3}),
        (Moment, TEXT | {"format": "date-time"}),
        (datetime | None, {"type": ["string", "null"], "format": "date-time"}),
        (Uri, TEXT | {"format": "uri"}),
    ],
)
def test_an_annotation_becomes_a_schema(annotation: Any, expected: dict[str, Any]) -> None:
    """Each kind of annotation that records and representations have."""
    assert shape(annotation, V1) == expected


def test_the_older_dialect_has_other_times_and_relative_links() -> None:
    """The same annotation is told in the form that the dialect writes."""
    assert shape(Moment, V2010)["format"] == "date-time-rfc-2822"
    assert shape(Uri, V2010)["format"] == "uri-reference"


def test_what_is_shown_has_every_field_of_a_struct() -> None:
    """A default is of no interest to who reads an answer; what may be left out is not required."""
    told = shape(Nest, V1)
    assert told["required"] == ["tree"]
    egg = told["properties"]["egg"]
    assert egg["type"] == ["object", "null"]
    assert egg["required"] == ["size", "spots"]
    assert egg["properties"]["size"] == {"type": "number", "minimum": 0, "maximum": 1}


def test_what_is_read_needs_only_what_has_no_default() -> None:
    """Who writes a body is told the defaults."""
    told = shape(Egg, V1, given=True)
    assert "required" not in told
    assert told["properties"]["size"]["default"] == 0.5


def test_what_is_no_json_is_refused() -> None:
    """A mistake in an annotation is found when the document is built."""
    with pytest.raises(TypeError, match="no JSON"):
        shape(set[str], V1)
