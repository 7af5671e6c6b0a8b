"""A JSON schema in the words of people. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]

_FORMATS: Final = {
    "uri": "URL",
    "uri-reference": "URL",
    "date-time": "time",
    "date-time-rfc-2822": "time (RFC 2822)",
    "date": "date",
    "decimal": "decimal number",
    "uuid": "UUID",
}
_MEDIA: Final = {"application/json": "JSON", "application/octet-stream": "file"}


def told(schema: Schema) -> str:
    """As: whole number from 1 to 36000."""
    if "anyOf" in schema:
        return " or ".join(told(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if isinstance(kind, list):
        bare = {**schema, "type": next(one for one in kind if one != "null")}
        return f"{told(bare)}, or null"
    if "enum" in schema:
        return _either([str(one) for one in schema["enum"] if one is not None])
    return _WORDS.get(str(kind), _anything)(schema)


def _anything(_: Schema) -> str:
    return "anything"


def _either(choices: Sequence[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _text(schema: Schema) -> str:
    media = _MEDIA.get(schema.get("contentMediaType", ""))
    kind = media or _FORMATS.get(schema.get("format", ""), "text")
    most = schema.get("maxLength")
    return f"{kind}, at most {most} characters" if most else kind


def _whole(schema: Schema) -> str:
    return f"whole number{_bounds(schema)}"


def _number(schema: Schema) -> str:
    return f"number{_bounds(schema)}"


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f", {low} or more"
    return f", {high} or less" if high is not None else ""


def _list(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"({', '.join(told(one) for one in schema['prefixItems'])})"
    most, items = schema.get("maxItems"), schema.get("items")
    of = "list" if most is None else f"list of at most {most}"
    return f"{of}: {told(items)}" if items else of


def _object(schema: Schema) -> str:
    names = ", ".join(schema.get("properties", ()))
    return f"object ({names})" if names else "object"


_WORDS: Final[Mapping[str, Callable[[Schema], str]]] = {
    "string": _text,
    "integer": _whole,
    "number": _number,
    "array": _list,
    "boolean": lambda _: "true or false",
    "object": _object,
    "null": lambda _: "null",
}


def fields(schema: Schema, before: str = "") -> Iterator[tuple[str, Schema, bool]]:
    """Each field by its path, as in parts[].url, with whether it must be there."""
    needed = schema.get("required", ())
    for name, one in schema.get("properties", {}).items():
        inner, mark = (one, "") if "properties" in one else (one.get("items") or {}, "[]")
        if isinstance(inner, Mapping) and "properties" in inner:
            yield from fields(inner, f"{before}{name}{mark}.")
        else:
            yield before + name, one, name in needed
