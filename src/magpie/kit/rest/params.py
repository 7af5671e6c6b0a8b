from collections.abc import Callable
from typing import Any, ClassVar, Literal, NamedTuple, Self, TypeVar, overload

from magpie.kit.rest.failures import Mistake
from magpie.kit.rest.form import Form
from magpie.kit.rest.parsers import (
    Many,
    Parser,
    Wrong,
    boolean,
    decimal,
    http_method,
    integer,
    json_object,
    many,
    one_of,
    short_text,
    text,
    texts,
    url,
    urls,
    web_address,
)
from magpie.kit.rest.times import Span, day, instant, span

__all__ = [
    "INVALID",
    "Many",
    "Mistake",
    "Param",
    "Params",
    "Parser",
    "Span",
    "Wrong",
    "boolean",
    "day",
    "decimal",
    "http_method",
    "instant",
    "integer",
    "json_object",
    "many",
    "one_of",
    "short_text",
    "span",
    "text",
    "texts",
    "url",
    "urls",
    "web_address",
]

T = TypeVar("T")

INVALID = 20422


class _Declared(NamedTuple):
    wire: str
    read: Callable[[list[str]], Any] | None
    parser: Callable[[str], Any]
    keeps_blank: bool
    code: int
    missing: int | None
    default: Any


@overload
def Param(name: str, parser: Many[T], *, code: int = ...) -> tuple[T, ...]: ...
@overload
def Param(
    name: str,
    parser: Callable[[str], T],
    *,
    required: Literal[True],
    code: int = ...,
    missing: int | None = ...,
) -> T: ...
@overload
def Param(name: str, parser: Callable[[str], T], *, default: T, code: int = ...) -> T: ...
@overload
def Param(name: str, parser: Callable[[str], T], *, code: int = ...) -> T | None: ...
def Param(  # noqa: N802 - declares a field, as a class would
    name: str,
    parser: Callable[[str], Any] | Many[Any],
    *,
    code: int = INVALID,
    required: bool = False,
    missing: int | None = None,
    default: Any = None,
) -> Any:
    """`code` is for a wrong value where the parser has none of its own, `missing` for none."""
    absent = (missing or code) if required else None
    if isinstance(parser, Many):
        return _Declared(name, _reader(parser), parser.item, True, code, absent, ())
    blank = parser.keeps_blank if isinstance(parser, Parser) else True
    read = parser.read if isinstance(parser, Parser) else parser
    return _Declared(name, None, read, blank, code, absent, default)


def _reader(kind: Many[T]) -> Callable[[list[str]], tuple[T, ...]]:
    def read(given: list[str]) -> tuple[T, ...]:
        kept = [one for one in given if one]
        if len(kept) > kind.most:
            raise Wrong(f"can be given at most {kind.most} times", kind.code)
        return tuple(kind.item(one) for one in kept)

    return read


class Params:
    """The parameters of one kind of request: a subclass declares a field for each.

    Fields are read in the order of their declaration, and the first wrong one is told.
    """

    _declared: ClassVar[dict[str, _Declared]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}
    _given: frozenset[str] | dict[str, list[str]]

    def __init_subclass__(cls) -> None:
        own = {name: field for name, field in vars(cls).items() if isinstance(field, _Declared)}
        cls._declared = cls._declared | own
        cls._defaults = {name: field.default for name, field in cls._declared.items()}

    @classmethod
    def parse(cls, form: Form) -> Self:
        self = cls.__new__(cls)
        values = self.__dict__
        values.update(cls._defaults)
        given = values["_given"] = form.by_name
        for name, field in cls._declared.items():
            values_given = given.get(field.wire)
            if values_given is not None and (values_given[-1] or field.keeps_blank):
                values[name] = _value(field, values_given)
            elif field.missing is not None:
                raise Mistake(field.missing, field.wire, "is required")
        return self

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Made by a program instead of read from a form; nothing is checked but the names."""
        unknown = values.keys() - cls._declared.keys()
        if unknown:
            raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
        self = cls.__new__(cls)
        self.__dict__.update(cls._defaults, **values)
        self._given = frozenset(cls._declared[name].wire for name in values)
        return self

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """As on the wire."""
        return tuple(field.wire for field in cls._declared.values())

    @classmethod
    def required(cls) -> frozenset[str]:
        """As on the wire."""
        declared = cls._declared.values()
        return frozenset(field.wire for field in declared if field.missing is not None)

    def was_given(self, name: str) -> bool:
        """By its name on the wire; true of a blank one too."""
        return name in self._given


def _value(field: _Declared, given: list[str]) -> Any:
    try:
        return field.parser(given[-1]) if field.read is None else field.read(given)
    except Wrong as wrong:
        raise Mistake(wrong.code or field.code, field.wire, wrong.why) from wrong
