"""Frames out of packets, in the order of their times; a little damage is passed over."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple, cast

from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.sidedata.sidedata import SideData, SideDataContainer, Type
from av.video.frame import VideoFrame

from magpie.media.fitting import demux, survey, tone
from magpie.media.recipe import BROKEN, EXCESSIVE, MOST_SECONDS, Unusable

_FORGIVEN: Final = 3
_BAD_SHARE: Final = 0.1
_MOST_RATIO: Final = 4.0
SIDEWAYS: Final = 5
"""From this orientation on width and height change places."""
_ROTATING: Final = (0, 1, 3, 4)
_ORIENTATIONS: Final = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""The signs of a, b, c, d of a display matrix (ISO 14496-12 section 6.2.2) as EXIF numbers them."""


def pictures(content: bytes) -> Iterator[tuple[float, VideoFrame]]:
    """Seconds and frame."""
    for seconds, frame in _frames(content, video=True):
        assert isinstance(frame, VideoFrame)
        yield seconds, frame


def samples(content: bytes) -> Iterator[tuple[float, AudioFrame]]:
    for seconds, frame in _frames(content, video=False):
        assert isinstance(frame, AudioFrame)
        yield seconds, frame


def _frames(content: bytes, *, video: bool) -> Iterator[tuple[float, VideoFrame | AudioFrame]]:
    with demux.opened(content) as streams:
        stream = streams.video if video else streams.audio
        if stream is None:
            return
        bad = good = 0
        first: float | None = None
        last = 0.0
        context = stream.codec_context
        for packet in chain(survey.packets(streams.container), (None,)):
            if packet is not None and packet.stream_index != stream.index:
                continue
            try:
                frames = context.decode(packet)
            except (FFmpegError, ValueError):
                bad += 1
                continue
            for frame in frames:
                good += 1
                base = stream.time_base or Fraction(1, 1)
                last = last if frame.pts is None else float(frame.pts * base)
                first = last if first is None else first
                if abs(last - first) > MOST_SECONDS + 1:
                    raise Unusable(EXCESSIVE, f"more than {MOST_SECONDS:.0f} s")
                yield last, frame
        if not good or (bad > _FORGIVEN and bad > _BAD_SHARE * (good + bad)):
            raise Unusable(BROKEN, f"{bad} of {good + bad} frames cannot be decoded")


class Look(NamedTuple):
    """Sides of the film as it is shown, in square pixels, and how it is turned for that."""

    width: int
    height: int
    turn: int
    high: bool = False
    """Of a high dynamic range."""


def look(content: bytes) -> Look:
    """Decode the first picture: nothing that stands before it knows all of this."""
    with demux.opened(content) as streams:
        ratio = streams.video.sample_aspect_ratio if streams.video is not None else None
    for _, frame in pictures(content):
        return _shown(frame, float(ratio or 1))
    raise Unusable(BROKEN, "no picture in it can be decoded")


def _shown(frame: VideoFrame, ratio: float) -> Look:
    turn = orientation_of(frame)
    wide = ratio if 1 / _MOST_RATIO < ratio < _MOST_RATIO else 1.0
    width, height = max(1, round(frame.width * min(1.0, wide))), frame.height
    if wide > 1:
        width, height = frame.width, max(1, round(frame.height / wide))
    sides = (height, width) if turn >= SIDEWAYS else (width, height)
    return Look(*sides, turn, tone.is_high(frame))


def orientation_of(frame: VideoFrame) -> int:
    """How a frame is to be turned before it is shown: EXIF's number, 1 to 8."""
    found = [bytes(side) for side in _sides(frame) if side.type is Type.DISPLAYMATRIX]
    if not found:
        return 1
    matrix = memoryview(found[0]).cast("i")
    most = max(abs(matrix[n]) for n in _ROTATING) or 1
    a, b, c, d = (round(matrix[n] / most) for n in _ROTATING)
    return _ORIENTATIONS.get((a, b, c, d), 1)


def _sides(frame: VideoFrame) -> list[SideData]:
    container = cast("SideDataContainer", frame.side_data)
    return [container[n] for n in range(len(container))]
