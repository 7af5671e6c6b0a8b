"""What carriers say, as it can be kept: no text column of PostgreSQL can hold a NUL. Pure."""

from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

T = TypeVar("T", bound=msgspec.Struct)


def legible(told: T) -> T:
    """The same without NULs, in the structs within it, too."""
    fields = {name: getattr(told, name) for name in told.__struct_fields__}
    changed = {name: plain for name, was in fields.items() if (plain := _plain(was)) != was}
    return replace(told, **changed) if changed else told


def _plain(value: Any) -> Any:
    match value:
        case str() if "\0" in value:
            return value.replace("\0", "")
        case tuple():
            return tuple(map(_plain, value))
        case msgspec.Struct():
            return legible(value)
        case _:
            return value
