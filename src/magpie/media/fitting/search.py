"""Finds the setting of an encoder at which its result just fits: few encodes, none wasted."""

import math
from collections.abc import Callable
from typing import NamedTuple

from magpie.media.recipe import NEVER_FITS, Unusable

_ENOUGH = 0.92
_AIM = 0.965
_MOST_TRIES = 6


class Found(NamedTuple):
    at: float
    content: bytes


def largest(
    encode: Callable[[float], bytes],
    most_bytes: int,
    *,
    first: float,
    low: float,
    high: float,
    slope: float,
    tries: int = _MOST_TRIES,
) -> Found:
    """The largest setting from `low` to `high` that fits; at least 92 % of the bytes are used.

    The logarithm of the bytes grows with the setting by about `slope`, which is learnt anew from
    each two results. Raises Unusable when not even `low` fits.
    """
    best: Found | None = None
    over: tuple[float, int] | None = None
    last: tuple[float, int] | None = None
    at = min(high, max(low, first))
    for _ in range(tries):
        content = encode(at)
        size = len(content)
        if last is not None and last[0] != at and size != last[1]:
            learnt = math.log(size / last[1]) / (at - last[0])
            slope = learnt if learnt > slope / 4 else slope
        last = (at, size)
        if size <= most_bytes and (best is None or size > len(best.content)):
            best = Found(at, content)
            if at >= high or size >= _ENOUGH * most_bytes:
                return best
        elif size > most_bytes:
            over = last
            if at <= low:
                break
        at += math.log(_AIM * most_bytes / size) / slope
        at = _within(at, best, over, low, high)
    if best is None:
        content = encode(low)
        if len(content) > most_bytes:
            raise Unusable(NEVER_FITS, f"{len(content)} bytes at least, {most_bytes} are left")
        best = Found(low, content)
    return best


def _within(
    at: float, best: Found | None, over: tuple[float, int] | None, low: float, high: float
) -> float:
    """Between what is known to fit and what is known to be too much."""
    floor = best.at if best else low
    ceiling = over[0] if over else high
    if not floor < at < ceiling and over is not None and best is not None:
        return (floor + ceiling) / 2
    return min(ceiling, max(floor, at)) if over is None or at < ceiling else (floor + ceiling) / 2
