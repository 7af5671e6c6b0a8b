"""What libx264 is told: a baseline that every phone plays, and the same bytes each time."""

import math
from pathlib import Path
from typing import Final

from magpie.media.fitting.sizes import Shape

_LEVELS: Final = ((1620, 40_500, "3.0", 10_000), (3600, 108_000, "3.1", 14_000))
"""Blocks of a picture and of a second, level and kilobits a second (H.264 table A-1)."""


def options(shape: Shape, factor: float) -> dict[str, str]:
    """`factor` is the constant rate factor: 18 is very good, 42 very bad."""
    level, kilobits = _level(shape)
    return {
        "preset": "veryfast",
        "profile": "baseline",
        "level": level,
        "maxrate": f"{kilobits}k",
        "bufsize": f"{kilobits}k",
        "crf": f"{factor:.2f}",
        "a53cc": "0",
        "threads": "1",
        **_STEADY,
    }


def _level(shape: Shape) -> tuple[str, int]:
    blocks = math.ceil(shape.width / 16) * math.ceil(shape.height / 16)
    for most, most_a_second, level, kilobits in _LEVELS:
        if blocks <= most and blocks * shape.rate <= most_a_second:
            return level, kilobits
    return _LEVELS[-1][2], _LEVELS[-1][3]


def steady(processor: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """Leave out AVX-512: there the macroblock tree reads memory that nothing has written.

    The film comes out another each time, by up to 5 % of its bytes. A processor that has it has
    the rest; no other may be told what to use, for libx264 would believe it.
    """
    try:
        known = processor.read_text()
    except OSError:
        return {}
    return {"x264-params": "asm=AVX2,FMA3,BMI2,LZCNT"} if "avx512f" in known else {}


_STEADY: Final = steady()
