"""Blocks of a GIF (GIF89a specification, clauses 18 to 27), read without decoding anything."""

from typing import Final, NamedTuple

_HEADER: Final = 13
_TRAILER, _EXTENSION, _IMAGE = 0x3B, 0x21, 0x2C
_COMMENT, _PLAIN_TEXT, _APPLICATION = 0xFE, 0x01, 0xFF
_LOOPING: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
_DESCRIPTOR: Final = 9


class Screen(NamedTuple):
    """Frames may say that they stand outside of the screen: decoders make it larger then."""

    width: int
    height: int
    frames: int
    tagged: bool


def screen(content: bytes, most_frames: int) -> Screen:
    """Count up to one frame more than `most_frames`; a file that stops short is no error here."""
    width, height = _word(content, 6), _word(content, 8)
    at = _HEADER + _table(content[10:11])
    frames, tagged = 0, False
    while at < len(content) and frames <= most_frames:
        block = content[at]
        if block == _EXTENSION:
            tagged = tagged or _tells(content, at)
            at = _after(content, at + 2)
        elif block == _IMAGE:
            frames += 1
            width = max(width, _word(content, at + 1) + _word(content, at + 5))
            height = max(height, _word(content, at + 3) + _word(content, at + 7))
            flags = content[at + _DESCRIPTOR : at + _DESCRIPTOR + 1]
            at = _after(content, at + _DESCRIPTOR + 1 + _table(flags) + 1)
        elif block == _TRAILER:
            return Screen(width, height, frames, tagged or at + 1 < len(content))
        else:  # decoders look for the next block
            at += 1
    return Screen(width, height, frames, tagged)


def _tells(content: bytes, at: int) -> bool:
    label = content[at + 1 : at + 2]
    if label == bytes((_APPLICATION,)):
        return content[at + 3 : at + 14] not in _LOOPING
    return label in {bytes((_COMMENT,)), bytes((_PLAIN_TEXT,))}


def _after(content: bytes, at: int) -> int:
    while at < len(content) and (size := content[at]):
        at += size + 1
    return at + 1


def _table(flags: bytes) -> int:
    """Bytes of a colour table."""
    if not flags or not flags[0] & 0x80:
        return 0
    return int(3 * 2 ** ((flags[0] & 7) + 1))


def _word(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 2], "little")
