"""How a field of a class of parameters is declared, and what it says of itself."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar, overload

from magpie.kit.rest.parsers import Many, Parser, Wrong, schema_of
from magpie.kit.rest.shape import Schema

T = TypeVar("T")

INVALID = 20422


class Declared(NamedTuple):
    wire: str
    read: Callable[[list[str]], Any] | None
    parser: Callable[[str], Any]
    keeps_blank: bool
    code: int
    missing: int | None
    default: Any
    schema: Schema
    doc: str


@overload
def Param(name: str, parser: Many[T], *, code: int = ..., doc: str = ...) -> tuple[T, ...]: ...
@overload
def Param(
    name: str,
    parser: Callable[[str], T],
    *,
    required: Literal[True],
    code: int = ...,
    missing: int | None = ...,
    doc: str = ...,
) -> T: ...
@overload
def Param(
    name: str, parser: Callable[[str], T], *, default: T, code: int = ..., doc: str = ...
) -> T: ...
@overload
def Param(
    name: str, parser: Callable[[str], T], *, code: int = ..., doc: str = ...
) -> T | None: ...
def Param(  # noqa: N802 - declares a field, as a class would
    name: str,
    parser: Callable[[str], Any] | Many[Any],
    *,
    code: int = INVALID,
    required: bool = False,
    missing: int | None = None,
    default: Any = None,
    doc: str = "",
) -> Any:
    """`code` is for a wrong value where the parser has none of its own, `missing` for none.

    `doc` is a sentence for the reference of the API.
    """
    absent = (missing or code) if required else None
    told = schema_of(parser)
    if isinstance(parser, Many):
        return Declared(name, _reader(parser), parser.item, True, code, absent, (), told, doc)
    blank = parser.keeps_blank if isinstance(parser, Parser) else True
    read = parser.read if isinstance(parser, Parser) else parser
    return Declared(name, None, read, blank, code, absent, default, told, doc)


def _reader(kind: Many[T]) -> Callable[[list[str]], tuple[T, ...]]:
    def read(given: list[str]) -> tuple[T, ...]:
        kept = [one for one in given if one]
        if len(kept) > kind.most:
            raise Wrong(f"can be given at most {kind.most} times", kind.code)
        return tuple(kind.item(one) for one in kept)

    return read
