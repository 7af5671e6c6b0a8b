"""A row of counts as a small picture. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_HEIGHT: Final = 24.0
_LEAST: Final = 1.5


class Bar(NamedTuple):
    """In a box of 100 to 24."""

    x: float
    y: float
    width: float
    height: float


def bars(counts: Sequence[int]) -> list[Bar]:
    """None where nothing was; the highest fills the box."""
    most, width = max(counts, default=0), 100 / max(len(counts), 1)
    made = []
    for place, count in enumerate(counts):
        if count:
            height = max(_LEAST, _HEIGHT * count / most)
            made.append(Bar(place * width, _HEIGHT - height, width * 0.8, height))
    return made
