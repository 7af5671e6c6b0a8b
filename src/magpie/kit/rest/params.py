from typing import Any, ClassVar, NamedTuple, Self

from magpie.kit.rest.failures import Mistake
from magpie.kit.rest.form import Form
from magpie.kit.rest.param import Declared
from magpie.kit.rest.parsers import Wrong
from magpie.kit.rest.shape import Schema


class Field(NamedTuple):
    """A parameter as its reader is told of it: `name` is that on the wire."""

    name: str
    schema: Schema
    required: bool
    default: Any
    doc: str


class Params:
    """The parameters of one kind of request: a subclass declares a field for each.

    Fields are read in the order of their declaration, and the first wrong one is told.
    """

    _declared: ClassVar[dict[str, Declared]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}
    _given: frozenset[str] | dict[str, list[str]]

    def __init_subclass__(cls) -> None:
        own = {name: field for name, field in vars(cls).items() if isinstance(field, Declared)}
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

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """In the order in which they are read; what has no default has None."""
        return tuple(
            Field(
                one.wire,
                one.schema,
                one.missing is not None,
                None if one.default == () else one.default,
                one.doc,
            )
            for one in cls._declared.values()
        )

    def was_given(self, name: str) -> bool:
        """By its name on the wire; true of a blank one too."""
        return name in self._given


def _value(field: Declared, given: list[str]) -> Any:
    try:
        return field.parser(given[-1]) if field.read is None else field.read(given)
    except Wrong as wrong:
        raise Mistake(wrong.code or field.code, field.wire, wrong.why) from wrong
