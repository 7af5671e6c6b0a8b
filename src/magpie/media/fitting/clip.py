"""A film's pictures, small, upright and no more of them than are shown, to be encoded again."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from PIL import Image

from magpie.media.fitting import still, tone
from magpie.media.fitting.decode import SIDEWAYS
from magpie.media.fitting.sizes import KEPT_BYTES, Shape

_EARLY: Final = 0.25
"""Of the time between two pictures: so much a camera may be ahead of its beat."""
_ROUNDED: Final = 1.02
"""Sides that are made even may be a little more than was reckoned with."""
_BLACK: Final = (16, 128, 128)
_UNTOLD: Final = 2
_BT709: Final = 1
_HIGH: Final = 720


class Span(NamedTuple):
    """Seconds, as the file counts them: the film begins and ends, and its pictures end."""

    start: float
    pictures_end: float


class Clip:
    """Pictures with their seconds from the start; kept in memory if they are not too many."""

    def __init__(
        self,
        frames: Callable[[], Iterator[tuple[float, VideoFrame]]],
        seconds: float,
        *,
        keep: bool,
    ) -> None:
        self.seconds = seconds
        self._frames = frames
        self.keep = keep
        self._kept: list[tuple[float, VideoFrame]] | None = None

    def __iter__(self) -> Iterator[tuple[float, VideoFrame]]:
        if not self.keep:
            return self._frames()
        if self._kept is None:
            self._kept = list(self._frames())
        return iter(self._kept)


def clip(
    pictures: Callable[[], Iterable[tuple[float, VideoFrame]]],
    shape: Shape,
    turn: int,
    span: Span,
) -> Clip:
    """`pictures` reads the film from its start, as often as it is called."""

    def frames() -> Iterator[tuple[float, VideoFrame]]:
        scaler = VideoReformatter()
        for at, frame in _thinned(pictures(), shape.rate, span):
            yield at, _drawn(frame, shape, turn, scaler)

    seconds = max(0.0, span.pictures_end - span.start)
    return Clip(frames, seconds, keep=shape.size(seconds) <= KEPT_BYTES * _ROUNDED)


def _thinned(
    frames: Iterable[tuple[float, VideoFrame]], rate: float, span: Span
) -> Iterator[tuple[float, VideoFrame]]:
    """The last picture is shown twice when it has to stand until the end."""
    step = 1 / rate
    due, last = 0.0, -step
    shown: VideoFrame | None = None
    for seconds, frame in frames:
        at = max(0.0, seconds - span.start)
        if at < due - step * _EARLY or at <= last:
            continue
        due = max(due + step, at + step / 2)
        last, shown = at, frame
        yield at, frame
    end = span.pictures_end - span.start - step
    if shown is not None and end > last + step / 2:
        yield end, shown


def _drawn(frame: VideoFrame, shape: Shape, turn: int, scaler: VideoReformatter) -> VideoFrame:
    small = _small(frame, shape, turn, scaler)
    if turn == 1 and shape.inner == (shape.width, shape.height):
        drawn = small
    else:
        drawn = _composed(small, shape, turn)
    # The encoder would take over what kind of picture it was.
    drawn.pict_type = 0
    if tone.is_high(frame):
        drawn.color_primaries, drawn.color_trc = small.color_primaries, small.color_trc
    if frame.colorspace == _UNTOLD and frame.height >= _HIGH:
        # What players take for granted of a large picture would not be so of a small one.
        drawn.colorspace = drawn.color_primaries = drawn.color_trc = _BT709
    return drawn


def _small(frame: VideoFrame, shape: Shape, turn: int, scaler: VideoReformatter) -> VideoFrame:
    width, height = shape.inner[::-1] if turn >= SIDEWAYS else shape.inner
    high = tone.is_high(frame)
    small = scaler.reformat(
        frame,
        width,
        height,
        "yuv420p10le" if high else "yuv420p",
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.AREA,
        threads=1,
    )
    return tone.mapped(small) if high else small


def _composed(small: VideoFrame, shape: Shape, turn: int) -> VideoFrame:
    """Turned upright, in the middle of black."""
    made = VideoFrame(shape.width, shape.height, "yuv420p")
    made.colorspace, made.color_range = small.colorspace, small.color_range
    for number, black in enumerate(_BLACK):
        source, target = small.planes[number], made.planes[number]
        plane = still.turned(_image(source), turn)
        canvas = Image.new("L", (target.line_size, target.height), black)
        left, top = (target.width - plane.width) // 2, (target.height - plane.height) // 2
        canvas.paste(plane, (left, top))
        target.update(canvas.tobytes())
    return made


def _image(plane: VideoPlane) -> Image.Image:
    size = plane.width, plane.height
    return Image.frombuffer("L", size, bytes(plane), "raw", "L", plane.line_size, 1)


def timed(frame: VideoFrame, ticks: int, base: Fraction) -> VideoFrame:
    frame.pts, frame.time_base = ticks, base
    return frame
