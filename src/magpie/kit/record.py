import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Self

import msgspec
from msgspec import structs


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A row, the value and its representation at once: fields stand in the order of columns.

    msgspec does not hand `kw_only` down. A subclass that gives a default before a field
    without one has to say it again, and is then made from a row in 2 us instead of 0.2.
    A column that is a reserved word is renamed: `from_: str = msgspec.field(name="from")`.
    """

    @classmethod
    def columns(cls) -> str:
        return ", ".join(f'"{name}"' for name in cls.__struct_encode_fields__)

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Values in the order of `columns()`; nothing is converted or checked but their number."""
        record: Self = _maker(cls)(row)
        return record

    def as_row(self) -> tuple[Any, ...]:
        return structs.astuple(self)


@cache
def _maker(cls: type[Record]) -> Callable[[Sequence[Any]], Any]:
    names = cls.__struct_fields__
    parameters = inspect.signature(cls).parameters.values()
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters):
        return lambda row: cls(**dict(zip(names, row, strict=True)))

    def positional(row: Sequence[Any]) -> Record:
        if len(row) != len(names):
            raise ValueError(f"{cls.__name__} has {len(names)} columns, the row {len(row)}")
        return cls(*row)

    return positional
