from collections.abc import Callable
from typing import NamedTuple

FINE, BROKEN, EXCESSIVE, EMPTY, NEVER_FITS = 0, 12300, 11751, 63019, 30019
ANY = frozenset({FINE, BROKEN, EXCESSIVE, NEVER_FITS})


class Vector(NamedTuple):
    """A file, the type that its sender says it is of, and the codes that it may end with."""

    name: str
    content_type: str
    make: Callable[[], bytes]
    codes: frozenset[int]


def vector(name: str, content_type: str, make: Callable[[], bytes] | bytes, *codes: int) -> Vector:
    """Without codes, any of ours will do: decoders differ in what they mend."""
    made = make if callable(make) else lambda: make
    return Vector(name, content_type, made, frozenset(codes) or ANY)
