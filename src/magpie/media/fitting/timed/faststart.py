"""Puts the index of an MP4 before its frames, so that phones can begin at once.

FFmpeg does that only for files that it can open a second time. ISO 14496-12, 8.2.1 and 8.7.5.
"""

import struct
from collections.abc import Iterator
from typing import Final

_HEADER: Final = 8
_NESTED: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_OFFSETS: Final = {b"stco": "I", b"co64": "Q"}


def index_first(content: bytes) -> bytes:
    """What has no index behind its frames is left as it is."""
    boxes = list(_boxes(content, 0, len(content)))
    kinds = [kind for kind, _, _ in boxes]
    if kinds.count(b"moov") != 1 or b"mdat" not in kinds[: kinds.index(b"moov")]:
        return content
    _, start, end = boxes[kinds.index(b"moov")]
    index = bytearray(content[start:end])
    _shift(index, 0, len(index), len(index))
    first = next(end for kind, _, end in boxes if kind == b"ftyp")
    return content[:first] + index + content[first:start] + content[end:]


def _boxes(content: bytes | bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, first byte and end of each box. Ours are never larger than 4 GB."""
    while at + _HEADER <= end:
        size = int.from_bytes(content[at : at + 4], "big")
        if size < _HEADER or at + size > end:
            return
        yield bytes(content[at + 4 : at + 8]), at, at + size
        at += size


def _shift(index: bytearray, at: int, end: int, by: int) -> None:
    for kind, start, stop in list(_boxes(index, at, end)):
        if kind in _NESTED:
            _shift(index, start + _HEADER, stop, by)
        elif kind in _OFFSETS:
            count = int.from_bytes(index[start + 12 : start + 16], "big")
            form = f">{count}{_OFFSETS[kind]}"
            offsets = struct.unpack_from(form, index, start + 16)
            struct.pack_into(form, index, start + 16, *(offset + by for offset in offsets))
