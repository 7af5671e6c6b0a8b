"""A still picture as GIF, for phones that know nothing better for what can be seen through."""

import io
import math
from typing import Final

from magpie.media.fitting import flat, still
from magpie.media.fitting.search import largest
from magpie.media.recipe import Made, Picture

_SHAPE: Final = 1.8


def fit(content: bytes, recipe: Picture) -> tuple[Made, bytes]:
    image = still.opened(content)
    turn = still.orientation_of(image)
    whole = flat.resized(flat.see_through(image), flat.bounds(image, recipe))
    full = still.turned(whole, turn)

    def encode(at: float) -> bytes:
        buffer = io.BytesIO()
        flat.resized(full, still.scaled(full.size, 2**at)).save(buffer, "GIF")
        return buffer.getvalue()

    low = math.log2(flat.least(full.size))
    found = largest(
        encode, recipe.most_bytes, first=0.0, low=low, high=0.0, slope=_SHAPE * math.log(2)
    )
    width, height = still.scaled(full.size, 2**found.at)
    return Made(content_type="image/gif", width=width, height=height), found.content
