"""What libx264 is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import x264
from magpie.media.fitting.sizes import Shape

MAKES = """
import hashlib, sys
from magpie.media.fitting import films
from magpie.media.recipe import Film
recipe = Film(format="mp4", most_bytes=30_000, most_width=1280, most_height=1280)
_, content = films.fit(sys.stdin.buffer.read(), recipe)
print(hashlib.sha256(content).hexdigest())
"""


def shape(width: int, height: int, rate: float) -> Shape:
    return Shape(width, height, (width, height), rate)


@pytest.mark.parametrize(
    ("width", "height", "rate", "level"),
    [
        (176, 144, 15, "3.0"),
        (640, 480, 30, "3.0"),
        (720, 576, 25, "3.0"),
        (720, 576, 30, "3.1"),
        (1280, 720, 30, "3.1"),
    ],
)
def test_the_level_is_the_least_that_holds_the_shape(
    width: int, height: int, rate: float, level: str
) -> None:
    """H.264 table A-1: blocks of a picture, and blocks of a second."""
    assert x264.options(shape(width, height, rate), 28.0)["level"] == level


def test_the_factor_is_told_as_it_is() -> None:
    """Two places are enough for a search that ends."""
    assert x264.options(shape(320, 240, 30), 31.92275)["crf"] == "31.92"


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("flags : sse4_2 avx avx2 fma bmi2 avx512f avx512bw", True),
        ("flags : sse4_2 avx avx2 fma bmi2", False),
        ("flags : sse2", False),
        ("Features : fp asimd", False),
    ],
)
def test_only_a_processor_that_has_more_is_told_to_use_less(
    tmp_path: Path, flags: str, told: bool
) -> None:
    """One without AVX2 would stop at the first instruction it does not know."""
    processor = tmp_path / "cpuinfo"
    processor.write_text(flags)
    assert bool(x264.steady(processor)) == told


def test_a_processor_that_says_nothing_is_told_nothing(tmp_path: Path) -> None:
    """There is no such file but on Linux."""
    assert x264.steady(tmp_path / "none") == {}


def test_what_memory_held_before_is_not_seen_in_a_film() -> None:
    """The same film is made whatever the memory that it is made in was filled with."""
    film = clips.film(0.5)
    made = {_made(film, filled) for filled in ("0", "1", "85")}
    assert len(made) == 1


def _made(film: bytes, filled: str) -> bytes:
    environment = {**os.environ, "MALLOC_PERTURB_": filled}
    ran = subprocess.run(
        [sys.executable, "-c", MAKES], input=film, env=environment, capture_output=True, check=True
    )
    return ran.stdout.strip()
