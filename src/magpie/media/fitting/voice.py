"""Sound decoded and encoded anew, into a file of its own."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer

from magpie.media.fitting import decode, demux, mux
from magpie.media.fitting.rates import Voice
from magpie.media.recipe import EXCESSIVE, MOST_SECONDS, Unusable

_NOTICED: Final = 0.02


class Source(NamedTuple):
    hertz: int
    channels: int


def source(content: bytes) -> Source:
    with demux.opened(content) as streams:
        assert streams.audio is not None
        context = streams.audio.codec_context
        return Source(context.sample_rate, context.channels)


def encoded(content: bytes, voice: Voice, container: str, start: float | None = None) -> bytes:
    """The sound of `content`; `start` is the second at which the film begins."""
    with mux.written(container) as (out, made):
        track = _track(out, voice)
        for frame in _even(decode.samples(content), voice, track.codec_context.format.name, start):
            out.mux(track.encode(frame))
        out.mux(track.encode(None))
    return made.getvalue()


def _track(out: OutputContainer, voice: Voice) -> AudioStream:
    track = out.add_stream(voice.codec, rate=voice.hertz)
    track.codec_context.bit_rate = voice.bits
    track.codec_context.thread_count = 1
    track.codec_context.layout = _layout(voice)
    return track


def _layout(voice: Voice) -> str:
    return "stereo" if voice.channels > 1 else "mono"


def _even(
    frames: Iterator[tuple[float, AudioFrame]], voice: Voice, form: str, start: float | None
) -> Iterator[AudioFrame]:
    """Frames of one form, counted from the beginning; a stream may change its form midway."""
    resampler: AudioResampler | None = None
    form_before = None
    at: int | None = None
    for seconds, frame in frames:
        at = _late(seconds, start, voice.hertz) if at is None else at
        before = (frame.format.name, frame.layout.name, frame.sample_rate)
        evened = [] if resampler is None or before == form_before else resampler.resample(None)
        if resampler is None or before != form_before:
            resampler, form_before = AudioResampler(form, _layout(voice), voice.hertz), before
        frame.pts = None
        for ready in [*evened, *resampler.resample(frame)]:
            yield _timed(ready, at, voice.hertz)
            at += ready.samples
    for ready in resampler.resample(None) if resampler is not None else []:
        if at is not None and ready is not None:
            yield _timed(ready, at, voice.hertz)
            at += ready.samples


def _late(seconds: float, start: float | None, hertz: int) -> int:
    """Samples of silence before a sound that begins later than its film."""
    late = 0.0 if start is None else seconds - start
    return round(late * hertz) if late > _NOTICED else 0


def _timed(frame: AudioFrame, at: int, hertz: int) -> AudioFrame:
    if at > (MOST_SECONDS + 1) * hertz:
        raise Unusable(EXCESSIVE, f"more than {MOST_SECONDS:.0f} s of sound")
    frame.pts, frame.time_base = at, Fraction(1, hertz)
    return frame
