"""What the index of an MP4 or 3GP claims, before FFmpeg makes room for it (ISO 14496-12)."""

from collections.abc import Iterator
from typing import Final

_NESTED: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_COUNTS: Final = {b"stsz": 16, b"stz2": 16}
"""Where in the box its count of samples stands (section 8.7.3)."""
_LARGE: Final = 16
_SMALL: Final = 8
_MOST_BOXES: Final = 10_000


def samples(content: bytes) -> int:
    """The most that any track claims; FFmpeg keeps 24 bytes for each, be they there or not."""
    most = 0
    for number, (name, start, end) in enumerate(_boxes(content, 0, len(content))):
        if number > _MOST_BOXES:
            break
        if name in _COUNTS and start + _COUNTS[name] + 4 <= end:
            at = start + _COUNTS[name]
            most = max(most, int.from_bytes(content[at : at + 4], "big"))
    return most


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Names, first octet and end of all boxes, those inside of others after them."""
    while at + _SMALL <= end:
        size, head = int.from_bytes(content[at : at + 4], "big"), _SMALL
        name = content[at + 4 : at + _SMALL]
        if size == 1:
            size, head = int.from_bytes(content[at + _SMALL : at + _LARGE], "big"), _LARGE
        until = end if size < head else min(end, at + size)
        yield name, at, until
        if name in _NESTED:
            yield from _boxes(content, at + head, until)
        at = until
