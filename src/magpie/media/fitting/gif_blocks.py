"""Blocks of a GIF (GIF89a specification, clauses 18 to 27), read without decoding anything."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from magpie.media.recipe import BROKEN, Unusable

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


class Block(NamedTuple):
    """Where it begins and ends; an image begins with what says where on the screen it stands."""

    kind: int
    start: int
    end: int


def blocks(content: bytes) -> Iterator[Block]:
    """To the trailer; a file that stops short of it has none."""
    at = _HEADER + _table(content[10:11])
    while at < len(content):
        kind, start = content[at], at
        if kind == _EXTENSION:
            at = _after(content, at + 2)
        elif kind == _IMAGE:
            flags = content[at + _DESCRIPTOR : at + _DESCRIPTOR + 1]
            at = _after(content, at + _DESCRIPTOR + 1 + _table(flags) + 1)
        elif kind == _TRAILER:
            yield Block(kind, start, at + 1)
            return
        else:  # decoders look for the next block
            at += 1
            continue
        yield Block(kind, start, at)


def screen(content: bytes, most_frames: int) -> Screen:
    """Count up to one frame more than `most_frames`; a file that stops short is no error here."""
    width, height = _word(content, 6), _word(content, 8)
    frames, tagged = 0, False
    for block in blocks(content):
        at = block.start
        if block.kind == _IMAGE:
            frames += 1
            width = max(width, _word(content, at + 1) + _word(content, at + 5))
            height = max(height, _word(content, at + 3) + _word(content, at + 7))
        tagged = tagged or _tells(content, block)
        if frames > most_frames:
            break
    return Screen(width, height, frames, tagged)


def stripped(content: bytes) -> bytes:
    """The same frames, without words, strangers' blocks and what stands behind the end."""
    parts = list(blocks(content))
    if not parts or parts[-1].kind != _TRAILER:
        raise Unusable(BROKEN, "the GIF is cut off")
    kept = [content[one.start : one.end] for one in parts[:-1] if not _tells(content, one)]
    head = content[: _HEADER + _table(content[10:11])]
    return b"".join((head, *kept, bytes((_TRAILER,))))


def _tells(content: bytes, block: Block) -> bool:
    at = block.start
    if block.kind != _EXTENSION:
        return block.kind == _TRAILER and block.end < len(content)
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
