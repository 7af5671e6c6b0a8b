"""The setting at which a result just fits is found in few encodes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.fitting.search import largest
from magpie.media.recipe import NEVER_FITS, Unusable


@given(st.floats(0.01, 0.08), st.floats(500, 50_000), st.integers(1_000, 400_000), st.floats(0, 92))
def test_the_bytes_are_used(steep: float, base: float, most: int, first: float) -> None:
    """Whatever the encoder's curve: never too much, and nine tenths unless there is no more."""
    encodes: list[float] = []

    def encode(at: float) -> bytes:
        encodes.append(at)
        return bytes(int(base * math.exp(steep * at)))

    if int(base) > most:
        with pytest.raises(Unusable, match=str(NEVER_FITS)):
            largest(encode, most, first=first, low=0, high=92, slope=0.03)
        return
    found = largest(encode, most, first=first, low=0, high=92, slope=0.03)
    assert len(found.content) <= most
    assert len(encodes) <= 7
    tight = len(found.content) >= 0.85 * most or found.at > 91
    assert tight or len(encodes) == 6 or base * 0.99 > 0.85 * most


def test_what_never_fits_is_told() -> None:
    """Not even the lowest setting is small enough."""
    with pytest.raises(Unusable, match="30019"):
        largest(lambda _: bytes(1000), 999, first=50, low=35, high=92, slope=0.03)
