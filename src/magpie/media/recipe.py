"""What is asked of the sandbox about one file, and what it answers: the values on the wire.

A probe gives Facts. A recipe says how a file is to be changed, whole: the same recipe on the same
bytes is the same result, and is stored under `name_of` it.
"""

from typing import Final, Literal

import msgspec

from magpie.media.check import NOT_HANDLED, TOO_LARGE

MOST_PIXELS: Final = 40_000_000
"""Of one picture, told by its header before anything is decoded (reliability.md section 5)."""
MOST_FRAMES: Final = 500
MOST_FRAME_PIXELS: Final = 200_000_000
"""Frames times pixels of an animation."""
MOST_SECONDS: Final = 600.0
MOST_STREAMS: Final = 4
MOST_SIDE: Final = 16_000

PictureFormat = Literal["jpeg", "png", "gif"]
FilmFormat = Literal["mp4", "3gp"]
SoundFormat = Literal["amr", "m4a", "mp3"]


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a file is.

    `format` is the sandbox's short name: jpeg, png, gif, webp, heif, avif, tiff, bmp, mp4, 3gp,
    webm, mpeg, ogg, mp3, amr, m4a, wav...
    `width` and `height` are in pixels as shown: after `orientation` (EXIF, 1 to 8). `alpha` tells
    of pixels that are not opaque, `profiled` of colours that are not sRGB, `tagged` of metadata
    that a stranger should not read (EXIF, XMP, IPTC, comments, places), `progressive` of a JPEG
    that is not baseline, `more` of tracks that are neither seen
    nor heard. Codecs are FFmpeg's names.
    """

    kind: Literal["image", "film", "sound"]
    format: str
    width: int = 0
    height: int = 0
    frames: int = 1
    alpha: bool = False
    orientation: int = 1
    profiled: bool = False
    tagged: bool = False
    progressive: bool = False
    more: bool = False
    seconds: float = 0.0
    video: str = ""
    audio: str = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True, tag="probe"):
    """Tell what a file is; with `verify` all of it is decoded, so that damage is told."""

    content_type: str
    verify: bool = False


class Strip(msgspec.Struct, frozen=True, tag="strip"):
    """Take the metadata out of a JPEG, PNG, GIF, MP4 or 3GP; the rest stays, bit for bit."""


class Picture(msgspec.Struct, frozen=True, kw_only=True, tag="picture"):
    """One still picture, as good as `most_bytes` allow; sides in pixels, never enlarged."""

    format: PictureFormat
    most_bytes: int
    most_width: int
    most_height: int
    progressive: bool = False


class Animation(msgspec.Struct, frozen=True, kw_only=True, tag="animation"):
    """A GIF that still moves: first smaller, then with fewer colours, frames thinned last."""

    most_bytes: int
    most_width: int
    most_height: int


class Film(msgspec.Struct, frozen=True, kw_only=True, tag="film"):
    """mp4 is H.264 (baseline) and AAC, 3gp H.263 and AMR-NB; the length is kept."""

    format: FilmFormat
    most_bytes: int
    most_width: int
    most_height: int


class Sound(msgspec.Struct, frozen=True, kw_only=True, tag="sound"):
    format: SoundFormat
    most_bytes: int


Recipe = Strip | Picture | Animation | Film | Sound
Task = Probe | Recipe


class Made(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a recipe made, told beside its bytes. `quality` is the encoder's own figure."""

    content_type: str
    width: int = 0
    height: int = 0
    frames: int = 1
    seconds: float = 0.0
    quality: float | None = None
    note: str = ""


class Unusable(Exception):  # noqa: N818 - what the file is
    """A file that cannot be worked on.

    `code` is of errors.md: 12300 when it is not what it says, 11751 when it is more than anybody
    may ask for, 30019 when nothing of it fits the bytes.
    """

    def __init__(self, code: int, why: str) -> None:
        self.code = code
        self.why = why
        super().__init__(f"{code}: {why}")


BROKEN: Final = NOT_HANDLED
EXCESSIVE: Final = TOO_LARGE
NEVER_FITS: Final = 30019

encode = msgspec.json.Encoder(order="deterministic").encode


def name_of(recipe: Recipe) -> str:
    """The same text for the same recipe, on every machine and after every restart."""
    return encode(recipe).decode()
