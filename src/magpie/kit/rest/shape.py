"""JSON Schema of what is read and shown, made of annotations. Pure.

An object has its fields in the order of their declaration, so that a reader finds what belongs
together. A text that is one of an enumeration's says so by a note, as in Annotated[str, Status].
What is shown has every field of a struct; what is read needs those without a default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)
from uuid import UUID

import msgspec
from msgspec import NODEFAULT, Meta, Struct, structs

from magpie.kit.rest.dialect import Dialect

Schema: TypeAlias = dict[str, Any]

Moment: TypeAlias = Annotated[str, "moment"]
"""A time, written as the dialect has it."""
Uri: TypeAlias = Annotated[str, "uri"]
"""Relative in the older dialect."""

_BARE: Final[Mapping[Any, Schema]] = {
    Any: {},
    object: {},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "string", "format": "decimal"},
    UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}
_BOUNDS: Final = {
    "ge": "minimum",
    "le": "maximum",
    "pattern": "pattern",
    "min_length": "minLength",
    "max_length": "maxLength",
    "description": "description",
}


def shape(annotation: Any, dialect: Dialect, *, given: bool = False) -> Schema:
    """`given` is for what is read."""
    return _Shaper(dialect, given).of(annotation)


@dataclass(frozen=True, slots=True)
class _Shaper:
    dialect: Dialect
    given: bool

    def of(self, annotation: Any) -> Schema:
        origin = get_origin(annotation) or annotation
        if origin is Annotated:
            bare, *notes = get_args(annotation)
            return self.of(bare) | {key: one for note in notes for key, one in self.noted(note)}
        if origin in {Union, UnionType}:
            return _any_of([self.of(one) for one in get_args(annotation)])
        if origin is Literal:
            return {"type": "string", "enum": [*get_args(annotation)]}
        if origin in {datetime, NotRequired}:
            return self.of(Moment if origin is datetime else get_args(annotation)[0])
        return dict(_BARE[origin]) if origin in _BARE else self.made(origin, annotation)

    def made(self, origin: Any, annotation: Any) -> Schema:
        if issubclass(origin, Enum):
            return {"type": "string", "enum": [one.value for one in origin]}
        if issubclass(origin, Struct):
            return self.struct(origin)
        return self.typed(origin) if is_typeddict(origin) else self.many(origin, annotation)

    def many(self, origin: Any, annotation: Any) -> Schema:
        items = [self.of(one) for one in get_args(annotation) if one is not ...]
        if issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": items[-1] if items else {}}
        if not issubclass(origin, Sequence):
            raise TypeError(f"no JSON is made of {annotation}")
        if issubclass(origin, tuple) and ... not in get_args(annotation):
            return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
        return {"type": "array", "items": items[0] if items else {}}

    def struct(self, kind: type[Struct]) -> Schema:
        fields = {one.encode_name: one for one in structs.fields(kind)}
        properties = {
            name: self.of(one.type) | (_default(one) if self.given else {})
            for name, one in fields.items()
        }
        needed = [name for name, one in fields.items() if one.required or not self.given]
        return closed(properties, needed)

    def typed(self, kind: Any) -> Schema:
        hints = get_type_hints(kind, include_extras=True)
        properties = {name: self.of(one) for name, one in hints.items()}
        return closed(properties, [name for name in hints if name in kind.__required_keys__])

    def noted(self, note: Any) -> list[tuple[str, Any]]:
        if note == "moment":
            return [("format", "date-time-rfc-2822" if self.older else "date-time")]
        if note == "uri":
            return [("format", "uri-reference" if self.older else "uri")]
        if isinstance(note, type) and issubclass(note, Enum):
            return [("enum", [one.value for one in note])]
        if not isinstance(note, Meta):
            return []
        told = ((key, getattr(note, name)) for name, key in _BOUNDS.items())
        return [(key, value) for key, value in told if value is not None]

    @property
    def older(self) -> bool:
        return self.dialect.relative_links


def _default(field: structs.FieldInfo) -> Schema:
    known = field.default is not NODEFAULT and field.default is not None
    return {"default": msgspec.to_builtins(field.default)} if known else {}


def closed(properties: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    """Nothing but these: a reader may still be ready for more, which a later version may have."""
    whole: Schema = {"type": "object", "properties": dict(properties)}
    return whole | ({"required": [*required]} if required else {})


def _any_of(choices: list[Schema]) -> Schema:
    """As `type: [x, null]` where that says it all."""
    bare, null = [one for one in choices if one != {"type": "null"}], {"type": "null"}
    if len(bare) == 1 and len(choices) > 1 and isinstance(bare[0].get("type"), str):
        only = bare[0] | {"type": [bare[0]["type"], "null"]}
        return only | ({"enum": [*only["enum"], None]} if "enum" in only else {})
    if {} in bare:
        return {}
    return {"anyOf": bare + ([null] if len(bare) < len(choices) else [])}
