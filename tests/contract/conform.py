"""Whether an answer is what the published schema says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from tests.contract import listed, spec

_KEPT: Final = ("type", "pattern", "minLength", "maxLength", "minimum", "maximum", "format")
_ADDRESS: Final = re.compile(r"\+?[\d() -]{3,20}|[\w &-]{1,11}")
_TEXT: Final = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
_formats: Final = FormatChecker(formats=())


def assert_conforms(kind: str, body: Any) -> None:
    """`kind` is an operation's id (CreateMessage) or a schema (api.v2010.account.message).

    No property may be missing, none invented, but for what `absent.toml` lists with a reason.
    """
    wrong = mistakes(_schemas()[kind], body)
    assert not wrong, f"{kind}: " + "; ".join(wrong)


def mistakes(schema: Mapping[str, Any], body: Any) -> list[str]:
    return found(translated(schema), body)


def found(schema: Mapping[str, Any], body: Any) -> list[str]:
    """What is wrong by a schema of today's dialect."""
    validator = Draft202012Validator(schema, format_checker=_formats)
    wrong = [
        f"{_at(error.absolute_path)}: {error.message}" for error in validator.iter_errors(body)
    ]
    return sorted(wrong)


def translated(schema: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """From the dialect of OpenAPI 3.0, which says `nullable`, to JSON Schema, closed.

    An object inside a schema is known by both names: api.v2010.account.message/subresource_uris.
    """
    name = spec.schema_name(schema) or within
    schema = spec.resolve(schema)
    plain = {key: schema[key] for key in _KEPT if key in schema}
    if "enum" in schema:
        plain["enum"] = [*schema["enum"], *([None] if schema.get("nullable") else [])]
    if schema.get("nullable") and "type" in plain:
        plain["type"] = [plain["type"], "null"]
    if "items" in schema:
        plain["items"] = translated(schema["items"], name)
    if "properties" in schema:
        plain |= _object(name, schema["properties"])
    return plain


def _object(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    blank, absent = listed.blank_properties(name), listed.absent_properties(name)
    texts = listed.text_properties(name)
    told = {
        key: _or_blank(one) if key in blank else _TEXT if key in texts else one
        for key, one in _translated(name, properties).items()
        if key not in absent
    }
    added = dict.fromkeys(listed.added_properties(name), True)
    return {
        "properties": told | added,
        "required": sorted(told | added),
        "additionalProperties": False,
    }


def _translated(name: str, properties: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: translated(one, f"{name}/{key}") for key, one in properties.items()}


def _or_blank(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"const": ""}, schema]}


@cache
def _schemas() -> dict[str, Mapping[str, Any]]:
    of_operations = {one.id: one.schema for one in spec.operations().values() if one.schema}
    return {**spec.document()["components"]["schemas"], **of_operations} | _references()


def _references() -> dict[str, Mapping[str, Any]]:
    """By reference, so that a schema knows its name."""
    names = spec.document()["components"]["schemas"]
    return {name: {"$ref": f"#/components/schemas/{name}"} for name in names}


def _at(path: Iterator[object]) -> str:
    return "/".join(str(one) for one in path) or "the whole"


def _is_rfc_2822(value: object) -> bool:
    """In UTC, written with +0000."""
    text = value if isinstance(value, str) else None
    return text is None or (parsedate_to_datetime(text) is not None and text.endswith(" +0000"))


def _is_rfc_3339(value: object) -> bool:
    """With its zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _is_uri(value: object) -> bool:
    """Absolute, or a path; what is not set may be blank."""
    if not isinstance(value, str) or not value:
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc) or value.startswith("/")


def _is_phone_number(value: object) -> bool:
    """A number as machines or as people write it, a short code, or the name of a sender."""
    return not isinstance(value, str) or _ADDRESS.fullmatch(value) is not None


def _is_uri_map(value: object) -> bool:
    return not isinstance(value, dict) or all(_is_uri(one) and one for one in value.values())


for _name, _check in {
    "date-time": _is_rfc_3339,
    "date-time-rfc-2822": _is_rfc_2822,
    "uri": _is_uri,
    "uri-reference": _is_uri,
    "phone-number": _is_phone_number,
    "uri-map": _is_uri_map,
}.items():
    _formats.checks(_name, raises=ValueError)(_check)
