"""Sounds made to fit, alone or under a film: AAC, AMR-NB or MP3 of the rate that there is."""

import io
from fractions import Fraction
from typing import Any, Final

import av

from magpie.media.fitting.timed import streams
from magpie.media.fitting.timed.faststart import index_first
from magpie.media.recipe import BROKEN, NEVER_FITS, Made, Sound, Unusable

_AMR: Final = (12_200, 10_200, 7_950, 7_400, 6_700, 5_900, 5_150, 4_750)
_AAC: Final = (128_000, 96_000, 80_000, 64_000, 56_000, 48_000, 40_000, 32_000, 24_000, 16_000)
_MP3: Final = (160_000, 128_000, 112_000, 96_000, 80_000, 64_000, 56_000, 48_000, 40_000, 32_000,
               24_000, 16_000, 8_000)  # fmt: skip
_MONO: Final = 56_000  # below which two channels have too little each
_HALF: Final = 32_000  # below which high tones have too little


class Voice:
    """How a sound is encoded: codec, sample format, sampling rate, layout, bits a second."""

    def __init__(self, codec: str, rate: int, channels: int) -> None:
        self.codec = codec
        self.rate = rate
        self.layout = "stereo" if channels > 1 and rate >= _MONO else "mono"
        if codec == "libopencore_amrnb":
            self.format, self.sampling = "s16", 8_000
        else:
            self.format = "fltp" if codec == "aac" else "s16p"
            self.sampling = 44_100 if rate >= _HALF else 22_050 if rate > _AMR[0] * 2 else 16_000

    def stream(self, container: Any) -> Any:
        stream = container.add_stream(self.codec, rate=self.sampling, layout=self.layout)
        stream.codec_context.format = self.format
        stream.bit_rate = self.rate
        return stream


def decoded(content: bytes) -> list[Any]:
    """All frames of the first sound; what is cut off ends early."""
    frames: list[Any] = []
    with streams.opened(content) as container:
        stream = streams.audio_of(container)
        if stream is None:
            return frames
        try:
            frames.extend(container.decode(stream))
        except av.FFmpegError:
            if not frames:
                raise
    return frames


def write(frames: list[Any], voice: Voice, container: Any, stream: Any) -> None:
    context = stream.codec_context
    context.open(strict=False)
    resampler = av.AudioResampler(
        format=voice.format,
        layout=voice.layout,
        rate=voice.sampling,
        frame_size=context.frame_size or 1024,
    )
    pts = 0
    for frame in [*frames, None]:
        if frame is not None:
            frame.pts = None
        for ready in resampler.resample(frame):
            ready.pts, ready.time_base = pts, Fraction(1, voice.sampling)
            pts += ready.samples
            container.mux(stream.encode(ready))
    container.mux(stream.encode(None))


_FORMATS: Final = {
    "amr": ("libopencore_amrnb", "amr", "audio/amr", _AMR),
    "m4a": ("aac", "ipod", "audio/mp4", _AAC),
    "mp3": ("libmp3lame", "mp3", "audio/mpeg", _MP3),
}


def fit(content: bytes, recipe: Sound) -> tuple[Made, bytes]:
    codec, muxer, content_type, rates = _FORMATS[recipe.format]
    frames = decoded(content)
    if not frames:
        raise Unusable(BROKEN, "nothing to hear")
    seconds = sum(frame.samples / frame.sample_rate for frame in frames)
    channels = frames[0].layout.nb_channels
    fitting = [rate for rate in rates if rate * seconds / 8 <= recipe.most_bytes]
    for rate in fitting:
        with streams.reading():
            made = _encode(frames, Voice(codec, rate, channels), muxer)
        if len(made) <= recipe.most_bytes:
            told = Made(content_type=content_type, seconds=round(seconds, 2), quality=float(rate))
            return told, made
    raise Unusable(NEVER_FITS, f"{seconds:.0f} seconds need more than {recipe.most_bytes} bytes")


def _encode(frames: list[Any], voice: Voice, muxer: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=muxer) as container:
        write(frames, voice, container, voice.stream(container))
    return index_first(buffer.getvalue())
