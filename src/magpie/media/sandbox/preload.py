"""Everything that a child may want of the disk: it has none, so that no import may come later."""

import codecs
from typing import Final

import av
import pi_heif  # type: ignore[import-untyped]
from PIL import Image

_CODECS: Final = (
    "ascii",
    "latin-1",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp437",
    "mac-roman",
    "shift-jis",
    "idna",
)


def everything() -> None:
    Image.init()
    pi_heif.register_heif_opener()
    # One thread is as many as a child may have.
    pi_heif.options.DECODE_THREADS = 1
    av.logging.set_level(None)
    for name in _CODECS:
        codecs.lookup(name)
