"""What goes into an MMS: its parts with names of their own, and the slides that show them."""

from collections.abc import Sequence

from magpie.carriers.traffic import MediaPart
from magpie.media.fit import Fit, Fitted
from magpie.media.model import Media
from magpie.media.names import renamed
from magpie.protocols import smil

_TEXT = smil.Part("text/plain")


def enclosed(media: Sequence[Media], fit: Fit, body: str) -> tuple[tuple[MediaPart, ...], bytes]:
    """Give the parts in the order of the media, without those that are dropped, and the SMIL."""
    going = [(item, part) for item, part in zip(media, fit.parts, strict=True) if not part.dropped]
    named = [_named(item, part) for item, part in going]
    if body:
        named.append(_TEXT)
    names = smil.names(named)
    presentation = smil.presentation(
        [part._replace(name=name) for part, name in zip(named, names, strict=True)]
    )
    parts = [
        MediaPart(content_type=part.content_type, size=part.size, digest=part.digest, name=name)
        for (_, part), name in zip(going, names, strict=False)
    ]
    return tuple(parts), presentation


def _named(item: Media, part: Fitted) -> smil.Part:
    """What is made anew loses its old ending."""
    name = renamed(item.file_name, part.content_type) if part.result else item.file_name
    known = part.result.made if part.result else part.facts
    return smil.Part(part.content_type, name or "", known.seconds if known else 0.0)
