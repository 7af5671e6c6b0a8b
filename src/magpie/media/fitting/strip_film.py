"""What a camera tells of places and times, taken out of an MP4 or 3GP (ISO 14496-12)."""

from typing import Final

from magpie.media.fitting import index
from magpie.media.recipe import EXCESSIVE, Unusable

_WORDS: Final = frozenset({b"udta", b"meta", b"uuid"})
"""User data, Apple's and Android's keys, XMP."""
_TIMED: Final = frozenset({b"mvhd", b"tkhd", b"mdhd"})
"""Begin with version and flags, then when they were made and changed (section 8.2.2)."""
_OF_FILES: Final = frozenset(
    {b"ftyp", b"styp", b"pdin", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"free"}
    | {b"skip", b"wide"}
)
"""What players look for; makers of phones put whole pictures into boxes of their own."""
_FULL: Final = 4
_MOST_BOXES: Final = 10_000


def stripped(content: bytes) -> bytes:
    """The same octets at the same places, so that no index is wrong; words become free space."""
    made = bytearray(content)
    for number, box in enumerate(index.boxes(content)):
        if number > _MOST_BOXES:
            raise Unusable(EXCESSIVE, f"more than {_MOST_BOXES} boxes")
        if box.name in _WORDS or (box.depth == 0 and box.name not in _OF_FILES):
            made[box.start + 4 : box.start + 8] = b"free"
            made[box.body : box.end] = bytes(box.end - box.body)
        elif box.name in _TIMED:
            at = box.body + _FULL
            end = min(box.end, at + (16 if content[box.body : box.body + 1] == b"\1" else 8))
            made[at:end] = bytes(max(0, end - at))
    return bytes(made)
