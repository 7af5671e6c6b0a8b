"""Schemas in words."""

from typing import Any

import pytest

from magpie.console.kinds import fields, told

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "anything"),
        (TEXT, "text"),
        (TEXT | {"maxLength": 9}, "text, at most 9 characters"),
        (TEXT | {"format": "uri", "maxLength": 9}, "URL, at most 9 characters"),
        (TEXT | {"format": "date-time"}, "time"),
        (TEXT | {"contentMediaType": "application/json"}, "JSON"),
        (TEXT | {"format": "what nobody knows"}, "text"),
        (TEXT | {"enum": ["a"]}, "a"),
        (TEXT | {"enum": ["a", "b", "c"]}, "a, b or c"),
        ({"type": ["string", "null"], "enum": ["a", "b", None]}, "a or b, or null"),
        ({"type": "boolean"}, "true or false"),
        (NUMBER, "whole number"),
        (NUMBER | {"minimum": 1, "maximum": 9}, "whole number from 1 to 9"),
        (NUMBER | {"minimum": 0}, "whole number, 0 or more"),
        (NUMBER | {"maximum": 0}, "whole number, 0 or less"),
        ({"type": ["number", "null"]}, "number, or null"),
        ({"anyOf": [TEXT | {"format": "date"}, NUMBER]}, "date or whole number"),
        ({"type": "array"}, "list"),
        ({"type": "array", "items": TEXT, "maxItems": 3}, "list of at most 3: text"),
        ({"type": "array", "prefixItems": [TEXT, NUMBER], "items": False}, "(text, whole number)"),
        ({"type": "object"}, "object"),
        ({"type": "object", "properties": {"a": TEXT, "b": TEXT}}, "object (a, b)"),
    ],
)
def test_a_schema_in_words(schema: dict[str, Any], words: str) -> None:
    """As a person would say it."""
    assert told(schema) == words


def test_fields_of_objects_are_told_by_their_paths() -> None:
    """Objects in objects and in lists, down to what has no more inside."""
    part = {"properties": {"url": TEXT, "size": NUMBER}, "required": ["url"]}
    schema = {
        "properties": {
            "sid": TEXT,
            "links": {"properties": {"media": TEXT}, "required": ["media"]},
            "parts": {"type": "array", "items": part},
            "tags": {"type": "array", "items": TEXT},
        },
        "required": ["sid"],
    }
    assert [(name, needed) for name, _, needed in fields(schema)] == [
        ("sid", True),
        ("links.media", True),
        ("parts[].url", True),
        ("parts[].size", False),
        ("tags", False),
    ]
