"""Files that were made to hurt whoever opens them (reliability.md section 5), as they come."""

import io
from collections.abc import Callable
from typing import Final

import pillow_heif
from PIL import Image
from tests import pictures
from tests.vectors import moving, others, stills
from tests.vectors.vector import Vector

NAMED: Final[list[Vector]] = [*stills.VECTORS, *moving.VECTORS, *others.VECTORS]
CUTS: Final = 64


def heic(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=80)
    return buffer.getvalue()


def _of(kind: str) -> Callable[[], bytes]:
    return lambda: pictures.encoded(pictures.scene(96, 72), kind)


WHOLE: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "jpeg": ("image/jpeg", lambda: pictures.photo(200, 150)),
    "progressive jpeg": ("image/jpeg", lambda: pictures.photo(200, 150, progressive=True)),
    "png": ("image/png", pictures.png),
    "apng": ("image/png", lambda: stills.apng_of(60, 40, 5)),
    "gif": ("image/gif", lambda: pictures.animation(60, 40, 4)),
    "webp": ("image/webp", _of("webp")),
    "moving webp": ("image/webp", lambda: stills.webp_of(16, 16, 5)),
    "avif": ("image/avif", _of("avif")),
    "heic": ("image/heic", lambda: heic(pictures.scene(96, 72))),
    "tiff": ("image/tiff", _of("tiff")),
    "bmp": ("image/bmp", _of("bmp")),
    "mp4": ("video/mp4", moving.clip),
    "mp3": ("audio/mpeg", lambda: moving.sound("mp3", "libmp3lame", 44_100)),
    "ogg": ("audio/ogg", lambda: moving.sound("ogg", "libopus", 48_000)),
    "amr": ("audio/amr", lambda: moving.sound("amr", "libopencore_amrnb", 8_000)),
    "3gp": ("audio/3gpp", lambda: moving.sound("3gp", "libopencore_amrnb", 8_000)),
    "wav": ("audio/vnd.wave", lambda: moving.sound("wav", "pcm_s16le", 8_000)),
}
"""Good files of every kind, by the type that they are called."""


def cut_off(content: bytes) -> list[bytes]:
    """Ended at so many places; never at the end."""
    return [content[: len(content) * n // CUTS] for n in range(CUTS)]
