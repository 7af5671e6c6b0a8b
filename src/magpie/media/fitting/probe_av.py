"""What a film or a sound is: its packets are counted and its first frames decoded."""

from typing import Final

from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from magpie.media.fitting import decode, demux
from magpie.media.fitting.survey import survey
from magpie.media.recipe import BROKEN, Facts, Unusable

_CODECS: Final = {"amr_nb": "amrnb", "amr_wb": "amrwb"}
_BRANDS: Final = {b"3g": "3gp", b"qt": "mov", b"M4": "m4a"}
_SHOWN: Final = frozenset({"video", "audio"})
_USUAL: Final = frozenset({"yuv420p", "yuvj420p", None})
_PLAIN: Final = frozenset(
    {"major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id"}
)
"""Metadata which tell of the file, not of a person or a place."""


def probe(content: bytes) -> Facts:
    """Raises Unusable also for a file whose first frames cannot be decoded."""
    bare = demux.bare(content)
    seen = survey(bare)
    with demux.opened(bare) as streams:
        tagged = len(bare) != len(content) or _tagged(streams.container)
        more = any(one.type not in _SHOWN for one in streams.container.streams)
        video = _codec(streams.video) + _odd(streams.video)
        audio = _codec(streams.audio)
    with demux.failing():
        look = decode.look(bare) if seen.video else None
        if seen.audio and next(decode.samples(bare), None) is None:
            raise Unusable(BROKEN, "no sound in it can be decoded")
    return Facts(
        kind="film" if look else "sound",
        format=_format(bare),
        width=look.width if look else 0,
        height=look.height if look else 0,
        frames=seen.video.packets if seen.video else 1,
        orientation=look.turn if look else 1,
        tagged=tagged,
        more=more,
        seconds=round(seen.seconds, 3),
        video=video if seen.video else "",
        audio=audio if seen.audio else "",
    )


def _codec(stream: Stream | None) -> str:
    if stream is None:
        return ""
    name = demux.name_of(stream, canonical=True)
    return _CODECS.get(name, name)


def _odd(stream: VideoStream | None) -> str:
    """What follows the name of H.264 of more bits or colours than phones decode."""
    if stream is None or _codec(stream) != "h264":
        return ""
    pixels = stream.codec_context.pix_fmt
    return "" if pixels in _USUAL else f" {pixels}"


def _format(bare: bytes) -> str:
    kind = demux.kind_of(bare)
    if kind == "film":
        return _BRANDS.get(bare[8:10], "mp4") if bare[4:8] == b"ftyp" else "mov"
    if kind == "matroska":
        return "webm" if b"webm" in bare[:64] else "matroska"
    if kind == "amr":
        return "amrwb" if bare.startswith(b"#!AMR-WB") else "amr"
    return kind


def _tagged(container: InputContainer) -> bool:
    return bool({name.lower() for name in container.metadata} - _PLAIN)
