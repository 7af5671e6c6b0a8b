"""A still picture as PNG: lossless if that fits, else smaller or of 256 colours."""

import math
from typing import Final

from magpie.media.fitting import flat, still
from magpie.media.fitting.png_colours import SHAPE, nearer, saved
from magpie.media.fitting.search import largest
from magpie.media.recipe import Made, Picture

_WORTH: Final = 1.6  # by how much a file may be too large for lossless work to be tried


def fit(content: bytes, recipe: Picture) -> tuple[Made, bytes]:
    image = still.opened(content)
    turn = still.orientation_of(image)
    bound = flat.bounds(image, recipe)
    whole = flat.see_through(image)
    if bound == image.size and len(content) <= recipe.most_bytes * _WORTH:
        lossless = saved(still.turned(whole, turn))
        if len(lossless) <= recipe.most_bytes:
            return _made(still.shown(whole.size, turn)), lossless
    full = still.turned(flat.resized(whole, bound), turn)
    look, first = nearer(full, recipe.most_bytes)

    def encode(at: float) -> bytes:
        return saved(look(flat.resized(full, still.scaled(full.size, 2**at))))

    found = largest(
        encode,
        recipe.most_bytes,
        first=first,
        low=math.log2(flat.least(full.size)),
        high=0.0,
        slope=SHAPE * math.log(2),
    )
    return _made(still.scaled(full.size, 2**found.at)), found.content


def _made(size: tuple[int, int]) -> Made:
    return Made(content_type="image/png", width=size[0], height=size[1])
