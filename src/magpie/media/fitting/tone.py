"""Films of a high dynamic range, brought to what every phone shows (ITU-R BT.2100 and BT.709).

Phones film in HLG, some in PQ, with the primaries of BT.2020. H.264 keeps the levels, and most
players take them for ordinary ones: the film is dull and its colours are wrong.
"""

from collections.abc import Callable
from functools import cache
from math import exp
from typing import Final

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, ColorTrc, VideoReformatter
from PIL import Image, ImageFilter

_BT709: Final = 1
_GRID: Final = 25
"""Points of a side of the cube of colours: between them is a straight line."""
_WHITE: Final = 203.0
"""Candelas of what is white in an ordinary film (BT.2408)."""
_HLG_PEAK: Final = 1000.0
_HLG: Final = (0.17883277, 0.28466892, 0.55991073)
_HLG_GAMMA: Final = 1.2
_PQ: Final = (1305 / 8192, 2523 / 32, 107 / 128, 2413 / 128, 2392 / 128)
_LUMA: Final = (0.2627, 0.6780, 0.0593)
_TO_709: Final = (
    (1.6605, -0.5876, -0.0728),
    (-0.1246, 1.1329, -0.0083),
    (-0.0182, -0.1006, 1.1187),
)
_KNEE: Final = 0.7
"""Of white: what is brighter is pressed together."""
_DISPLAY: Final = 2.4

_Colour = tuple[float, float, float]


def is_high(frame: VideoFrame) -> bool:
    return frame.color_trc in {ColorTrc.ARIB_STD_B67, ColorTrc.SMPTE2084}


def mapped(frame: VideoFrame) -> VideoFrame:
    """As yuv420p in BT.709."""
    rgb = VideoReformatter().reformat(
        frame, format="rgb24", dst_color_range=ColorRange.JPEG, threads=1
    )
    plane = rgb.planes[0]
    size = rgb.width, rgb.height
    image = Image.frombuffer("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)
    shown = image.filter(_table(frame.color_trc == ColorTrc.SMPTE2084))
    plane.update(shown.tobytes("raw", "RGB", plane.line_size, 1))
    made = VideoReformatter().reformat(
        rgb,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    made.colorspace = made.color_primaries = made.color_trc = _BT709
    return made


@cache
def _table(pq: bool) -> ImageFilter.Color3DLUT:  # noqa: FBT001
    return ImageFilter.Color3DLUT.generate(_GRID, lambda *rgb: _shown(_light(rgb, pq=pq)))


def _light(signal: _Colour, *, pq: bool) -> _Colour:
    """Light of the display, of which 1 is white."""
    if pq:
        return _each(_pq, signal)
    scene = _each(_hlg, signal)
    luma = sum(weight * value for weight, value in zip(_LUMA, scene, strict=True))
    gain = _HLG_PEAK / _WHITE * luma ** (_HLG_GAMMA - 1)
    return _each(lambda value: gain * value, scene)


def _pq(value: float) -> float:
    m1, m2, c1, c2, c3 = _PQ
    root = value ** (1 / m2)
    return float(10_000 / _WHITE * (max(0.0, root - c1) / (c2 - c3 * root)) ** (1 / m1))


def _hlg(value: float) -> float:
    a, b, c = _HLG
    return value * value / 3 if value <= 1 / 2 else (exp((value - c) / a) + b) / 12


def _shown(light: _Colour) -> _Colour:
    """All three of a colour are pressed alike, so that it stays that colour."""
    red, green, blue = (
        max(0.0, sum(factor * value for factor, value in zip(row, light, strict=True)))
        for row in _TO_709
    )
    most = max(red, green, blue)
    gain = _pressed(most) / most if most > _KNEE else 1.0
    return _each(lambda value: (gain * value) ** (1 / _DISPLAY), (red, green, blue))


def _pressed(value: float) -> float:
    return _KNEE + (1 - _KNEE) * (1 - exp((_KNEE - value) / (1 - _KNEE)))


def _each(change: Callable[[float], float], colour: _Colour) -> _Colour:
    red, green, blue = colour
    return change(red), change(green), change(blue)
