"""One door to FFmpeg: only formats and codecs that phones make, never a file or a network.

The demuxer is told by the first bytes and forced, so that a playlist (HLS, DASH, concat, SDP) is
never tried, whatever it calls itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final, NamedTuple, NoReturn, cast

import av
import av.audio.stream
import av.logging

# PyAV imports it when the first stream is seen, and in the sandbox no import can come later.
import av.subtitles.stream
import av.video.stream
from av.audio.stream import AudioStream
from av.codec.context import CodecContext, ThreadType
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from magpie.media.fitting import index
from magpie.media.recipe import BROKEN, EXCESSIVE, MOST_PIXELS, MOST_SIDE, MOST_STREAMS, Unusable
from magpie.media.sniff import sniff

_DEMUXERS: Final = {
    "film": "mov",
    "matroska": "matroska",
    "mpeg": "mpeg",
    "ogg": "ogg",
    "mp3": "mp3",
    "aac": "aac",
    "amr": "amr",
    "wav": "wav",
    "ac3": "ac3",
    "au": "au",
}


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_FILMS: Final = _set(
    "h264 hevc mpeg4 h263 h261 mpeg1video mpeg2video vp8 vp9 libdav1d theora mjpeg"
)
_SOUNDS: Final = _set(
    "aac aac_latm mp1float mp2float mp3float mp1 mp2 mp3 amrnb amrwb opus vorbis flac alac ac3 eac3"
    " qcelp evrc pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le"
    " pcm_f32be pcm_alaw pcm_mulaw adpcm_ms adpcm_ima_wav adpcm_ima_qt gsm_ms"
)
MOST_PACKETS: Final = 250_000
_TRACKS: Final = 16
"""Of any kind: phones add half a dozen of places, times and faces to a film."""
_MOST_CHANNELS: Final = 8
_MOST_RATE: Final = 192_000
_PROBED_BYTES: Final = 2_000_000
_PROBED_MICROSECONDS: Final = 3_000_000
_ID3_HEADER: Final = 10
_ID3_FOOTER: Final = 0x10
_ID3_TAGS: Final = 8
_WHY: Final = 120

av.logging.set_level(None)


class Streams(NamedTuple):
    """What is worked on of an open file; all other streams are not even read."""

    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None


@contextmanager
def failing() -> Iterator[None]:
    """Demuxers and decoders fail on bad data in a hundred ways, and each means the same."""
    try:
        yield
    except (Unusable, MemoryError):
        raise
    except Exception as error:
        why = str(getattr(error, "strerror", None) or error) or type(error).__name__
        raise Unusable(BROKEN, why[:_WHY]) from error


def bare(content: bytes) -> bytes:
    """Without ID3v2 tags in front (id3.org, ID3v2.4 section 3.1), which hold pictures and names."""
    for _ in range(_ID3_TAGS):
        if content[:3] != b"ID3":
            return content
        size = 0
        for octet in content[6:_ID3_HEADER]:
            size = size << 7 | octet & 0x7F
        footer = _ID3_HEADER if content[5] & _ID3_FOOTER else 0
        if _ID3_HEADER + size + footer >= len(content):
            raise Unusable(BROKEN, "its ID3 tag is longer than the file")
        content = content[_ID3_HEADER + size + footer :]
    return content


def kind_of(content: bytes) -> str:
    """The short name by which a demuxer is chosen, of content that is `bare`."""
    kind = sniff(content)
    if kind not in _DEMUXERS:
        raise Unusable(BROKEN, "not a film or a sound that can be worked on")
    return kind


def _demuxer(content: bytes) -> str:
    kind = kind_of(content)
    if kind == "mpeg" and content[:1] == b"G":
        return "mpegts"
    if kind == "mpeg" and content[3:4] == b"\xb3":
        return "mpegvideo"
    return _DEMUXERS[kind]


@contextmanager
def opened(content: bytes) -> Iterator[Streams]:
    """Read the header of `bare` content; nothing is kept open, and no stream is too large."""
    with failing(), _container(content) as container:
        yield _chosen(container)


def _container(content: bytes) -> InputContainer:
    demuxer = _demuxer(content)
    if demuxer == "mov" and index.samples(content) > MOST_PACKETS:
        raise Unusable(EXCESSIVE, f"more than {MOST_PACKETS} samples")
    try:
        return av.open(
            BytesIO(content),
            "r",
            format=demuxer,
            options={"threads": "1", "max_pixels": str(MOST_SIDE * MOST_SIDE)},
            container_options=_guards(demuxer),
            metadata_errors="replace",
            io_open=_never,
        )
    except MemoryError as error:
        # Also what FFmpeg says of more streams than it may make.
        raise Unusable(EXCESSIVE, "its index is larger than there is room for") from error


def _guards(demuxer: str) -> dict[str, str]:
    return {
        "protocol_whitelist": "none",
        "format_whitelist": demuxer,
        "codec_whitelist": ",".join(sorted(_FILMS | _SOUNDS)),
        "enable_drefs": "0",
        "use_absolute_path": "0",
        "max_streams": str(_TRACKS),
        "probesize": str(_PROBED_BYTES),
        "analyzeduration": str(_PROBED_MICROSECONDS),
    }


def _never(*_: object) -> NoReturn:
    raise PermissionError("a film may not name another file")


def _chosen(container: InputContainer) -> Streams:
    streams = [container.streams[n] for n in range(len(container.streams))]
    films = [s for s in streams if isinstance(s, VideoStream) and not _still(s)]
    sounds = [s for s in streams if isinstance(s, AudioStream)]
    if len(streams) > _TRACKS or len(films) + len(sounds) > MOST_STREAMS:
        raise Unusable(EXCESSIVE, f"{len(streams)} streams")
    video = next((s for s in films if _known(s, _FILMS)), None)
    audio = next((s for s in sounds if _known(s, _SOUNDS)), None)
    if video is None and (films or audio is None):
        raise Unusable(BROKEN, _unknown([*films, *sounds]))
    for stream in streams:
        _prepare(stream, stream in {video, audio})
    _within(video, audio)
    return Streams(container, video, audio)


def _still(stream: VideoStream) -> bool:
    """Covers and thumbnails are pictures in a file, not films."""
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _known(stream: Stream, names: frozenset[str]) -> bool:
    return name_of(stream) in names


def name_of(stream: Stream, *, canonical: bool = False) -> str:
    """The decoder's name, or the codec's; none for a stream that FFmpeg itself does not know."""
    context = cast("CodecContext | None", stream.codec_context)
    if context is None:
        return ""
    return context.codec.canonical_name if canonical else context.codec.name


def _unknown(streams: list[VideoStream | AudioStream]) -> str:
    names = ", ".join(name_of(stream, canonical=True) or "?" for stream in streams)
    return f"codecs that are not known here: {names}" if names else "nothing to decode"


def _prepare(stream: Stream, wanted: bool) -> None:  # noqa: FBT001
    """One thread is as many as the sandbox has."""
    if not wanted:
        stream.discard = Discard.all
        return
    stream.codec_context.thread_count = 1
    stream.codec_context.thread_type = ThreadType.NONE
    stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}


def _within(video: VideoStream | None, audio: AudioStream | None) -> None:
    if video is not None:
        width, height = video.codec_context.width, video.codec_context.height
        if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
            raise Unusable(EXCESSIVE, f"{width} x {height} pixels")
    if audio is not None:
        channels, rate = audio.codec_context.channels, audio.codec_context.sample_rate
        if channels > _MOST_CHANNELS or rate > _MOST_RATE:
            raise Unusable(EXCESSIVE, f"{channels} channels at {rate} Hz")
