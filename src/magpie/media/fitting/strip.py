"""Metadata taken out of a file, and what a stranger could read in it."""

from collections.abc import Mapping
from typing import Final

from magpie.media.fitting import colour, gif_blocks, still, strip_jpeg, strip_png
from magpie.media.recipe import BROKEN, MOST_FRAMES, Unusable
from magpie.media.sniff import sniff

_HARMLESS: Final = frozenset({still.ORIENTATION})
_TURN_ONLY: Final = 64
"""Bytes that an EXIF block of one entry may have; a thumbnail needs more."""


def strip(content: bytes) -> bytes:
    """The same pixels, colours and turn; nothing else. JPEG, PNG and GIF only."""
    match sniff(content):
        case "jpeg":
            parts = list(strip_jpeg.segments(content))
            profile = colour.foreign(strip_jpeg.profile_of(parts))
            exif = _turn(strip_jpeg.exif_of(parts))
            return strip_jpeg.stripped(parts, profile=profile, exif=exif)
        case "png":
            chunks = list(strip_png.chunks(content))
            return strip_png.stripped(chunks, exif=_turn(strip_png.exif_of(chunks)))
        case "gif":
            return gif_blocks.stripped(content)
    raise Unusable(BROKEN, "neither JPEG, PNG nor GIF")


def tagged(content: bytes, info: Mapping[str | tuple[int, int], object]) -> bool:
    """`info` is Pillow's, for the formats that are not taken apart here."""
    match sniff(content):
        case "jpeg":
            parts = list(strip_jpeg.segments(content))
            return strip_jpeg.tagged(parts) or _tells(strip_jpeg.exif_of(parts))
        case "png":
            chunks = list(strip_png.chunks(content))
            size = len(strip_png.SIGNATURE) + sum(len(chunk.whole) for chunk in chunks)
            tells = strip_png.tagged(chunks) or _tells(strip_png.exif_of(chunks))
            return tells or len(content) > size
        case "gif":
            return gif_blocks.screen(content, MOST_FRAMES).tagged
    return bool({"exif", "xmp", "comment", "photoshop"} & info.keys())


def _tells(exif: bytes) -> bool:
    if not exif:
        return False
    return len(exif) > _TURN_ONLY or set(still.exif_entries(exif)) != _HARMLESS


def _turn(exif: bytes) -> bytes:
    """An EXIF block (TIFF 6.0) with nothing but the turn, or none."""
    turn = still.exif_orientation(exif)
    if turn == 1:
        return b""
    entry = b"\x01\x12\0\3\0\0\0\1" + turn.to_bytes(2, "big") + bytes(2)
    return b"MM\0*\0\0\0\x08\0\1" + entry + bytes(4)
