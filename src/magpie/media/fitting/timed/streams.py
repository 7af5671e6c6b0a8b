"""One door to FFmpeg: only allowed demuxers, chosen by us, and one thread everywhere."""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import av
import av.logging
from av.stream import Disposition

from magpie.media.recipe import (
    BROKEN,
    EXCESSIVE,
    MOST_PIXELS,
    MOST_SECONDS,
    MOST_SIDE,
    MOST_STREAMS,
    Facts,
    Unusable,
)
from magpie.media.sniff import sniff

# By what the first bytes say; FFmpeg never guesses, so no list of files or URLs is ever read.
_DEMUXERS: Final = {
    "film": "mov",
    "matroska": "matroska",
    "ogg": "ogg",
    "id3": "mp3",
    "mp3": "mp3",
    "aac": "aac",
    "amr": "amr",
    "ac3": "ac3",
    "wav": "wav",
    "au": "au",
}
_MPEG: Final = {b"\x00\x00\x01\xba": "mpeg", b"\x00\x00\x01\xb3": "mpegvideo"}
_MOST_OF_ALL_KINDS: Final = 16  # phones add streams of places, times and movements
_WHY: Final = 120
_BRANDS_3GP: Final = (b"3gp", b"3gr", b"3gs", b"3ge", b"3gg", b"mmp4")
_SECOND: Final = 1_000_000  # AV_TIME_BASE

av.logging.set_level(None)


@contextmanager
def reading() -> Iterator[None]:
    """Demuxers and decoders fail on bad data in many ways, and each means the same."""
    try:
        yield
    except (Unusable, MemoryError):
        raise
    except Exception as error:
        raise Unusable(BROKEN, str(error)[:_WHY] or type(error).__name__) from error


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    with reading():
        demuxer = _demuxer(content)
        with av.open(io.BytesIO(content), format=demuxer, metadata_errors="replace") as container:
            _within(container)
            yield container


def _demuxer(content: bytes) -> str:
    kind = sniff(content) or ""
    demuxer = _DEMUXERS.get(kind)
    if kind == "mpeg":
        demuxer = _MPEG.get(content[:4], "mpegts")
    if demuxer is None:
        raise Unusable(BROKEN, "neither a film nor a sound")
    return demuxer


def _within(container: Any) -> None:
    streams = container.streams
    if len(streams) > _MOST_OF_ALL_KINDS or len(streams.video) + len(streams.audio) > MOST_STREAMS:
        raise Unusable(EXCESSIVE, f"{len(streams)} streams")
    for stream in streams.video:
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
            raise Unusable(EXCESSIVE, f"{width} x {height} pixels")
    if container.duration and container.duration / _SECOND > MOST_SECONDS:
        raise Unusable(EXCESSIVE, f"{container.duration / _SECOND:.0f} seconds")


def video_of(container: Any) -> Any | None:
    """The first that moves: covers of records are none."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            context = stream.codec_context
            context.thread_count, context.thread_type = 1, "NONE"
            return stream
    return None


def audio_of(container: Any) -> Any | None:
    for stream in container.streams.audio:
        stream.codec_context.thread_count = 1
        return stream
    return None


def probe(content: bytes) -> Facts:
    with opened(content) as container:
        video, audio = video_of(container), audio_of(container)
        if video is None and audio is None:
            raise Unusable(BROKEN, "nothing to see and nothing to hear")
        seconds = seconds_of(container, content)
        turn = _first(container, video or audio)
        width, height = (video.codec_context.width, video.codec_context.height) if video else (0, 0)
        if video is not None and turn % 180:
            width, height = height, width
        return Facts(
            kind="film" if video else "sound",
            format=_format(content, container.format.name, film=video is not None),
            width=width,
            height=height,
            seconds=seconds,
            video=video.codec_context.name if video else "",
            audio=audio.codec_context.name if audio else "",
        )


def _first(container: Any, stream: Any) -> int:
    """Decode one frame, so that what cannot be played is told; gives its rotation."""
    for frame in container.decode(stream):
        return int(getattr(frame, "rotation", 0) or 0)
    raise Unusable(BROKEN, "nothing could be decoded")


def seconds_of(container: Any, content: bytes) -> float:
    if container.duration:
        return float(container.duration) / _SECOND
    last = 0.0
    again: Any
    with av.open(io.BytesIO(content), format=_demuxer(content)) as again:
        for packet in again.demux():
            if packet.pts is not None and packet.time_base:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if last > MOST_SECONDS or not math.isfinite(last):
                raise Unusable(EXCESSIVE, f"more than {MOST_SECONDS:.0f} seconds")
    return last


def _format(content: bytes, name: str, *, film: bool) -> str:
    if name.startswith("mov"):
        if content[8:12].startswith(_BRANDS_3GP):
            return "3gp"
        if content[8:12] == b"qt  " or content[4:8] != b"ftyp":
            return "mov"
        return "mp4" if film else "m4a"
    return {"matroska,webm": "webm"}.get(name, name.partition(",")[0])
