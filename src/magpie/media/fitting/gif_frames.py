"""Frames of an animation as they are shown, and as they are drawn one over the other."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from PIL import Image, ImageChops, ImageFile

from magpie.media.fitting import colour, flat, still
from magpie.media.fitting.gif_stream import Frame, Table

_SHORTEST_MS: Final = 20
_USUAL_MS: Final = 100
_OPAQUE: Final = 255
_MOST_TOLERATED: Final = 16
_HALF: Final = 128
_SAMPLES: Final = 12
_SAMPLE_SIDE: Final = 160


class Frames(NamedTuple):
    """Composited, in RGBA where something can be seen through; `times` in milliseconds."""

    images: list[Image.Image]
    times: list[float]
    loop: int | None
    clear: bool


def read(image: ImageFile.ImageFile, size: tuple[int, int]) -> Frames:
    images, times, clear = [], [], False
    with still.reading():
        for number in range(still.frames_of(image)):
            image.seek(number)
            shown = flat.resized(_shown(image), size)
            times.append(_time(image))
            clear = clear or shown.mode == "RGBA"
            images.append(shown)
        loop = image.info.get("loop")
    return Frames(images, times, loop if isinstance(loop, int) else None, clear)


def _shown(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        frame = image.convert("RGBA")
        if frame.getchannel("A").getextrema()[0] != _OPAQUE:
            return frame
    return colour.to_srgb(image.convert("RGB"))


def _time(image: Image.Image) -> float:
    """Browsers take what is shorter than two hundredths for a tenth of a second."""
    given = image.info.get("duration", _USUAL_MS)
    return float(given) if isinstance(given, int | float) and given >= _SHORTEST_MS else _USUAL_MS


def palette(frames: Frames, colours: int) -> Image.Image:
    """One for all: of some frames spread over the whole, side by side."""
    chosen = frames.images[:: max(1, len(frames.images) // _SAMPLES)]
    width, height = still.inside(frames.images[0].size, _SAMPLE_SIDE, _SAMPLE_SIDE)
    sheet = Image.new("RGB", (width, height * len(chosen)))
    for number, frame in enumerate(chosen):
        sheet.paste(frame.convert("RGB").resize((width, height)), (0, number * height))
    return sheet.quantize(colours, Image.Quantize.MEDIANCUT)


def table_of(frames: Frames, colours: Image.Image, count: int) -> Table:
    return Table(bytes(colours.getpalette() or [])[: 3 * count], count, frames.clear)


def drawn(
    frames: Frames, colours: Image.Image, table: Table, every: int, size: tuple[int, int]
) -> Iterator[Frame]:
    """One frame of `every`, for as long as all of them were shown."""
    before: Image.Image | None = None
    waiting: Frame | None = None
    ends = 0.0
    for number in range(0, len(frames.images), every):
        ends += sum(frames.times[number : number + every])
        image = flat.resized(frames.images[number], size)
        if frames.clear:
            indices, hidden = _clear(image)
        else:
            indices, hidden, before = _changed(image, before, table.see_through)
        box = ImageChops.invert(hidden).getbbox() if hidden else (0, 0, *size)
        if box is None and waiting is not None and not frames.clear:
            waiting = waiting._replace(ends=ends)  # the same picture for longer
            continue
        if waiting is not None:
            yield waiting
        waiting = _frame(indices, hidden, box or (0, 0, 1, 1), colours, table, ends)
    if waiting is not None:
        yield waiting


def _frame(
    image: Image.Image,
    hidden: Image.Image | None,
    box: tuple[int, int, int, int],
    colours: Image.Image,
    table: Table,
    ends: float,
) -> Frame:
    indices = image.crop(box).quantize(palette=colours, dither=Image.Dither.NONE)
    if hidden:
        indices.paste(table.see_through, mask=hidden.crop(box))
    return Frame(indices, (box[0], box[1]), ends)


def _clear(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode != "RGBA":
        return image, None
    hidden = image.getchannel("A").point([255] * _HALF + [0] * _HALF)
    return image.convert("RGB"), hidden


def _changed(
    image: Image.Image, before: Image.Image | None, colours: int
) -> tuple[Image.Image, Image.Image | None, Image.Image]:
    """Hide what is on the screen already, or nearly.

    The noise that dithering leaves in every frame costs more bytes than all movement.
    """
    if image.mode != "RGB":
        image = image.convert("RGB")
    if before is None:
        return image, None, image
    red, green, blue = ImageChops.difference(image, before).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    bound = _tolerance(colours)
    same = most.point([255] * bound + [0] * (256 - bound))
    return image, same, Image.composite(before, image, same)


def _tolerance(colours: int) -> int:
    """Levels of 256: about half of the way between two colours of a table this large."""
    return min(_MOST_TOLERATED, round(64 / math.cbrt(colours)))
