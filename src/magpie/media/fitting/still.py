"""One door to Pillow: only allowed formats, budgets before pixels, one kind of failure."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import pi_heif
from PIL import AvifImagePlugin, Image, ImageFile, TiffImagePlugin, WebPImagePlugin

from magpie.media.fitting import gif_blocks, strip_jpeg
from magpie.media.recipe import (
    BROKEN,
    EXCESSIVE,
    MOST_FRAME_PIXELS,
    MOST_FRAMES,
    MOST_PIXELS,
    MOST_SIDE,
    Unusable,
)
from magpie.media.sniff import sniff

FORMATS: Final = {
    "jpeg": ("JPEG",),
    "png": ("PNG",),
    "gif": ("GIF",),
    "webp": (WebPImagePlugin.WebPImageFile.format,),
    "heif": ("HEIF", "AVIF"),  # the brand mif1 stands for both
    "avif": (AvifImagePlugin.AvifImageFile.format,),
    "tiff": (TiffImagePlugin.TiffImageFile.format,),
    "bmp": ("BMP",),
}
ORIENTATION: Final = 0x0112
_NAMES: Final = {"MPO": "jpeg", "DIB": "bmp"}
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = 5
_ANIMATED: Final = frozenset({"gif", "webp", "png", "avif"})
_WHY: Final = 120

# Also what Pillow itself looks at before it makes room for pixels.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pi_heif.register_heif_opener(decode_threads=0, thumbnails=False)


@contextmanager
def reading() -> Iterator[None]:
    """Decoders fail on bad data in a dozen ways, and each means the same."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Unusable, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise Unusable(EXCESSIVE, "too many pixels") from error
    except Exception as error:
        raise Unusable(BROKEN, str(error)[:_WHY] or type(error).__name__) from error


def opened(content: bytes) -> ImageFile.ImageFile:
    """Read the header; nothing is decoded."""
    kind = sniff(content) or ""
    if kind not in FORMATS:
        raise Unusable(BROKEN, "not a picture")
    with reading():
        _look(kind, content)
        image = Image.open(BytesIO(content), formats=FORMATS[kind])
        within(image.width, image.height, frames_of(image))
    return image


def _look(kind: str, content: bytes) -> None:
    """What Pillow would only tell after more work than the header is worth."""
    if kind == "gif":
        within(*gif_blocks.screen(content, MOST_FRAMES)[:3])
    elif kind == "webp" and content[12:16] == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        within(width, int.from_bytes(content[27:30], "little") + 1, 1)
    elif kind == "jpeg":
        strip_jpeg.scans_of(content)


def within(width: int, height: int, frames: int) -> None:
    pixels = width * height
    if pixels > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Unusable(EXCESSIVE, f"{width} x {height} pixels")
    if frames > MOST_FRAMES:
        raise Unusable(EXCESSIVE, f"more than {MOST_FRAMES} frames")
    if frames > 1 and frames * pixels > MOST_FRAME_PIXELS:
        raise Unusable(EXCESSIVE, f"{frames} frames of {width} x {height} pixels")
    if min(width, height) < 1:
        raise Unusable(BROKEN, "no pixels")


def format_of(image: ImageFile.ImageFile) -> str:
    name = image.format or ""
    return _NAMES.get(name, name.lower())


def frames_of(image: ImageFile.ImageFile) -> int:
    """Pictures that follow each other in time; pages and thumbnails are none."""
    if format_of(image) not in _ANIMATED:
        return 1
    return max(1, int(getattr(image, "n_frames", 1)))


def loaded(image: ImageFile.ImageFile) -> ImageFile.ImageFile:
    with reading():
        image.load()
    return image


def orientation_of(image: Image.Image) -> int:
    """As EXIF tells it: 1 to 8; TIFF and HEIF turn their pixels themselves."""
    if image.format in {"TIFF", "HEIF"}:
        return 1
    return exif_orientation(image.info.get("exif", b""))


def exif_orientation(exif: bytes) -> int:
    turn = exif_entries(exif).get(ORIENTATION, 1)
    return turn if isinstance(turn, int) and turn in _TURNS else 1


def exif_entries(exif: bytes) -> Image.Exif:
    """A block that cannot be read has no entries."""
    entries = Image.Exif()
    try:
        with reading():
            entries.load(exif)
    except Unusable:
        return Image.Exif()
    return entries


def turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def shown(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Sides before and after turning: the same function for both ways."""
    width, height = size
    return (height, width) if orientation >= _SIDEWAYS else (width, height)


def inside(size: tuple[int, int], most_width: int, most_height: int) -> tuple[int, int]:
    """Sides of the largest picture of this shape that fits; never larger than it was."""
    scale = min(1.0, most_width / size[0], most_height / size[1])
    return scaled(size, scale)


def scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
