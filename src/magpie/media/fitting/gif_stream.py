"""A GIF written frame by frame (GIF89a specification): one table of colours for all of them."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from PIL import Image

_STAY, _CLEAR = 1, 2
_MOST_DELAY: Final = 0xFFFF
_END: Final = b"\x3b"


class Frame(NamedTuple):
    """Indices of colours in their place on the screen; `ends` is in milliseconds from the start."""

    image: Image.Image
    place: tuple[int, int]
    ends: float


class Table(NamedTuple):
    """RGB by three; one index more, `see_through`, is shown as nothing."""

    colours: bytes
    see_through: int
    clears: bool
    """Whether a frame takes away the one before it, or is drawn over it."""

    @property
    def bits(self) -> int:
        return max(2, self.see_through.bit_length())


def written(
    size: tuple[int, int], table: Table, loop: int | None, frames: Iterable[Frame]
) -> bytes:
    out = [b"GIF89a", _words(*size), bytes((0xF0 | (table.bits - 1), 0, 0))]
    out.append(table.colours.ljust(3 << table.bits, b"\0"))
    if loop is not None:
        out.append(b"!\xff\x0bNETSCAPE2.0\3\1" + _words(loop & 0xFFFF) + b"\0")
    shown = 0
    for frame in frames:
        until = round(frame.ends / 10)
        out.append(_frame(frame, table, min(_MOST_DELAY, until - shown)))
        shown = until
    return b"".join((*out, _END))


def _frame(frame: Frame, table: Table, delay: int) -> bytes:
    disposal = _CLEAR if table.clears else _STAY
    control = bytes((disposal << 2 | 1,)) + _words(delay) + bytes((table.see_through, 0))
    place = _words(*frame.place, *frame.image.size) + b"\0"
    codes = frame.image.tobytes("gif", "P", table.bits, 0)
    return b"!\xf9\4" + control + b"," + place + bytes((table.bits,)) + codes + b"\0"


def _words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)
