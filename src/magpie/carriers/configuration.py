"""What a link is told, by the file or by the API: one door, the structs of the settings."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import structs

from magpie.settings import KINDS, CarrierSettings, LinkSettings, Secret
from magpie.settings.load import convert, told

HIDDEN: Final = "***"
_KINDS: Final = {str(kind.__struct_config__.tag): kind for kind in KINDS}
NAMES: Final = tuple(_KINDS)
_PASSWORD: Final = re.compile(r"(?<=://)[^/@]+(?=@)")
_ELSEWHERE: Final = frozenset({"name", "kind"})


def read(kind: str, name: str, given: Mapping[str, Any]) -> LinkSettings:
    """Raises ValueError, whose text names the field and says nothing of its value."""
    double = sorted(_ELSEWHERE & given.keys())
    if double:
        raise ValueError(f"{double[0]} does not belong into the configuration")
    try:
        settings: LinkSettings = convert({**given, "kind": kind, "name": name}, CarrierSettings)
    except msgspec.ValidationError as wrong:
        raise ValueError(told(wrong, CarrierSettings)) from wrong
    return settings


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What is not given stays, null takes away, and a hidden value is the one that was there."""
    result = dict(old)
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            before = old.get(name)
            known = before if isinstance(before, dict) else {}
            result[name] = {k: known.get(k, v) if v == HIDDEN else v for k, v in value.items()}
        elif not (isinstance(value, str) and _is_hidden(value)):
            result[name] = value
    return result


def shown(settings: LinkSettings) -> dict[str, Any]:
    """All that holds; hidden are secrets, and headers, which may have some."""
    plain: dict[str, Any] = msgspec.to_builtins(settings, enc_hook=str)
    for field in structs.fields(type(settings)):
        name, value = field.name, getattr(settings, field.name)
        if isinstance(value, Secret):
            plain[name] = HIDDEN if value else ""
        elif name == "headers":
            plain[name] = dict.fromkeys(value, HIDDEN)
        elif isinstance(value, str):
            plain[name] = _PASSWORD.sub(HIDDEN, value)
    return {name: value for name, value in plain.items() if name not in _ELSEWHERE}


def kind_of(settings: LinkSettings) -> str:
    return str(settings.__struct_config__.tag)


def _is_hidden(value: str) -> bool:
    return value == HIDDEN or f"://{HIDDEN}@" in value
