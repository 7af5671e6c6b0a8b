"""What the text of one parameter may be; times have a module of their own."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from magpie.kit.rest.shape import Schema

T = TypeVar("T")


class Wrong(ValueError):  # noqa: N818 - the text of a parameter
    """`why` finishes a sentence that begins with the parameter's name."""

    def __init__(self, why: str, code: int | None = None) -> None:
        self.why = why
        self.code = code
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """`read` raises Wrong. A blank text counts as not given unless `keeps_blank`.

    `schema` is what it says of itself, and nothing that is looked at when something is read.
    """

    read: Callable[[str], T]
    keeps_blank: bool = False
    schema: Schema = field(default_factory=lambda: {"type": "string"}, compare=False)

    def __call__(self, text: str) -> T:
        return self.read(text)


@dataclass(frozen=True, slots=True)
class Many(Generic[T]):
    """A parameter that may be given more than once; blank ones are passed over."""

    item: Callable[[str], T]
    most: int
    code: int | None = None


def schema_of(reader: Callable[[str], Any] | Many[Any]) -> Schema:
    """A function that is no Parser reads some text."""
    if isinstance(reader, Many):
        return {"type": "array", "items": schema_of(reader.item), "maxItems": reader.most}
    return reader.schema if isinstance(reader, Parser) else {"type": "string"}


text = Parser(str, keeps_blank=True)


def many(item: Callable[[str], T], *, most: int = 1000, code: int | None = None) -> Many[T]:
    return Many(item, most, code)


def texts(*, most: int = 1000, code: int | None = None) -> Many[str]:
    return Many(str, most, code)


def short_text(most: int, *, code: int | None = None) -> Parser[str]:
    def read(given: str) -> str:
        if len(given) > most:
            raise Wrong(f"must have at most {most} characters", code)
        return given

    return Parser(read, keeps_blank=True, schema={"type": "string", "maxLength": most})


def _boolean(given: str) -> bool:
    value = {"true": True, "false": False}.get(given.lower())
    if value is None:
        raise Wrong("must be true or false")
    return value


boolean = Parser(_boolean, schema={"type": "boolean"})

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")


def integer(
    low: int | None = None, high: int | None = None, *, code: int | None = None
) -> Parser[int]:
    def read(given: str) -> int:
        if not _INTEGER.fullmatch(given):
            raise Wrong("must be a whole number", code)
        return within(int(given), low, high, code)

    return Parser(read, schema={"type": "integer", **_bounds(low, high)})


def decimal(
    low: Decimal | None = None, high: Decimal | None = None, *, code: int | None = None
) -> Parser[Decimal]:
    def read(given: str) -> Decimal:
        if not _DECIMAL.fullmatch(given):
            raise Wrong("must be a number", code)
        return within(Decimal(given), low, high, code)

    return Parser(read, schema={"type": "number", **_bounds(low, high)})


N = TypeVar("N", int, Decimal)


def within(number: N, low: N | None, high: N | None, code: int | None) -> N:
    if low is not None and number < low:
        raise Wrong(f"must be at least {low}", code)
    if high is not None and number > high:
        raise Wrong(f"must be at most {high}", code)
    return number


def _bounds(low: int | Decimal | None, high: int | Decimal | None) -> Schema:
    told = {"minimum": low, "maximum": high}
    return {
        key: float(bound) if bound % 1 else int(bound)
        for key, bound in told.items()
        if bound is not None
    }


def one_of(*values: str, code: int | None = None) -> Parser[str]:
    """Case does not matter in what is given; what is read has the case of `values`."""
    known = {value.lower(): value for value in values}

    def read(given: str) -> str:
        value = known.get(given.lower())
        if value is None:
            raise Wrong(f"must be one of {', '.join(values)}", code)
        return value

    return Parser(read, schema={"type": "string", "enum": [*values]})


http_method = one_of("GET", "POST")


def _json_object(given: str) -> dict[str, object]:
    try:
        value = msgspec.json.decode(given)
    except (msgspec.DecodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Wrong("must be a JSON object")
    return value


json_object = Parser(
    _json_object, schema={"type": "string", "contentMediaType": "application/json"}
)
