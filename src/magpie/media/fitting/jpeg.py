"""A picture as the best JPEG of so many bytes.

At the same bytes, a picture that is smaller and finer is better than a large coarse one, down to
about quality 82 (the least loss of SSIM seen at full size and on a screen). So that quality is
held while the picture is made smaller, and rises once it may have its whole size.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from PIL import Image, ImageFile

from magpie.media.fitting import colour, flat, jpeg_encode, still
from magpie.media.fitting.still_sample import growth, sample
from magpie.media.recipe import NEVER_FITS, Made, Picture, Unusable

_HELD: Final = 36.0
"""Steps: quality 82, 92 and 20."""
_FINEST: Final = 16.0
_COARSEST: Final = 250.0
_STEP_POWER: Final = 0.68
"""Bytes fall by this power of the step, and rise by the other one of the sides."""
_SIDE_POWER: Final = 1.6
_STEEPEST: Final = 2.4
_AIM: Final = 0.96
_FORETOLD: Final = 0.975
"""Of the bytes: so much the sample may take, which may be wrong."""
_ENCODES: Final = 5
"""At most, until one fits."""
_GUESSES: Final = 6
_NEAR: Final = 1.1
_CLOSE: Final = 1.5
"""Of the bytes: a guess that is near is good; by two that are close, the next one is known."""
_WHOLE: Final = 0.85
"""Of the sides: what is nearly the whole is not worth a resize."""
_SMALLER: Final = 0.7
_LEAST_SIDE: Final = 64
_DRAFT_GAP: Final = 1.15
"""A draft may be so much smaller than the best size: it then gets a finer step, and decodes twice
as fast."""

Size = tuple[int, int]


class _Fill(NamedTuple):
    """Shares of the bytes: what is enough, and what a better step is aimed at.

    What fits is taken after so many tries, enough or not.
    """

    enough: float
    aim: float
    tries: int


_OF_SAMPLE: Final = _Fill(0.955, _AIM, _ENCODES)
_OF_ALL: Final = _Fill(0.975, 0.988, 2)


def fit(content: bytes, recipe: Picture) -> tuple[Made, bytes]:
    image = still.opened(content)
    turn = still.orientation_of(image)
    bounds = still.shown((recipe.most_width, recipe.most_height), turn)
    most = still.inside(image.size, *bounds)
    pixels = _decoded(image, content, most, recipe)
    step, result, size = _fitted(pixels, still.inside(pixels.size, *most), recipe, turn)
    made = Made(
        content_type="image/jpeg",
        width=size[0],
        height=size[1],
        quality=jpeg_encode.quality_of(step),
    )
    return made, result


def _decoded(
    image: ImageFile.ImageFile, content: bytes, most: Size, recipe: Picture
) -> Image.Image:
    """Decode no more of a JPEG than the result needs.

    Its own bytes foretell that; where that was too little, twice of it is decoded.
    """
    if still.format_of(image) != "jpeg":
        return flat.opaque(still.loaded(image))
    asked = _asked(image, most, recipe.most_bytes / len(content))
    while True:
        image.draft(None, asked)
        pixels = flat.opaque(still.loaded(image))
        if pixels.width >= most[0] or not _too_small(pixels, recipe):
            return pixels
        asked = still.inside(most, *still.scaled(pixels.size, 2))
        image = still.opened(content)


def _asked(image: ImageFile.ImageFile, most: Size, share: float) -> Size:
    finer = (_HELD / jpeg_encode.step_of(image)) ** _STEP_POWER
    scale = min(1.0, (share * finer) ** (1 / _SIDE_POWER) / _DRAFT_GAP)
    return still.inside(most, *still.scaled(image.size, scale))


def _too_small(pixels: Image.Image, recipe: Picture) -> bool:
    told = _mosaic(pixels, pixels.size, recipe)(_HELD)
    rest = recipe.most_bytes * _AIM / told
    return math.pow(rest, 1 / _SIDE_POWER) > _DRAFT_GAP


def _fitted(
    image: Image.Image, most: Size, recipe: Picture, turn: int
) -> tuple[float, bytes, Size]:
    least = still.inside(most, _LEAST_SIDE, _LEAST_SIDE)
    size = _foretold(image, most, least, recipe)
    step = _step(_mosaic(image, size, recipe), _HELD, recipe.most_bytes * _FORETOLD, _OF_SAMPLE)
    while True:
        pixels = still.turned(colour.to_srgb(flat.resized(image, size)), turn)
        made: dict[float, bytes] = {}

        def encode(
            step: float, pixels: Image.Image = pixels, made: dict[float, bytes] = made
        ) -> float:
            made[step] = jpeg_encode.encoded(pixels, step, progressive=recipe.progressive)
            return len(made[step])

        step = _step(encode, step, recipe.most_bytes, _OF_ALL)
        if step in made and len(made[step]) <= recipe.most_bytes:
            return step, made[step], pixels.size
        if size == least:
            raise Unusable(NEVER_FITS, f"no picture in {recipe.most_bytes} bytes")
        size = max(least, still.scaled(size, _SMALLER))


def _foretold(image: Image.Image, most: Size, least: Size, recipe: Picture) -> Size:
    """The largest size at which the held quality fits, or nearly.

    The last guess is not tried: the step makes up for what is wrong with it.
    """
    size = most
    seen: list[tuple[float, float]] = []
    for _ in range(_GUESSES):
        told = _mosaic(image, size, recipe)(_HELD)
        rest = recipe.most_bytes * _AIM / told
        seen.append((size[0] / most[0], told))
        better = _held(seen, most, least, rest)
        if better == size or 1 / _NEAR < rest < _NEAR:
            break
        size = better
        if len(seen) > 1 and 1 / _CLOSE < rest < _CLOSE:
            break
    return size


def _held(seen: list[tuple[float, float]], most: Size, least: Size, rest: float) -> Size:
    """Sides for the rest of the bytes; they grow by the power that was seen."""
    power = _SIDE_POWER
    if len(seen) > 1:
        (before, more), (now, told) = seen[-2:]
        power = min(_STEEPEST, max(1.0, math.log(told / more) / math.log(now / before)))
    scale = seen[-1][0] * rest ** (1 / power)
    return most if scale > _WHOLE else max(least, still.scaled(most, scale))


def _mosaic(image: Image.Image, size: Size, recipe: Picture) -> Callable[[float], float]:
    mosaic = colour.to_srgb(sample(image, size))
    times = growth(mosaic, size)

    def told(step: float) -> float:
        length = len(jpeg_encode.encoded(mosaic, step, progressive=recipe.progressive))
        return length + max(0, length - jpeg_encode.HEADER) * (times - 1)

    return told


def _step(measure: Callable[[float], float], step: float, most: float, fill: _Fill) -> float:
    """The finest step that was seen to fit; the last one tried, if none did."""
    over: float | None = None
    best: float | None = None
    for tried in range(1, _ENCODES + 1):
        size = measure(step)
        if size > most:
            over = step
            if step >= _COARSEST:
                break
        else:
            best = step
            if size >= most * fill.enough or step <= _FINEST:
                break
        if best and tried >= fill.tries:
            break
        step = _corrected(step, size, most * fill.aim)
        if best and over:  # tables have jumps, where a power tells nothing
            step = math.sqrt(over * best)
    return best or step


def _corrected(step: float, size: float, aim: float) -> float:
    wrong = max(1.0, size - jpeg_encode.HEADER) / max(1.0, aim - jpeg_encode.HEADER)
    return min(_COARSEST, max(_FINEST, step * math.pow(wrong, 1 / _STEP_POWER)))
