"""Memory of large pictures, given back as soon as they are gone."""

import ctypes
from typing import Final

_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1 << 20
_tune: Final = getattr(ctypes.CDLL(None), "mallopt", None)


def returned() -> None:
    """Have each picture of a film in pages of its own.

    glibc learns to keep what is large in its heap, and there small ones that stay stand between
    large ones that go: three seconds in 4K took 490 MB, of which 280 held nothing. Other libraries
    have no such call.
    """
    if _tune is not None:
        _tune(_MMAP_THRESHOLD, _LARGE)
