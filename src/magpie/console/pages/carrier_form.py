"""The form of a link, made of what the settings of its kind know. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import inspect

from magpie.console.pages.carrier_words import EXAMPLES, meaning
from magpie.settings import KINDS, MmsSettings, Secret, WireSettings

# The audit book leaves out the value of a field that is called like this.
_HIDDEN: Final = "secret."
_PLAIN: Final = "set."
_NOT_ASKED: Final = frozenset(("name", "kind"))
# A URL may hold a password, headers may be one.
_DELICATE: Final = frozenset(("url", "headers"))
_BOOLS: Final = ("true", "false")
_COMMON: Final = frozenset((*WireSettings.__struct_fields__, *MmsSettings.__struct_fields__))
_MISTAKE: Final = re.compile(
    r"Configuration: (?P<why>.*) - at `\$\.(?P<name>\w+)[^`]*`(?P<more>.*)"
)
_TYPE: Final = re.compile(r"Expected `(\w+)`([^,]*)(, got .*)?")
_TYPES: Final = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "object": "a JSON object",
    "array": "a JSON list",
}


class Field(msgspec.Struct, frozen=True):
    """`type` is that of the input, or `json`; with `words` it is a choice.

    `usual` is what holds where nothing is given, `example` how it is written.
    """

    name: str
    meaning: str
    example: str
    type: str
    words: tuple[str, ...]
    required: bool
    usual: str
    delicate: bool

    @property
    def input(self) -> str:
        return (_HIDDEN if self.delicate else _PLAIN) + self.name


def fields_of(kind: str) -> list[Field]:
    """None for a kind that we do not know.

    Those that must be given come first, then those of the kind, then what others have as well.
    """
    found = [_field(kind, one) for one in _declared(kind) if one.encode_name not in _NOT_ASKED]
    return sorted(found, key=lambda field: (not field.required, field.name in _COMMON))


def written(fields: Iterable[Field], shown: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the inputs for a configuration as the API shows it; secrets do not."""
    return {
        field.input: "" if field.type == "password" else _text(shown.get(field.name))
        for field in fields
    }


def read(
    fields: Iterable[Field], given: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, Any]:
    """What was changed; null goes back to the usual, and an empty secret stays what it was."""
    changed = {}
    for field in fields:
        text = given.get(field.input, "").strip()
        if text == before.get(field.input, ""):
            continue
        changed[field.name] = _value(field, text) if text else None
    return changed


def mistake(told: str) -> tuple[str, str]:
    """The field, blank where it is none of them, and what is wrong, in the words of the form."""
    found = _MISTAKE.fullmatch(told)
    if found is None:
        return "", told
    name = found["name"]
    why = _TYPE.sub(lambda m: f"must be {_TYPES.get(m[1], m[1])}{m[2]}", found["why"])
    return name, f"{name}: {why}{found['more']}"


def _declared(kind: str) -> Iterable[inspect.Field]:
    for one in KINDS:
        if str(one.__struct_config__.tag) == kind:
            told = inspect.type_info(one)
            return told.fields if isinstance(told, inspect.StructType) else ()
    return ()


def _field(kind_of_link: str, told: inspect.Field) -> Field:
    name, type_ = told.encode_name, _bare(told.type)
    kind, words = _input(type_)
    usual = "" if told.default is msgspec.NODEFAULT else _text(told.default)
    delicate = kind == "password" or name in _DELICATE
    means, example = meaning(kind_of_link, name), EXAMPLES.get(name, "") if kind == "json" else ""
    return Field(name, means, example, kind, words, told.required, usual, delicate)


def _bare(type_: inspect.Type) -> inspect.Type:
    """Without None."""
    if isinstance(type_, inspect.UnionType):
        return next(one for one in type_.types if not isinstance(one, inspect.NoneType))
    return type_


def _input(type_: inspect.Type) -> tuple[str, tuple[str, ...]]:
    match type_:
        case inspect.BoolType():
            return "bool", _BOOLS
        case inspect.LiteralType():
            return "text", tuple(str(word) for word in type_.values)
        case inspect.IntType() | inspect.FloatType():
            return "number", ()
        case inspect.StrType():
            return "text", ()
        case inspect.CustomType() if type_.cls is Secret:
            return "password", ()
        case _:
            return "json", ()


def _text(value: Any) -> str:
    match value:
        case None | Secret():
            return ""
        case str():
            return value
        case _:
            plain = msgspec.to_builtins(value, enc_hook=str)
            said = plain.values() if isinstance(plain, dict) else [plain]
            nothing = plain == [] or all(one is None for one in said)
            return "" if nothing else msgspec.json.encode(plain).decode()


def _value(field: Field, text: str) -> Any:
    """What is no number or no JSON goes on as text: the API then says what is wrong with it."""
    if field.type not in {"number", "json", "bool"}:
        return text
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text
