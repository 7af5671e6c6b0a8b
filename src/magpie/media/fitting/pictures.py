"""Pictures encoded, together with a sound that has been, at one setting of the encoder."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from heapq import merge
from io import BytesIO
from operator import itemgetter
from typing import Final, NamedTuple, Protocol, TypeAlias, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from magpie.media.fitting import mux, x264
from magpie.media.fitting.clip import Clip, timed
from magpie.media.fitting.sizes import Shape

Timed: TypeAlias = "Iterator[tuple[float, Packet[AudioStream] | Packet[VideoStream]]]"

_BASE: Final = Fraction(1, 30_000)
_SLOTS: Final = Fraction(1, 15)
_KEY_SECONDS: Final = 10
_PIXEL: Final = Fraction(12, 11)
# Constant rate factors: worse than _BAD a smaller film looks better, and is made for _FAIR.
_BAD: Final = 33.0
_FAIR: Final = 30.0
_GOOD: Final = 27.0
_TOO_GOOD: Final = 22.0
_LEAST_SHARE: Final = 0.7
_MOST_SHARE: Final = 1.15


class Encoder(Protocol):
    """`at` is a setting under which the logarithm of the bytes grows by about `slope`."""

    low: float
    high: float
    slope: float

    def first(self, bits: float) -> float:
        """A setting to begin with, for so many bits a second."""

    def strain(self, at: float, share: float) -> float:
        """How much harder a film is than it was taken for, when `share` of the bytes came out.

        1 when the picture is neither so bad that it should be smaller nor so good that it could
        be larger.
        """

    def encode(self, clip: Clip, shape: Shape, sound: bytes, at: float) -> bytes: ...


class H264:
    """Baseline, one reference, no B pictures; the setting is the constant rate factor, negated."""

    low = -42.0
    high = -18.0
    slope = math.log(2) / 6

    def first(self, bits: float) -> float:  # noqa: ARG002 - the shape has been chosen for it
        return -28.0

    def strain(self, at: float, share: float) -> float:
        factor = 6 * math.log2(share) - at
        if _TOO_GOOD <= factor <= _BAD:
            return 1.0
        return math.exp2((factor - (_FAIR if factor > _BAD else _GOOD)) / 6)

    def encode(self, clip: Clip, shape: Shape, sound: bytes, at: float) -> bytes:
        options = x264.options(shape, -at)
        return _encoded(clip, shape, sound, _Stream("libx264", "mp4", _BASE, options))


class H263:
    """Baseline; the setting is the logarithm of the bits a second that are asked for."""

    low = math.log(6e3)
    high = math.log(800e3)
    slope = 1.0

    def first(self, bits: float) -> float:
        return math.log(max(1.0, bits * 0.95))

    def strain(self, at: float, share: float) -> float:  # noqa: ARG002 - the rate was the wish
        """The coarsest or finest quantizer was not enough to come out as wished."""
        return 1.0 if _LEAST_SHARE < share < _MOST_SHARE else share

    def encode(self, clip: Clip, shape: Shape, sound: bytes, at: float) -> bytes:
        options = {"b": f"{math.exp(at):.0f}", "threads": "1"}
        return _encoded(clip, shape, sound, _Stream("h263", "3gp", _SLOTS, options))


class _Stream(NamedTuple):
    codec: str
    container: str
    base: Fraction
    options: dict[str, str]


def _encoded(clip: Clip, shape: Shape, sound: bytes, kind: _Stream) -> bytes:
    with mux.written(kind.container) as (out, made):
        stream = _added(out, shape, kind)
        with _copied(out, sound) as heard:
            seen = _packets(clip, stream, kind.base, round(1 / shape.rate / kind.base))
            for _, packet in merge(seen, heard, key=itemgetter(0)):
                out.mux(packet)
    return made.getvalue()


def _added(out: OutputContainer, shape: Shape, kind: _Stream) -> VideoStream:
    rate = Fraction(shape.rate).limit_denominator(1001)
    stream = cast("VideoStream", out.add_stream(kind.codec, rate=rate, options=kind.options))
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = shape.width, shape.height, "yuv420p"
    context.time_base = stream.time_base = kind.base
    context.gop_size = max(1, round(shape.rate * _KEY_SECONDS))
    context.thread_count = 1
    if kind.codec == "h263":
        context.sample_aspect_ratio = _PIXEL
    return stream


@contextmanager
def _copied(out: OutputContainer, sound: bytes) -> "Iterator[Timed]":
    if not sound:
        yield iter(())
        return
    with av.open(BytesIO(sound), "r", format="mov") as source:
        track = source.streams.audio[0]
        copy = out.add_stream_from_template(track)
        yield _moved(source, track, copy)


def _moved(source: InputContainer, track: AudioStream, copy: AudioStream) -> "Timed":
    for packet in source.demux(track):
        if packet.dts is not None:
            packet.stream = copy
            yield _second(packet), packet


def _packets(clip: Clip, stream: VideoStream, base: Fraction, lasts: int) -> Timed:
    """Nothing that follows tells how long the last picture stands: its packet has to."""
    before: Packet[VideoStream] | None = None
    for packet in _encoding(clip, stream, base):
        packet.duration = lasts
        if before is not None:
            yield _second(before), before
        before = packet
    if before is not None:
        before.duration = max(1, min(lasts, round(clip.seconds / base) - (before.pts or 0)))
        yield _second(before), before


def _encoding(clip: Clip, stream: VideoStream, base: Fraction) -> "Iterator[Packet[VideoStream]]":
    last = -1
    for at, frame in clip:
        ticks = math.floor(at / base + 0.5)
        if ticks <= last:
            continue
        if last < 0:
            _coloured(stream.codec_context, frame)
        last = ticks
        yield from stream.encode(timed(frame, ticks, base))
    yield from stream.encode(None)


def _coloured(context: VideoCodecContext, frame: VideoFrame) -> None:
    context.colorspace, context.color_range = frame.colorspace, frame.color_range
    context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc


def _second(packet: "Packet[AudioStream] | Packet[VideoStream]") -> float:
    return float((packet.dts or 0) * packet.time_base)
