"""absent.toml, read: where Magpie and the description differ on purpose."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.contract import spec

FILE: Final = Path(__file__).with_name("absent.toml")


@dataclass(frozen=True, slots=True)
class Group:
    """`paths` lie below the account; what lies below them belongs to the group too."""

    title: str
    reason: str
    paths: tuple[str, ...]
    coming: bool

    def holds(self, key: str) -> bool:
        path = spec.path_below_account(key)
        return any(path == one or path.startswith(f"{one}/") for one in self.paths)


@dataclass(frozen=True, slots=True)
class Note:
    """Names of one operation or schema, and what is to be said of them."""

    of: str
    names: frozenset[str]
    reason: str


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def groups() -> tuple[Group, ...]:
    return tuple(
        Group(one["title"], one["reason"], tuple(one["paths"]), one.get("coming", False))
        for one in _read()["operations"]
    )


@cache
def notes(kind: str) -> tuple[Note, ...]:
    """`kind` is a table of the file that has `of`, `names` and `reason`."""
    return tuple(
        Note(of, frozenset(one["names"]), one["reason"])
        for one in _read().get(kind, ())
        for of in one["of"]
    )


def names(kind: str, of: str) -> frozenset[str]:
    return frozenset[str]().union(*(one.names for one in notes(kind) if one.of == of))


def group_of(key: str) -> Group | None:
    return next((one for one in groups() if one.holds(key)), None)


def absent_properties(schema: str) -> frozenset[str]:
    return names("absent_properties", schema)


def added_properties(schema: str) -> frozenset[str]:
    return names("added_properties", schema)


def blank_properties(schema: str) -> frozenset[str]:
    """Which may be blank where a SID is told."""
    return names("blank_properties", schema)


def text_properties(schema: str) -> frozenset[str]:
    """Numbers that are written as texts."""
    return names("text_properties", schema)


def all_notes() -> Iterator[tuple[str, Note]]:
    for kind in _read():
        if kind != "operations":
            yield from ((kind, one) for one in notes(kind))
