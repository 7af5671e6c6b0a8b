"""A carrier's terms for media: how much, of which types, and how large (media-and-mms.md 2).

Profiles are TOML files: those that are shipped, and over them an operator's own. A file may extend
another, and one that has the name of a shipped one extends that: what it names, it replaces.
"""

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from magpie.media.recipe import FilmFormat, SoundFormat

STANDARD: Final = "standard"
BROWSER: Final = "browser"
_DEEPEST: Final = 8

Bytes = Annotated[int, Meta(ge=1_000, le=100_000_000)]
Side = Annotated[int, Meta(ge=16, le=16_000)]


class ProfileError(Exception):
    """One sentence: which file, and what is wrong with it."""


class PictureTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    width: Side
    height: Side
    progressive: bool = False
    baseline: bool = False


class FilmTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: FilmFormat
    width: Side
    height: Side


class SoundTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: SoundFormat


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`max_bytes` of a whole message by the kind of its sender, `default` for the others.

    `accepts` are types that may go as they are, `codecs` what phones play (FFmpeg's names).
    """

    name: str
    title: str
    max_bytes: dict[str, Bytes]
    accepts: frozenset[str]
    codecs: frozenset[str]
    picture: PictureTerms
    film: FilmTerms
    sound: SoundTerms
    growth: Annotated[float, Meta(ge=1, le=2)] = 1.0
    part_bytes: Annotated[int, Meta(ge=0, le=10_000)] = 400
    strip: bool = True  # metadata (places, cameras, names) is not the recipient's business

    def __post_init__(self) -> None:
        if "default" not in self.max_bytes:
            raise ValueError("max_bytes needs a default")

    def most(self, sender_kind: str) -> int:
        return self.max_bytes.get(sender_kind, self.max_bytes["default"])


class Profiles:
    """All profiles by name."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._profiles = {profile.name: profile for profile in profiles}

    @classmethod
    def load(cls, own: Path | None = None) -> "Profiles":
        """Shipped ones, and those of a folder, which win. Raises ProfileError."""
        tables = {name: (table, f"shipped {name}.toml") for name, table in _shipped()}
        for path in sorted(own.glob("*.toml")) if own is not None and own.is_dir() else ():
            shipped = tables.get(path.stem, ({}, ""))[0]
            tables[path.stem] = (shipped | _read(path), str(path))
        return cls(_profile(name, tables) for name in tables)

    def get(self, name: str) -> Profile:
        """One that nobody knows has the standard's terms."""
        return self._profiles.get(name) or self._profiles[STANDARD]

    def __contains__(self, name: str) -> bool:
        return name in self._profiles

    @property
    def names(self) -> list[str]:
        return sorted(self._profiles)


def _shipped() -> Iterable[tuple[str, dict[str, Any]]]:
    for file in resources.files("magpie.media.profiles").iterdir():
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise ProfileError(f"{path} cannot be read: {wrong}") from wrong


def _profile(name: str, tables: Mapping[str, tuple[dict[str, Any], str]]) -> Profile:
    source = tables[name][1]
    try:
        merged = _merged(name, tables)
        return msgspec.convert(merged | {"name": name}, Profile)
    except (msgspec.ValidationError, ValueError) as wrong:
        raise ProfileError(f"{source}: {wrong}") from wrong


def _merged(
    name: str, tables: Mapping[str, tuple[dict[str, Any], str]], depth: int = 0
) -> dict[str, Any]:
    table = dict(tables[name][0])
    base = table.pop("extends", None)
    if base is None:
        return table
    if base not in tables or depth > _DEEPEST:
        raise ValueError(f"extends {base!r}, which is not a profile that could be extended")
    return _merged(base, tables, depth + 1) | table
