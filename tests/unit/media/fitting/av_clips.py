"""Small films and sounds, made on the spot: gradients that move, noise, and a sine."""

import io
import math
from array import array
from fractions import Fraction
from random import Random
from typing import cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image


def sine(start: int, count: int, rate: int, channels: int = 1) -> AudioFrame:
    frame = AudioFrame("s16", "stereo" if channels > 1 else "mono", count)
    step = 2 * math.pi * 440 / rate
    one = [int(9000 * math.sin(step * n)) for n in range(start, start + count)]
    frame.planes[0].update(array("h", [s for s in one for _ in range(channels)]).tobytes())
    frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
    return frame


def picture(number: int, width: int, height: int, grain: int) -> VideoFrame:
    """A gradient that wanders, below `grain` levels of noise."""
    slope = Image.linear_gradient("L").resize((width, height)).rotate(number * 7 % 360)
    image = Image.merge("RGB", (slope, slope.transpose(Image.Transpose.ROTATE_180), slope))
    if grain:
        octets = Random(number).randbytes(width * height // 16)
        noise = Image.frombytes("L", (width // 4, height // 4), octets).resize((width, height))
        image = Image.blend(image, Image.merge("RGB", (noise, noise, noise)), grain / 100)
    return cast("VideoFrame", VideoFrame.from_image(image))  # type: ignore[no-untyped-call]


def film(
    seconds: float = 2,
    *,
    size: tuple[int, int] = (320, 240),
    rate: int = 30,
    grain: int = 20,
    sound: bool = True,
    container: str = "mp4",
    video: str = "libx264",
    audio: str = "aac",
    turned: int = 0,
    title: str = "",
    only: int | None = None,
    sound_after: float = 0.0,
) -> bytes:
    """`only` so many pictures, the last of which stands until the sound ends."""
    made = io.BytesIO()
    with av.open(made, "w", format=container) as out:
        if title:
            out.metadata.update({"title": title, "location": "+48.85+2.35/"})
        stream = cast("VideoStream", out.add_stream(video, rate=rate))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.thread_count = 1
        if turned:
            stream.set_display_rotation(turned)
        hz = 8000 if audio.endswith("amrnb") else 48000
        track = cast("AudioStream", out.add_stream(audio, rate=hz)) if sound else None
        if track is not None:
            track.codec_context.layout = "mono"
        for number in range(only or round(seconds * rate)):
            frame = picture(number, *size, grain)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if track is not None:
            for start in range(round(sound_after * hz), round(seconds * hz), 1600):
                out.mux(track.encode(sine(start, 1600, hz)))
            out.mux(track.encode(None))
    return made.getvalue()


def sound(
    seconds: float = 3,
    *,
    container: str = "wav",
    codec: str = "pcm_s16le",
    rate: int = 16000,
    channels: int = 1,
) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format=container) as out:
        track = cast("AudioStream", out.add_stream(codec, rate=rate))
        track.codec_context.layout = "stereo" if channels > 1 else "mono"
        for start in range(0, round(seconds * rate), 1600):
            out.mux(track.encode(sine(start, 1600, rate, channels)))
        out.mux(track.encode(None))
    return made.getvalue()
