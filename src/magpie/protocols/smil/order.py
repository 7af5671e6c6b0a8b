"""Which parts the references of a presentation mean: RFC 2392, RFC 2557, and what phones do."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal
from urllib.parse import unquote

from magpie.protocols.smil.model import Part
from magpie.protocols.smil.reader import read

_CID: Final = "cid:"
_Field = Literal["content_id", "name", "filename"]
_Table = Mapping[tuple[_Field, str], list[int]]
_BY_ID: Final[tuple[_Field, ...]] = ("content_id", "name", "filename")
_BY_NAME: Final[tuple[_Field, ...]] = ("name", "filename", "content_id")


def order(content: bytes, parts: Sequence[Part]) -> list[int]:
    """Places in `parts` as a phone shows them; parts that no slide shows follow in their order."""
    tables = [(reading, _table(parts, reading)) for reading in _READINGS]
    found: dict[int, None] = {}
    for slide in read(content):
        for shown in slide.shown:
            # Of several by that name, the next one that was not meant yet.
            places = _places(shown.src, tables)
            if (place := next((one for one in places if one not in found), None)) is not None:
                found[place] = None
    return [*found, *(place for place in range(len(parts)) if place not in found)]


def _places(src: str, tables: Sequence[tuple[Callable[[str], str], _Table]]) -> list[int]:
    fields = _BY_ID if src.strip().lower().startswith(_CID) else _BY_NAME
    for reading, table in tables:
        for field in fields:
            if places := table.get((field, reading(src))):
                return places
    return []


def _table(parts: Sequence[Part], reading: Callable[[str], str]) -> _Table:
    table = defaultdict(list)
    for place, part in enumerate(parts):
        for field, name in _named(part):
            table[field, reading(name)].append(place)
    return table


def _named(part: Part) -> Iterator[tuple[_Field, str]]:
    if part.content_id:
        yield "content_id", part.content_id
    if part.name:
        yield "name", part.name
    if part.filename:
        yield "filename", part.filename


def _as_written(name: str) -> str:
    return name


def _bare(name: str) -> str:
    name = name.strip()
    name = name[len(_CID) :] if name.lower().startswith(_CID) else name
    return name.removeprefix("<").removesuffix(">")


def _decoded(name: str) -> str:
    return unquote(_bare(name))


def _folded(name: str) -> str:
    return _decoded(name).casefold()


_READINGS: Final = (_as_written, _bare, _decoded, _folded)
"""From the strict to the lenient."""
