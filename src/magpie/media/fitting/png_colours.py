"""Whether a PNG is nearer to what it was with fewer colours or with fewer pixels."""

import io
import math
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageChops, ImageStat

from magpie.media.fitting import flat, still
from magpie.media.fitting.still_sample import growth, sample

COLOURS: Final = 256
SHAPE: Final = 1.9
"""Bytes grow with the scale by this power."""
_GLANCE: Final = 4
"""An effort whose bytes are within a twentieth of the most one's, in a quarter of the time."""
_NEAR: Final = 12
_GROUNDS: Final = ("black", "white")
"""What shows through tells on one of them, whatever its colour."""
_PHONE: Final = 1200
"""Pixels across which a picture is seen."""
_DISTANCES: Final = (1, 2, 4)
"""Seen from farther off, lost grain is not missed, and rings and patches still are."""

Look = Callable[[Image.Image], Image.Image]
"""How a picture is written: as it is, or with a palette."""


def palette(image: Image.Image) -> Image.Image:
    """Octrees keep what can be seen through; medians are better for what cannot."""
    if image.mode != "RGBA":
        return image.quantize(COLOURS)
    indexed = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = bytearray(indexed.getpalette("RGBA") or ())
    colours[3::4] = bytes(map(_clear, colours[3::4]))
    indexed.putpalette(bytes(colours), "RGBA")
    return indexed


def true(image: Image.Image) -> Image.Image:
    return image


def saved(image: Image.Image, effort: int = 9) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=effort)
    return buffer.getvalue()


def nearer(full: Image.Image, most_bytes: int) -> tuple[Look, float]:
    """The look that changes less of what is seen, and the logarithm of the scale at which it fits.

    A soft shadow of 256 colours is rings, a drawing of a third of its size is mush.
    """
    part = sample(full, full.size)
    room = most_bytes / growth(part, full.size)
    tried = [(look, _scale(part, look, room)) for look in _LOOKS]
    seen = flat.resized(full, still.inside(full.size, _PHONE, _PHONE))
    smaller = math.log2(full.width / seen.width)
    return min(tried, key=lambda one: _error(seen, one[0], min(0.0, one[1] + smaller)))


_LOOKS: Final[tuple[Look, ...]] = (palette, true)


def _clear(alpha: int) -> int:
    """The octree's averages leave what was opaque a little transparent."""
    return 255 if alpha > 255 - _NEAR else 0 if alpha < _NEAR else alpha


def _scale(part: Image.Image, look: Look, most_bytes: float) -> float:
    return min(0.0, math.log2(most_bytes / len(saved(look(part), _GLANCE))) / SHAPE)


def _error(seen: Image.Image, look: Look, at: float) -> float:
    small = look(flat.resized(seen, still.scaled(seen.size, 2**at)))
    shown = flat.resized(small.convert("RGBA"), seen.size)
    pairs = [(seen.convert("RGBA").reduce(n), shown.reduce(n)) for n in _DISTANCES]
    return sum(_apart(one, other, ground) for one, other in pairs for ground in _GROUNDS)


def _apart(one: Image.Image, other: Image.Image, ground: str) -> float:
    """Mean squares of how far colours are apart."""
    difference = ImageChops.difference(_on(one, ground), _on(other, ground))
    return sum(band**2 for band in ImageStat.Stat(difference).rms)


def _on(image: Image.Image, ground: str) -> Image.Image:
    below = Image.new("RGBA", image.size, ground)
    return Image.alpha_composite(below, image).convert("RGB")
