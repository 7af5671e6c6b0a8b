"""A picture as the best JPEG of so many bytes.

At the same bytes, a picture that is smaller and finer is better than a large coarse one, down to
about quality 82 (the least loss of SSIM seen at full size and on a screen). So that quality is
held while the picture is made smaller, and rises once it may have its whole size.
"""

import math
from typing import Final

from PIL import Image, ImageFile

from magpie.media.fitting import colour, jpeg_encode, still
from magpie.media.fitting.still_sample import growth, resized, sample
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
_ENOUGH: Final = 0.92
_ENCODES: Final = 5
_GUESSES: Final = 4
_NEAR: Final = 1.1
_WHOLE: Final = 0.93
"""Of the sides: what is nearly the whole is not worth a resize."""
_SMALLER: Final = 0.7
_LEAST_SIDE: Final = 64
_DRAFT_GAP: Final = 1.15
"""A draft may be so much smaller than the best size: it then gets a finer step, and decodes twice
as fast."""

Size = tuple[int, int]


def fit(content: bytes, recipe: Picture) -> tuple[Made, bytes]:
    image = still.opened(content)
    turn = still.orientation_of(image)
    bounds = still.shown((recipe.most_width, recipe.most_height), turn)
    most = still.inside(image.size, *bounds)
    pixels = flat(_drafted(image, most, recipe.most_bytes, len(content)))
    most = still.inside(pixels.size, *most)
    step, result, size = _fitted(pixels, most, recipe, turn)
    made = Made(
        content_type="image/jpeg",
        width=size[0],
        height=size[1],
        quality=jpeg_encode.quality_of(step),
    )
    return made, result


def flat(image: Image.Image) -> Image.Image:
    """On white, and in a mode that can be resized."""
    if image.has_transparency_data:
        layer = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        ground.info = dict(image.info)
        return ground
    return image if image.mode in {"RGB", "L", "CMYK"} else colour.to_srgb(image)


def _drafted(image: ImageFile.ImageFile, most: Size, most_bytes: int, size: int) -> Image.Image:
    """Decode no more of a JPEG than the result needs, which its own bytes foretell."""
    if still.format_of(image) == "jpeg":
        finer = (_HELD / jpeg_encode.step_of(image)) ** _STEP_POWER
        scale = min(1.0, (most_bytes / size * finer) ** 0.5 / _DRAFT_GAP)
        asked = still.inside(most, *still.scaled(image.size, scale))
        image.draft(None, asked)
    return still.loaded(image)


def _fitted(
    image: Image.Image, most: Size, recipe: Picture, turn: int
) -> tuple[float, bytes, Size]:
    least = still.inside(most, _LEAST_SIDE, _LEAST_SIDE)
    size, step = _foretold(image, most, least, recipe)
    best: tuple[float, bytes, Size] | None = None
    pixels: Image.Image | None = None
    over = 0.0
    for _ in range(_ENCODES):
        pixels = pixels or still.turned(colour.to_srgb(resized(image, size)), turn)
        result = jpeg_encode.encoded(pixels, step, progressive=recipe.progressive)
        fits = len(result) <= recipe.most_bytes
        if fits and (best is None or len(result) > len(best[1])):
            best = step, result, pixels.size
        if best and (step <= _FINEST or len(best[1]) >= recipe.most_bytes * _ENOUGH):
            break
        if step >= _COARSEST:
            size, pixels = max(least, still.scaled(size, _SMALLER)), None
            continue
        over = over if fits else max(over, step)
        step = _corrected(step, len(result), recipe.most_bytes)
        if best and over:  # near a jump of the tables a power tells nothing
            step = (over * best[0]) ** 0.5
    if best is None:
        raise Unusable(NEVER_FITS, f"no picture in {recipe.most_bytes} bytes")
    return best


def _foretold(image: Image.Image, most: Size, least: Size, recipe: Picture) -> tuple[Size, float]:
    """The size at which the held quality fits, then the step which fills the rest."""
    size, step, sizing = most, _HELD, True
    seen: list[tuple[float, float]] = []
    for _ in range(_GUESSES):
        told = _told(image, size, step, progressive=recipe.progressive)
        rest = recipe.most_bytes * _AIM / told
        better = size
        if sizing and not 1 / _NEAR < rest < _NEAR:
            seen.append((size[0] / most[0], told))
            better = _held(seen, most, least, rest)
        if better == size:
            sizing, step = False, _corrected(step, told, recipe.most_bytes)
            if 1 / _NEAR < rest < _NEAR:
                break
        size = better
    return size, step


def _held(seen: list[tuple[float, float]], most: Size, least: Size, rest: float) -> Size:
    """Sides for the rest of the bytes, at the same step; the power as it was seen."""
    power = _SIDE_POWER
    if len(seen) > 1:
        (before, more), (now, told) = seen[-2:]
        power = min(_STEEPEST, max(1.0, math.log(told / more) / math.log(now / before)))
    scale = seen[-1][0] * rest ** (1 / power)
    return most if scale > _WHOLE else max(least, still.scaled(most, scale))


def _told(image: Image.Image, size: Size, step: float, *, progressive: bool) -> float:
    mosaic = colour.to_srgb(sample(image, size))
    length = len(jpeg_encode.encoded(mosaic, step, progressive=progressive))
    return length + (length - jpeg_encode.HEADER) * (growth(mosaic, size) - 1)


def _corrected(step: float, size: float, most_bytes: int) -> float:
    body = max(1.0, most_bytes * _AIM - jpeg_encode.HEADER)
    wrong = max(1.0, size - jpeg_encode.HEADER) / body
    return min(_COARSEST, max(_FINEST, step * wrong ** (1 / _STEP_POWER)))
