"""An animation as GIF that still moves: smaller first, then of fewer colours, frames thinned last.

Frames are decoded once, at a size near the one that they will have, and share one palette.
"""

import math
from typing import Final, NamedTuple

from PIL import Image

from magpie.media.fitting import flat, gif_blocks, gif_frames, gif_stream, still
from magpie.media.fitting.gif_frames import Frames
from magpie.media.fitting.search import Found, largest
from magpie.media.recipe import MOST_FRAMES, NEVER_FITS, Animation, Made, Unusable

_SHAPE: Final = 1.8
_SLOPE: Final = _SHAPE * math.log(2)
_KEPT_PIXELS: Final = 40_000_000


class Rung(NamedTuple):
    """So many colours, one frame of so many, at least at this scale."""

    colours: int
    every: int
    least: float


_LADDER: Final = (
    Rung(255, 1, 0.6),
    Rung(127, 1, 0.5),
    Rung(63, 1, 0.42),
    Rung(31, 1, 0.34),
    Rung(31, 2, 0.3),
    Rung(31, 4, 0.0),
)


def fit(content: bytes, recipe: Animation) -> tuple[Made, bytes]:
    image = still.opened(content)
    count = still.frames_of(image)
    bound = still.inside(image.size, recipe.most_width, recipe.most_height)
    affordable = math.sqrt(_KEPT_PIXELS / (count * bound[0] * bound[1]))
    scale = min(1.0, max(affordable, flat.least(bound)))
    frames = gif_frames.read(image, still.scaled(bound, scale))
    first = math.log2(recipe.most_bytes / len(content)) / _SHAPE
    return _down(frames, recipe.most_bytes, scale, min(0.0, first))


def _down(frames: Frames, most_bytes: int, at_most: float, first: float) -> tuple[Made, bytes]:
    """Take the first rung on which the animation need not be too small."""
    for rung in _LADDER:
        low = max(math.log2(max(rung.least / at_most, 1e-9)), _least(frames))
        low = min(0.0, low)
        found = _search(frames, rung, most_bytes, first, low)
        if isinstance(found, Found):
            return _made(frames, rung, found)
        first = found
    raise Unusable(NEVER_FITS, f"an animation of {len(frames.images)} frames needs more")


def _search(frames: Frames, rung: Rung, most_bytes: int, first: float, low: float) -> Found | float:
    """What was found, or from where the next rung should begin."""
    palette = gif_frames.palette(frames, rung.colours)

    def encode(at: float) -> bytes:
        return _encode(frames, rung, palette, at)

    size = len(encode(max(low, first)))
    best = max(low, first) + math.log(most_bytes / size) / _SLOPE
    if best < low - 0.05:
        return best
    try:
        return largest(
            encode, most_bytes, first=min(0.0, best), low=low, high=0.0, slope=_SLOPE, tries=4
        )
    except Unusable:
        return low


def _least(frames: Frames) -> float:
    return math.log2(flat.least(frames.images[0].size))


def _made(frames: Frames, rung: Rung, found: Found) -> tuple[Made, bytes]:
    width, height = still.scaled(frames.images[0].size, 2**found.at)
    return Made(
        content_type="image/gif",
        width=width,
        height=height,
        frames=gif_blocks.screen(found.content, MOST_FRAMES).frames,
        quality=float(rung.colours),
        note="" if rung.every == 1 else f"one frame of {rung.every}",
    ), found.content


def _encode(frames: Frames, rung: Rung, colours: Image.Image, at: float) -> bytes:
    size = still.scaled(frames.images[0].size, 2**at)
    table = gif_frames.table_of(frames, colours, rung.colours)
    shown = gif_frames.drawn(frames, colours, table, rung.every, size)
    return gif_stream.written(size, table, frames.loop, shown)
