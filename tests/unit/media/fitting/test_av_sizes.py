"""The shape of a film, by figures alone."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.media.fitting.sizes import CIF, QCIF, Given, shaped
from magpie.media.recipe import Film

FILMS = st.builds(
    Given,
    width=st.integers(16, 4096),
    height=st.integers(16, 4096),
    rate=st.floats(1, 240),
    bits=st.floats(1e3, 1e8),
    seconds=st.floats(0.1, 600),
)


@settings(max_examples=200)
@given(FILMS, st.floats(1e3, 1e7), st.floats(0.1, 10), st.integers(176, 1920))
def test_h264_keeps_to_its_level(film: Given, bits: float, hardness: float, side: int) -> None:
    """Even sides inside of the box, never enlarged, and not more than level 3.1 can do."""
    recipe = Film(format="mp4", most_bytes=1, most_width=side, most_height=side)
    shape = shaped(film, recipe, bits, hardness)
    assert max(shape.width, shape.height) <= side
    assert shape.width % 2 == shape.height % 2 == 0
    assert shape.width <= film.width + 1
    assert shape.height <= film.height + 1
    blocks = math.ceil(shape.width / 16) * math.ceil(shape.height / 16)
    assert blocks <= 3600
    assert blocks * shape.rate <= 108_000 * 1.03
    assert shape.rate <= film.rate


@settings(max_examples=100)
@given(FILMS, st.floats(1e3, 1e7), st.floats(0.1, 10))
def test_h263_knows_two_sizes(film: Given, bits: float, hardness: float) -> None:
    """One of two sizes with the whole picture inside, at 15 pictures a second at most."""
    recipe = Film(format="3gp", most_bytes=1, most_width=352, most_height=288)
    shape = shaped(film, recipe, bits, hardness)
    assert (shape.width, shape.height) in {CIF, QCIF}
    assert shape.inner[0] <= shape.width
    assert shape.inner[1] <= shape.height
    assert shape.rate <= 15


@given(FILMS, st.floats(1e3, 1e6))
def test_more_bits_never_mean_less_picture(film: Given, bits: float) -> None:
    """Twice the bits give at least the picture rate and size that half of them gave."""
    recipe = Film(format="mp4", most_bytes=1, most_width=1280, most_height=1280)
    less, more = shaped(film, recipe, bits, 1), shaped(film, recipe, bits * 2, 1)
    assert more.rate >= less.rate or more.width * more.height > less.width * less.height
