"""An animation as GIF that still moves: smaller first, then of fewer colours, frames thinned last.

Frames are decoded once, at a size near the one that they will have, and share one palette.
"""

import io
import math
from typing import Final, NamedTuple

from PIL import Image, ImageFile

from magpie.media.fitting import colour, flat, still
from magpie.media.fitting.search import Found, largest
from magpie.media.recipe import NEVER_FITS, Animation, Made, Unusable

_SHAPE: Final = 1.8
_SLOPE: Final = _SHAPE * math.log(2)
_KEPT_PIXELS: Final = 40_000_000
_SAMPLES: Final = 12
_SAMPLE_SIDE: Final = 160
_SHORTEST_MS: Final = 20
_USUAL_MS: Final = 100
_OPAQUE: Final = 128


class Rung(NamedTuple):
    """So many colours, one frame of so many, at least at this scale; `share` of the bytes."""

    colours: int
    every: int
    least: float
    share: float


_LADDER: Final = (
    Rung(255, 1, 0.6, 1.0),
    Rung(128, 1, 0.5, 0.85),
    Rung(64, 1, 0.42, 0.68),
    Rung(32, 1, 0.34, 0.52),
    Rung(32, 2, 0.3, 0.3),
    Rung(32, 4, 0.0, 0.16),
)


class Frames(NamedTuple):
    """Composited, in RGBA where something can be seen through; `times` in milliseconds."""

    images: list[Image.Image]
    times: list[int]
    loop: int | None
    clear: bool


def fit(content: bytes, recipe: Animation) -> tuple[Made, bytes]:
    image = still.opened(content)
    count = still.frames_of(image)
    bound = still.inside(image.size, recipe.most_width, recipe.most_height)
    affordable = math.sqrt(_KEPT_PIXELS / (count * bound[0] * bound[1]))
    # A GIF as large as this one is about as many times too large in pixels.
    guess = (recipe.most_bytes / len(content)) ** (1 / _SHAPE) * 1.6
    scale = min(1.0, affordable, max(guess, flat.least(bound) * 2, 0.1))
    frames = _frames(image, still.scaled(bound, scale))
    return _down(frames, recipe.most_bytes, scale)


def _down(frames: Frames, most_bytes: int, at_most: float) -> tuple[Made, bytes]:
    """Take the first rung on which the animation need not be too small."""
    first = 0.0
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
    palette = _palette(frames, rung.colours)

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
        frames=len(frames.images[:: rung.every]),
        quality=float(rung.colours),
        note="" if rung.every == 1 else f"one frame of {rung.every}",
    ), found.content


def _frames(image: ImageFile.ImageFile, size: tuple[int, int]) -> Frames:
    images, times, clear = [], [], False
    with still.reading():
        for n in range(still.frames_of(image)):
            image.seek(n)
            times.append(_time(image))
            frame = image.convert("RGBA" if image.has_transparency_data else "RGB")
            if frame.mode == "RGBA" and frame.getchannel("A").getextrema()[0] == 255:  # noqa: PLR2004
                frame = frame.convert("RGB")
            if frame.mode == "RGB":
                frame = colour.to_srgb(frame)
            clear = clear or frame.mode == "RGBA"
            images.append(flat.resized(frame, size))
        loop = image.info.get("loop")
    return Frames(images, times, loop if isinstance(loop, int) else None, clear)


def _time(image: Image.Image) -> int:
    """Browsers take what is shorter than two hundredths for a tenth of a second."""
    given = image.info.get("duration", _USUAL_MS)
    given = int(given) if isinstance(given, int | float) else _USUAL_MS
    return given if given >= _SHORTEST_MS else _USUAL_MS


def _palette(frames: Frames, colours: int) -> Image.Image:
    """One for all: of some frames spread over the whole, side by side."""
    step = max(1, len(frames.images) // _SAMPLES)
    chosen = frames.images[::step]
    width, height = frames.images[0].size
    small = still.inside((width, height), _SAMPLE_SIDE, _SAMPLE_SIDE)
    sheet = Image.new("RGB", (small[0], small[1] * len(chosen)))
    for n, frame in enumerate(chosen):
        sheet.paste(frame.convert("RGB").resize(small), (0, n * small[1]))
    return sheet.quantize(colours, Image.Quantize.MEDIANCUT)


def _encode(frames: Frames, rung: Rung, palette: Image.Image, at: float) -> bytes:
    size = still.scaled(frames.images[0].size, 2**at)
    shown = [
        _indexed(flat.resized(frame, size), palette, rung.colours, clear=frames.clear)
        for frame in frames.images[:: rung.every]
    ]
    every = rung.every
    times = [sum(frames.times[n : n + every]) for n in range(0, len(frames.times), every)]
    buffer = io.BytesIO()
    options = {} if frames.loop is None else {"loop": frames.loop}
    if frames.clear:
        options |= {"transparency": rung.colours, "disposal": 2}
    shown[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=shown[1:],
        duration=times,
        optimize=False,
        **options,
    )
    return buffer.getvalue()


def _indexed(frame: Image.Image, palette: Image.Image, colours: int, *, clear: bool) -> Image.Image:
    indexed = frame.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    if clear and frame.mode == "RGBA":
        hidden = frame.getchannel("A").point(lambda value: 255 if value < _OPAQUE else 0)
        indexed.paste(colours, mask=hidden)
    return indexed
