"""How large and how smooth a film can be for its bits: pure figures."""

import math
from typing import Final, NamedTuple

from magpie.media.recipe import Film

MOST_RATE: Final = 30.0
_LEAST_RATE: Final = 5.0
_SMALLEST: Final = (176, 144)
_BLOCK: Final = 16
_MOST_BLOCKS: Final = 3600
"""Of a picture at level 3.1 (H.264 table A-1); 30 pictures a second are its most as well."""
_BITS_PER_PIXEL: Final = 0.07
_SLOWER: Final = 0.4
"""The fewer pictures, the more changes from one to the next."""
_SMOOTH: Final = ((20.0, 480 * 270), (12.0, 320 * 180), (7.0, 240 * 135), (0.0, 0))
"""Pixels for which it is worth while to show so many pictures a second."""

_MAPPED: Final = 1.5
"""Times the work of a pixel that need not be brought to another range, and of twice the bytes."""
KEPT_BYTES: Final = 200_000_000
_DECODED_TWICE: Final = 0.3e9
"""Pixels of all pictures that take about a second to decode."""
_ENCODED: Final = 3e8
"""Pixels of all pictures that take some four seconds to encode."""

CIF: Final = (352, 288)
QCIF: Final = (176, 144)
WIDE: Final = 12 / 11
"""A pixel of these is wider than high (H.263 section 5.1.3)."""
_STEPS: Final = ((CIF, 15, 180e3), (CIF, 8, 120e3), (QCIF, 15, 45e3), (QCIF, 8, 30e3), (QCIF, 5, 0))
"""Size, pictures a second and bits a second that H.263 wants for them."""


class Shape(NamedTuple):
    """A result: `inner` is the picture, and what of width and height is around it is black."""

    width: int
    height: int
    inner: tuple[int, int]
    rate: float

    def size(self, seconds: float) -> float:
        """Bytes of all pictures as they are in memory: 12 bits a pixel."""
        return self.width * self.height * 1.5 * self.rate * seconds


class Given(NamedTuple):
    """A film as it is: sides as shown, pictures a second and bits a second of its pictures."""

    width: int
    height: int
    rate: float
    bits: float
    seconds: float
    high: bool = False
    """Of a high dynamic range, which is brought down before it is encoded."""

    @property
    def most_pixels(self) -> float:
        """A second of a result: what is large or long is only decoded once, and kept in memory."""
        decoded = self.width * self.height * self.rate * self.seconds
        most = KEPT_BYTES / 1.5 if decoded > _DECODED_TWICE else _ENCODED
        return most / self.seconds / (_MAPPED if self.high else 1)

    @property
    def hardness(self) -> float:
        """Below 1 for films which, by their own bits, are easier than most."""
        usual = _wanted(self.rate) * self.width * self.height * self.rate
        return min(1.0, max(0.2, math.sqrt(self.bits / usual)))


def shaped(given: Given, recipe: Film, bits: float, hardness: float) -> Shape:
    """The largest and smoothest shape for `bits` a second, a film being as hard as it is."""
    if recipe.format == "3gp":
        return _h263(given, recipe, bits / hardness)
    full = shape = _scaled(given, recipe, math.inf, _LEAST_RATE)
    for divisor in _divisors(given.rate):
        rate = given.rate / divisor
        shape = _scaled(given, recipe, bits / (rate * _wanted(rate) * hardness), rate)
        worth = next(pixels for least, pixels in _SMOOTH if rate > least)
        if shape.width * shape.height >= min(worth, full.width * full.height):
            return shape
    return shape


def _divisors(rate: float) -> range:
    """Every picture, every second, every third: motion stays even."""
    first = max(1, math.ceil(rate / MOST_RATE - 0.02))
    return range(first, max(first, math.floor(rate / _LEAST_RATE)) + 1)


def _wanted(rate: float) -> float:
    return float(_BITS_PER_PIXEL * (MOST_RATE / max(1.0, rate)) ** _SLOWER)


def _scaled(given: Given, recipe: Film, pixels: float, rate: float) -> Shape:
    """Not larger than given, than asked for, than the level allows; not smaller than the least."""
    box = min(recipe.most_width / given.width, recipe.most_height / given.height, 1.0)
    pixels = min(pixels, given.most_pixels / rate)
    small = min(box, max(_SMALLEST) / max(given.width, given.height))
    scale = min(box, max(small, math.sqrt(pixels / (given.width * given.height))))
    width, height = _even(given.width * scale), _even(given.height * scale)
    while _blocks(width) * _blocks(height) > _MOST_BLOCKS:
        scale *= 0.99
        width, height = _even(given.width * scale), _even(given.height * scale)
    width = min(width, recipe.most_width // 2 * 2)
    height = min(height, recipe.most_height // 2 * 2)
    return Shape(width, height, (width, height), rate)


def _blocks(side: int) -> int:
    return math.ceil(side / _BLOCK)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def _h263(given: Given, recipe: Film, bits: float) -> Shape:
    fits = CIF[0] <= recipe.most_width and CIF[1] <= recipe.most_height
    larger = given.width > QCIF[0] * WIDE or given.height > QCIF[1]
    steps = [step for step in _STEPS if step[0] == QCIF or (fits and larger)]
    (width, height), rate, _ = next((s for s in steps if bits >= s[2]), steps[-1])
    return _boxed(given, width, height, min(rate, given.rate))


def _boxed(given: Given, width: int, height: int, rate: float) -> Shape:
    scale = min(width * WIDE / given.width, height / given.height, 1.0)
    inner = _even(given.width * scale / WIDE), _even(given.height * scale)
    return Shape(width, height, (min(inner[0], width), min(inner[1], height)), rate)
