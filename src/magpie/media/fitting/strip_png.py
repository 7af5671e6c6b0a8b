"""Chunks of a PNG (W3C PNG, third edition, clause 5), read without inflating anything."""

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from magpie.media.recipe import BROKEN, EXCESSIVE, Unusable

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS: Final = 100_000
_FRAME: Final = 12
"""Length, type and checksum."""
_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_SHOWN: Final = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs", b"bKGD"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_DEPTH_AT: Final = 24


class Chunk(NamedTuple):
    name: bytes
    body: bytes
    whole: bytes


def chunks(content: bytes) -> Iterator[Chunk]:
    """To IEND; a file that stops before it, or a wrong sum of what is shown, is broken."""
    at = len(SIGNATURE)
    for number in range(_MOST_CHUNKS):
        end = at + _FRAME + int.from_bytes(content[at : at + 4], "big")
        if len(content) < max(end, at + _FRAME):
            raise Unusable(BROKEN, "the PNG is cut off")
        chunk = Chunk(content[at + 4 : at + 8], content[at + 8 : end - 4], content[at:end])
        if (number == 0) != (chunk.name == b"IHDR"):
            raise Unusable(BROKEN, "the PNG's header is not where it belongs")
        yield chunk
        if chunk.name == b"IEND":
            return
        at = end
    raise Unusable(EXCESSIVE, f"more than {_MOST_CHUNKS} chunks")


def kept(chunk: Chunk) -> bool:
    return chunk.name in _CRITICAL or chunk.name in _SHOWN


def stripped(parts: list[Chunk], *, exif: bytes) -> bytes:
    out = [SIGNATURE]
    for chunk in parts:
        if not kept(chunk):
            continue
        if zlib.crc32(chunk.whole[4:-4]) != int.from_bytes(chunk.whole[-4:], "big"):
            raise Unusable(BROKEN, "a checksum of the PNG is wrong")
        if chunk.name == b"IDAT" and exif:
            out.append(_written(b"eXIf", exif))
            exif = b""
        out.append(chunk.whole)
    return b"".join(out)


def exif_of(parts: list[Chunk]) -> bytes:
    return next((chunk.body for chunk in parts if chunk.name == b"eXIf"), b"")


def tagged(parts: list[Chunk]) -> bool:
    return any(not kept(chunk) and chunk.name != b"eXIf" for chunk in parts)


def deep(content: bytes) -> bool:
    """Whether samples have 16 bits."""
    return content[_DEPTH_AT : _DEPTH_AT + 1] == b"\x10"


def frames(parts: list[Chunk]) -> int:
    return max(1, sum(chunk.name == b"fcTL" for chunk in parts))


def _written(name: bytes, body: bytes) -> bytes:
    sum_ = zlib.crc32(name + body)
    return len(body).to_bytes(4, "big") + name + body + sum_.to_bytes(4, "big")
