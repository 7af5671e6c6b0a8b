"""Everything that a child may want of the disk: it has none, so that no import may come later."""

import codecs
import importlib
import pkgutil
from typing import Final

import av
import pi_heif
from PIL import AvifImagePlugin, Image

_CODECS: Final = (
    *("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("cp1252", "cp437", "mac-roman", "shift-jis", "idna"),
)
# A command and a downloader.
_NOT_WANTED: Final = frozenset({"av.__main__", "av.datasets"})


def everything() -> None:
    """Set the libraries to one thread, too: most children may have no more."""
    Image.init()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pi_heif.register_heif_opener(decode_threads=0, thumbnails=False)
    av.logging.set_level(None)
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if module.name not in _NOT_WANTED:
            importlib.import_module(module.name)
    for name in _CODECS:
        codecs.lookup(name)
