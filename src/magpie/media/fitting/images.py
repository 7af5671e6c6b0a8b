"""Pictures, whole: what one is, and what a recipe makes of it."""

from typing import Final

from PIL import Image, ImageFile

from magpie.media.fitting import colour, gif, gif_moving, jpeg, png, still, strip, strip_png
from magpie.media.recipe import Animation, Facts, Made, Picture, Strip
from magpie.media.sniff import sniff

_EIGHTH: Final = 8
_OPAQUE: Final = 255
_PROFILED_MODES: Final = frozenset({"CMYK", "LAB", "I", "F", "I;16", "I;16B", "I;16L", "I;16N"})


def probe(content: bytes, *, verify: bool) -> Facts:
    """Read the header, or everything: then a file that is cut off or damaged is told."""
    image = still.opened(content)
    kind, frames, turn = still.format_of(image), still.frames_of(image), still.orientation_of(image)
    with still.reading():
        icc, info = image.info.get("icc_profile"), dict(image.info)
        profiled = image.mode in _PROFILED_MODES or _deep(content) or colour.foreign(icc)
        width, height = still.shown(image.size, turn)
        tagged = strip.tagged(content, info)
        alpha = _decoded(image, frames) if verify else image.has_transparency_data
    return Facts(
        kind="image",
        format=kind,
        width=width,
        height=height,
        frames=frames,
        alpha=alpha,
        orientation=turn,
        profiled=profiled,
        tagged=tagged,
        progressive=bool(info.get("progressive")),
    )


def strip_of(content: bytes) -> tuple[Made, bytes]:
    image = still.opened(content)
    stripped = strip.strip(content)
    width, height = still.shown(image.size, still.orientation_of(image))
    kind = f"image/{still.format_of(image)}"
    return Made(content_type=kind, width=width, height=height), stripped


def fit(content: bytes, recipe: Strip | Picture | Animation) -> tuple[Made, bytes]:
    match recipe:
        case Strip():
            return strip_of(content)
        case Animation():
            return gif_moving.fit(content, recipe)
        case Picture(format="jpeg"):
            return jpeg.fit(content, recipe)
        case Picture(format="png"):
            return png.fit(content, recipe)
        case Picture():
            return gif.fit(content, recipe)


def _decoded(image: ImageFile.ImageFile, frames: int) -> bool:
    """Decode all of it, and tell whether something of the first frame can be seen through."""
    image.draft(None, (image.width // _EIGHTH, image.height // _EIGHTH))
    image.load()
    alpha = _see_through(image)
    for frame in range(1, frames):
        image.seek(frame)
        image.load()
    return alpha


def _see_through(image: Image.Image) -> bool:
    if not image.has_transparency_data:
        return False
    alpha = image.convert("RGBA") if "transparency" in image.info else image
    low, _ = alpha.getchannel("A").getextrema()
    assert isinstance(low, int | float)
    return low < _OPAQUE


def _deep(content: bytes) -> bool:
    return sniff(content) == "png" and strip_png.deep(content)
