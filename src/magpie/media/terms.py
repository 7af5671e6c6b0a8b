"""Parts of a message and a carrier's terms, and how the two agree: pure."""

from typing import Final

import msgspec

from magpie.media.model import plain_type
from magpie.media.profile import FilmTerms, PictureTerms, Profile
from magpie.media.recipe import Facts

_CANONICAL: Final = {
    "image/jpg": "image/jpeg",
    "audio/mp3": "audio/mpeg",
    "audio/amr-nb": "audio/amr",
    "text/x-vcard": "text/vcard",
    "text/directory": "text/vcard",
    "application/vcard": "text/vcard",
}
TYPES: Final = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "amr": "audio/amr",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
}
"""By the sandbox's name of a format: what it is called on the wire."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A medium as it was sent. Without facts it is none of those that can be changed."""

    content_type: str
    size: int
    facts: Facts | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message goes: `most_bytes` is what the link or the handset allows besides."""

    profile: Profile
    sender_kind: str = "default"
    most_bytes: int | None = None
    text_bytes: int = 0

    @property
    def budget(self) -> int:
        most = self.profile.most(self.sender_kind)
        return most if self.most_bytes is None else min(most, self.most_bytes)


def type_of(part: Part) -> str:
    """By what it is, not by what it was called: phones call their 3GP films MP4."""
    if part.facts is None:
        plain = plain_type(part.content_type)
        return _CANONICAL.get(plain, plain)
    if part.facts.kind == "sound" and part.facts.format in {"mp4", "3gp"}:
        return TYPES["m4a"]
    return TYPES.get(part.facts.format, plain_type(part.content_type))


def accepted(part: Part, profile: Profile) -> bool:
    """Whether phones on this carrier show or play it, however large it is."""
    if type_of(part) not in profile.accepts:
        return False
    codecs = (part.facts.video, part.facts.audio) if part.facts else ()
    return all(codec in profile.codecs for codec in codecs if codec)


def may_stay(part: Part, profile: Profile) -> bool:
    """Whether it need not be changed, but perhaps for its bytes."""
    facts = part.facts
    if not accepted(part, profile):
        return False
    if facts is not None and facts.more and profile.strip:
        return False
    if facts is None or facts.kind == "sound":
        return True
    if facts.profiled or facts.orientation != 1:
        return False
    if facts.progressive and profile.picture.baseline:
        return False
    width, height = held(facts, profile.picture if facts.kind == "image" else profile.film)
    return facts.width <= width and facts.height <= height


def held(facts: Facts, most: PictureTerms | FilmTerms) -> tuple[int, int]:
    """The largest sides, as the phone is turned for what is higher than wide."""
    short, long = sorted((most.width, most.height))
    return (short, long) if facts.height > facts.width else (long, short)
