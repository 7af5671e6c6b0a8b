"""Films made to fit: the first pass learns how much this one needs, the next ones hit the bytes.

The picture is as large as its bits allow and moves as often; its sound has its share first. The
length, the shape and the way up are kept.
"""

import io
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, NamedTuple

import av
from av.video.reformatter import Interpolation, VideoReformatter

from magpie.media.fitting import still
from magpie.media.fitting.search import Found, largest
from magpie.media.fitting.timed import sounds, streams
from magpie.media.fitting.timed.faststart import index_first
from magpie.media.fitting.timed.streams import probe
from magpie.media.recipe import BROKEN, NEVER_FITS, Film, Made, Unusable

__all__ = ["fit", "probe"]

_SIDES: Final = (1280, 960, 854, 640, 480, 400, 320, 240, 176)
_RATES: Final = (30, 24, 20, 15, 12, 8)
_BITS: Final = 0.055  # a pixel, at which H.264 looks well on a phone
_BITS_H263: Final = 0.14
_SLOW: Final = 15  # pictures a second below which it is smaller rather than slower
_CRF_BEST, _CRF_WORST = 18.0, 44.0
_CRF_FIRST: Final = 27.0
_KEPT_BYTES: Final = 140_000_000
_SIZES_H263: Final = ((352, 288), (176, 144), (128, 96))
_RATES_H263: Final = (15, 10, 8)
_AUDIO_SHARE: Final = 0.18
_OVERHEAD: Final = 0.98


class Shape(NamedTuple):
    width: int
    height: int
    rate: int

    @property
    def pixels(self) -> int:
        """A second."""
        return self.width * self.height * self.rate


class Source(NamedTuple):
    width: int
    height: int
    rate: float
    seconds: float
    turn: int
    frames: list[Any]  # of its sound


def fit(content: bytes, recipe: Film) -> tuple[Made, bytes]:
    source = _source(content)
    voice = _voice(source, recipe)
    audible = voice.rate * source.seconds / 8 if voice else 0
    bits = (recipe.most_bytes - audible) * 8 * _OVERHEAD
    for shape in _shapes(source, recipe, bits):
        with streams.reading():
            try:
                found = _search(content, source, shape, voice, recipe)
            except Unusable as unusable:
                if unusable.code != NEVER_FITS:
                    raise
                continue
        return _made(recipe, source, shape, found), found.content
    raise Unusable(NEVER_FITS, f"{source.seconds:.0f} seconds of film need more")


def _source(content: bytes) -> Source:
    facts = streams.probe(content)
    with streams.opened(content) as container:
        video = streams.video_of(container)
        if video is None:
            raise Unusable(BROKEN, "nothing to see")
        rate = float(video.average_rate or video.guessed_rate or 30)
        first = next(iter(container.decode(video)))
        turn = int(getattr(first, "rotation", 0) or 0) % 360
    rate = rate if math.isfinite(rate) and rate > 0 else 30.0
    frames = sounds.decoded(content) if facts.audio else []
    return Source(facts.width, facts.height, min(rate, 60.0), max(facts.seconds, 0.1), turn, frames)


def _voice(source: Source, recipe: Film) -> sounds.Voice | None:
    if not source.frames:
        return None
    channels = source.frames[0].layout.nb_channels
    share = recipe.most_bytes * 8 / source.seconds * _AUDIO_SHARE
    if recipe.format == "3gp":
        rate = next((rate for rate in (12_200, 7_950, 5_900) if rate <= share), 4_750)
        return sounds.Voice("libopencore_amrnb", rate, 1)
    rate = next((rate for rate in (96_000, 64_000, 48_000, 32_000) if rate <= share), 24_000)
    return sounds.Voice("aac", rate, channels)


def _shapes(source: Source, recipe: Film, bits: float) -> Iterator[Shape]:
    """From the largest that its bits can fill to the smallest there is."""
    wanted = bits / source.seconds
    if recipe.format == "3gp":
        every = [Shape(*size, rate) for size in _SIZES_H263 for rate in _RATES_H263]
        yield from _fitting(every, wanted / _BITS_H263)
        return
    rates = [rate for rate in _RATES if rate <= math.ceil(source.rate)] or [_RATES[-1]]
    sizes = _sizes(source, recipe)
    quick = [rate for rate in rates if rate >= _SLOW] or rates
    every = [Shape(*size, rate) for size in sizes for rate in quick]
    every += [Shape(*sizes[-1], rate) for rate in rates if rate < _SLOW]
    yield from _fitting(sorted(every, key=_merit, reverse=True), wanted / _BITS)


def _merit(shape: Shape) -> tuple[int, int]:
    """A quarter of the pictures is given up before the size is."""
    return (shape.pixels, shape.rate)


def _fitting(every: list[Shape], pixels: float) -> Iterator[Shape]:
    first = next((n for n, shape in enumerate(every) if shape.pixels <= pixels), len(every) - 1)
    yield every[first]
    later = [shape for shape in every[first + 1 :] if shape.pixels < every[first].pixels / 1.5]
    yield from later[:1]
    if every[-1] not in (every[first], *later[:1]):
        yield every[-1]


def _sizes(source: Source, recipe: Film) -> list[tuple[int, int]]:
    bound = still.inside((source.width, source.height), recipe.most_width, recipe.most_height)
    longest = max(bound)
    sides = [longest] + [side for side in _SIDES if side < longest]
    return [_even(still.inside((source.width, source.height), side, side)) for side in sides]


def _even(size: tuple[int, int]) -> tuple[int, int]:
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


def _search(
    content: bytes, source: Source, shape: Shape, voice: sounds.Voice | None, recipe: Film
) -> Found:
    kept: list[Any] | None = None
    if shape.pixels * source.seconds * 1.5 <= _KEPT_BYTES:
        kept = list(_frames(content, source, shape, recipe.format))

    def encode(at: float) -> bytes:
        frames = kept if kept is not None else _frames(content, source, shape, recipe.format)
        return _encode(frames, source, shape, voice, recipe.format, at)

    if recipe.format == "3gp":
        rate = recipe.most_bytes * 8 / source.seconds
        return largest(
            encode,
            recipe.most_bytes,
            first=math.log(max(8_000.0, rate * 0.8)),
            low=math.log(6_000),
            high=math.log(600_000),
            slope=1.0,
            tries=4,
        )
    return largest(
        encode,
        recipe.most_bytes,
        first=-_CRF_FIRST,
        low=-_CRF_WORST,
        high=-_CRF_BEST,
        slope=math.log(2) / 6,
        tries=4,
    )


def _frames(content: bytes, source: Source, shape: Shape, format_: str) -> Iterator[Any]:
    """At even times, small and upright; one that is missing is the one before once more."""
    with streams.opened(content) as container:
        stream = streams.video_of(container)
        assert stream is not None
        small = shape.width * shape.height * 4 <= source.width * source.height
        if small:
            stream.codec_context.options = {"skip_loop_filter": "all"}
        scaled = _Scaler(source, shape, format_)
        began, tick, last = None, 0, None
        most = max(1, round(source.seconds * shape.rate))
        for frame in _decoded(container, stream):
            time = float(frame.time or 0.0)
            began = time if began is None else began
            while last is not None and tick < most and tick / shape.rate < time - began - 1e-3:
                yield last
                tick += 1
            if tick >= most:
                return
            if tick / shape.rate < time - began + 1 / source.rate + 1e-3 or last is None:
                last = scaled(frame)
        while last is not None and tick < most:
            yield last
            tick += 1


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """What is cut off ends early."""
    seen = False
    try:
        for frame in container.decode(stream):
            seen = True
            yield frame
    except av.FFmpegError:
        if not seen:
            raise


class _Scaler:
    """Frames made small, upright and yuv420p, without the threads that FFmpeg would start."""

    def __init__(self, source: Source, shape: Shape, format_: str) -> None:
        self._turn = source.turn
        self._size = (shape.width, shape.height)
        self._inner = self._size
        if format_ == "3gp":
            whole = (source.width, source.height)
            self._inner = _even(still.inside(whole, shape.width, shape.height))
        self._reformatter = VideoReformatter()

    def __call__(self, frame: Any) -> Any:
        if self._turn == 0 and self._inner == self._size:
            return self._formed(frame, self._size, "yuv420p")
        inner = self._inner if self._turn % 180 == 0 else self._inner[::-1]
        picture = self._formed(frame, inner, "rgb24").to_image()
        upright = still.padded(picture.rotate(self._turn, expand=True), self._size)
        turned: Any = av.VideoFrame.from_image(upright)  # type: ignore[no-untyped-call]
        return self._formed(turned, self._size, "yuv420p")

    def _formed(self, frame: Any, size: tuple[int, int], form: str) -> Any:
        return self._reformatter.reformat(
            frame, *size, form, interpolation=Interpolation.AREA, threads=1
        )


def _encode(
    frames: Any,
    source: Source,
    shape: Shape,
    voice: sounds.Voice | None,
    format_: str,
    at: float,
) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=format_) as container:
        video = _video(container, shape, format_, at)
        audio = voice.stream(container) if voice else None
        for n, frame in enumerate(frames):
            frame.pts, frame.time_base = n, Fraction(1, shape.rate)
            frame.pict_type = 0
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if voice and audio is not None:
            sounds.write(source.frames, voice, container, audio)
    return index_first(buffer.getvalue())


def _video(container: Any, shape: Shape, format_: str, at: float) -> Any:
    """`at` is the quality of H.264 (-CRF), or of H.263 the logarithm of its bits a second."""
    if format_ == "3gp":
        stream = container.add_stream("h263", rate=shape.rate)
        stream.bit_rate = round(math.exp(at))
    else:
        options = {"preset": "veryfast", "crf": f"{-at:.2f}", "threads": "1"}
        stream = container.add_stream("libx264", rate=shape.rate, options=options)
        stream.codec_context.profile = "Baseline"
    context = stream.codec_context
    context.thread_count = 1
    stream.width, stream.height, stream.pix_fmt = shape.width, shape.height, "yuv420p"
    context.time_base = Fraction(1, shape.rate)
    context.gop_size = shape.rate * 5
    return stream


def _made(recipe: Film, source: Source, shape: Shape, found: Found) -> Made:
    return Made(
        content_type="video/mp4" if recipe.format == "mp4" else "video/3gpp",
        width=shape.width,
        height=shape.height,
        seconds=round(source.seconds, 2),
        quality=round(-found.at, 1) if recipe.format == "mp4" else round(math.exp(found.at)),
        note=f"{shape.rate} pictures a second",
    )
