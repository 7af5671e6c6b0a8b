"""A still picture as PNG: lossless if that fits, else of 256 colours, as large as fits."""

import io
import math
from typing import Final

from PIL import Image

from magpie.media.fitting import flat, still
from magpie.media.fitting.search import largest
from magpie.media.recipe import Made, Picture

_COLOURS: Final = 256
_SHAPE: Final = 1.9
_NEAR: Final = 12
_GUESS: Final = 0.35  # what 256 colours leave of a file of true colours
_WORTH: Final = 1.6  # by how much a file may be too large for lossless work to be tried


def fit(content: bytes, recipe: Picture) -> tuple[Made, bytes]:
    image = still.opened(content)
    turn = still.orientation_of(image)
    bound = flat.bounds(image, recipe)
    whole = flat.see_through(image)
    if bound == image.size and len(content) <= recipe.most_bytes * _WORTH:
        lossless = _save(still.turned(whole, turn))
        if len(lossless) <= recipe.most_bytes:
            return _made(still.shown(whole.size, turn)), lossless
    full = still.turned(flat.resized(whole, bound), turn)

    def encode(at: float) -> bytes:
        return _save(_palette(flat.resized(full, still.scaled(full.size, 2**at))))

    low = flat.least(full.size)
    guess = (recipe.most_bytes / (len(content) * _GUESS)) ** (1 / _SHAPE)
    found = largest(
        encode,
        recipe.most_bytes,
        first=math.log2(guess),
        low=math.log2(low),
        high=0.0,
        slope=_SHAPE * math.log(2),
    )
    return _made(still.scaled(full.size, 2**found.at)), found.content


def _palette(image: Image.Image) -> Image.Image:
    """Octrees keep what can be seen through; medians are better for what cannot."""
    if image.mode != "RGBA":
        return image.quantize(_COLOURS)
    indexed = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = bytearray(indexed.getpalette("RGBA") or ())
    colours[3::4] = bytes(map(_clear, colours[3::4]))
    indexed.putpalette(bytes(colours), "RGBA")
    return indexed


def _clear(alpha: int) -> int:
    """The octree's averages leave what was opaque a little transparent."""
    return 255 if alpha > 255 - _NEAR else 0 if alpha < _NEAR else alpha


def _save(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def _made(size: tuple[int, int]) -> Made:
    return Made(content_type="image/png", width=size[0], height=size[1])
