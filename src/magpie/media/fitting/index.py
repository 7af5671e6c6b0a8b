"""Boxes of an MP4 or 3GP, and what its index claims before FFmpeg makes room (ISO 14496-12)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

_NESTED: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_COUNTS: Final = {b"stsz": 16, b"stz2": 16}
"""Where in the box its count of samples stands (section 8.7.3)."""
_LARGE: Final = 16
_SMALL: Final = 8
_MOST_BOXES: Final = 10_000


class Box(NamedTuple):
    """Where it begins, where what stands behind its header does, and where it ends.

    `depth` is 0 for those of the file itself.
    """

    name: bytes
    start: int
    body: int
    end: int
    depth: int


def samples(content: bytes) -> int:
    """The most that any track claims; FFmpeg keeps 24 bytes for each, be they there or not."""
    most = 0
    for number, box in enumerate(boxes(content)):
        if number > _MOST_BOXES:
            break
        if box.name in _COUNTS and box.start + _COUNTS[box.name] + 4 <= box.end:
            at = box.start + _COUNTS[box.name]
            most = max(most, int.from_bytes(content[at : at + 4], "big"))
    return most


def boxes(content: bytes) -> Iterator[Box]:
    """All boxes of the index, those inside of others after them."""
    yield from _boxes(content, 0, len(content), 0)


def _boxes(content: bytes, at: int, end: int, depth: int) -> Iterator[Box]:
    while at + _SMALL <= end:
        size, head = int.from_bytes(content[at : at + 4], "big"), _SMALL
        name = content[at + 4 : at + _SMALL]
        if size == 1:
            size, head = int.from_bytes(content[at + _SMALL : at + _LARGE], "big"), _LARGE
        until = end if size < head else min(end, at + size)
        yield Box(name, at, min(at + head, until), until, depth)
        if name in _NESTED:
            yield from _boxes(content, at + head, until, depth + 1)
        at = until
