"""Films of a high dynamic range, as every phone is to show them."""

import io
from array import array
from math import log, sqrt
from typing import Any, cast

import av
import pytest
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from magpie.media.fitting import films
from magpie.media.recipe import Film

HLG, PQ, BT2020 = 18, 16, 9
SIDES = (320, 240)
LIGHT = 0.5
"""Of ordinary white: dark enough that nothing of it is pressed together."""
LEVEL = round(255 * LIGHT ** (1 / 2.4))
RED = (0.6274 * LIGHT, 0.0691 * LIGHT, 0.0164 * LIGHT)
GREY = (LIGHT,) * 3
LUMA = (0.2627, 0.6780, 0.0593)


def hlg(light: tuple[float, ...]) -> list[float]:
    """Of a display of 1,000 candelas (BT.2100 table 5), on which 203 are white."""
    shown = [value * 0.203 for value in light]
    scene = sum(w * v for w, v in zip(LUMA, shown, strict=True)) ** (1 / 1.2)
    return [_hlg(value / scene**0.2) for value in shown]


def _hlg(value: float) -> float:
    if value <= 1 / 12:
        return sqrt(3 * value)
    return 0.17883277 * log(12 * value - 0.28466892) + 0.55991073


def pq(light: tuple[float, ...]) -> list[float]:
    powers = [(value * 0.0203) ** (2610 / 16384) for value in light]
    top, low, more = 3424 / 4096, 2413 / 128, 2392 / 128
    return [((top + low * p) / (1 + more * p)) ** (2523 / 32) for p in powers]


def ten_bits(signal: list[float]) -> tuple[int, int, int]:
    luma = sum(w * v for w, v in zip(LUMA, signal, strict=True))
    blue, red = (signal[2] - luma) / 1.8814, (signal[0] - luma) / 1.4746
    return round(64 + 876 * luma), round(512 + 896 * blue), round(512 + 896 * red)


def film(signal: list[float], curve: int, codec: str = "libx265", turned: int = 0) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as out:
        options = {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"}
        stream = cast("VideoStream", out.add_stream(codec, rate=10, options=options))
        stream.width, stream.height, stream.pix_fmt = *SIDES, "yuv420p10le"
        _told(stream.codec_context, curve)
        if turned:
            stream.set_display_rotation(turned)
        for number in range(8):
            frame = VideoFrame(*SIDES, "yuv420p10le")
            for plane, level in zip(frame.planes, ten_bits(signal), strict=True):
                plane.update(array("H", [level] * (plane.buffer_size // 2)).tobytes())
            _told(frame, curve)
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return made.getvalue()


def _told(what: Any, curve: int) -> None:
    what.colorspace = what.color_primaries = BT2020
    what.color_trc, what.color_range = curve, 1


def first(content: bytes) -> VideoFrame:
    with av.open(io.BytesIO(content), "r") as read:
        return next(read.decode(video=0))


@pytest.mark.parametrize("turned", [0, -90])
@pytest.mark.parametrize(("curve", "signal"), [(HLG, hlg), (PQ, pq)])
@pytest.mark.parametrize(
    ("light", "wanted"), [(GREY, (LEVEL, LEVEL, LEVEL)), (RED, (LEVEL, 0, 0))], ids=["grey", "red"]
)
def test_colours_are_those_that_were_filmed(
    light: tuple[float, ...], wanted: tuple[int, int, int], curve: int, signal: Any, turned: int
) -> None:
    """Grey stays grey and as bright, red stays red, and the result says that it is BT.709."""
    source = film(signal(light), curve, turned=turned)
    recipe = Film(format="mp4", most_bytes=200_000, most_width=640, most_height=640)
    made, content = films.fit(source, recipe)
    assert (made.width, made.height) == (SIDES[::-1] if turned else SIDES)
    frame = first(content)
    assert frame.format.name == "yuv420p"
    assert (frame.colorspace, frame.color_primaries, frame.color_trc) == (1, 1, 1)
    shown = frame.to_image().getpixel((made.width // 2, made.height // 2))  # type: ignore[no-untyped-call]
    assert shown == pytest.approx(wanted, abs=16)


def test_h264_of_ten_bits_is_told() -> None:
    """Phones do not decode it: its name is one that no carrier takes."""
    facts = films.probe(film(hlg(GREY), HLG, "libx264"))
    assert facts.video == "h264 yuv420p10le"
