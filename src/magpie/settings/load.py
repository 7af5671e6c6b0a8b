"""From a file and the environment to typed values; a mistake is told with its place."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import msgspec
from msgspec import ValidationError, structs

from magpie.settings.checks import CHECKS
from magpie.settings.links import KINDS, MmscSettings, RouteSettings
from magpie.settings.values import OF_ANOTHER, PREFIX, Secret, SettingsError

_TABLES: Final[tuple[type[msgspec.Struct], ...]] = (*KINDS, MmscSettings, RouteSettings)
_NESTED: Final[dict[str, Any]] = {
    one.name: one.type for table in _TABLES for one in structs.fields(table)
}
_KINDS: Final = [str(kind.__struct_config__.tag) for kind in KINDS]


def fields_of(table: type[msgspec.Struct]) -> dict[str, Any]:
    """Give the types of the settings by name; `origins` is filled in here."""
    return {one.name: one.type for one in structs.fields(table) if one.name != "origins"}


def values(
    environment: Mapping[str, str], fields: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str], Path]:
    """Give the values, where each came from, and the file. Raises SettingsError."""
    file = Path(environment.get("MAGPIE_CONFIG", "magpie.toml"))
    given: dict[str, tuple[Any, str]] = {
        key: (value, str(file)) for key, value in _read(file, environment).items()
    }
    given |= _from_environment(environment)
    converted = {key: _convert(key, *raw, fields) for key, raw in given.items()}
    return converted, {key: source for key, (_, source) in given.items()}, file


def _read(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    if not file.exists() and "MAGPIE_CONFIG" not in environment:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as wrong:
        raise SettingsError(f"{file} cannot be read: {wrong.strerror}") from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(f"{file} is not TOML: {wrong}") from wrong


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    return {
        name.removeprefix(PREFIX).lower(): (text, f"environment {name}")
        for name, text in environment.items()
        if text and name.startswith(PREFIX) and not OF_ANOTHER.fullmatch(name)
    }


def _convert(key: str, value: Any, source: str, fields: Mapping[str, Any]) -> Any:
    wanted = fields.get(key)
    if wanted is None:
        near = get_close_matches(key, fields, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(fields)}"
        raise SettingsError(f"{source} has {key}, which is not a setting; {hint}")
    raw = _parsed(wanted, value) if source.startswith("environment") else value
    try:
        converted = convert(raw, wanted)
        CHECKS.get(key, _fine)(converted)
    except (ValidationError, ValueError) as wrong:
        shown = "***" if Secret in (wanted, *get_args(wanted)) or key == "carriers" else repr(value)
        raise SettingsError(f"{key} = {shown} ({source}): {told(wrong, wanted)}") from wrong
    return converted


def convert(raw: Any, wanted: Any) -> Any:
    """Raises msgspec's ValidationError; texts that stand for numbers are taken."""
    return msgspec.convert(raw, wanted, strict=False, dec_hook=_special)


def _parsed(wanted: Any, text: str) -> Any:
    """What the text of a variable stands for, before its type is looked at."""
    if not text.startswith(("[", "{")):
        listed = get_origin(wanted) is tuple
        return [one.strip() for one in text.split(",") if one.strip()] if listed else text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _special(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise ValueError(f"Expected a text, got {type(value).__name__}")


def _fine(value: object) -> None:
    """Its type says all."""


def told(wrong: Exception, wanted: Any) -> str:
    """The mistake, with the words that are allowed where there are only some."""
    inside = re.search(r"\.(\w+)(?:\[\d+\])?`$", str(wrong))
    choices = _choices(inside[1], _NESTED) if inside else _words(wanted)
    return f"{wrong}; allowed: {', '.join(choices)}" if choices else str(wrong)


def _choices(name: str, nested: Mapping[str, Any]) -> list[str]:
    return _KINDS if name == "kind" else _words(nested.get(name))


def _words(wanted: Any) -> list[str]:
    while get_origin(wanted) is tuple:
        wanted = get_args(wanted)[0]
    return [str(one) for one in get_args(wanted)] if get_origin(wanted) is Literal else []
