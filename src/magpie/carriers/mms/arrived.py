"""What a phone has sent, out of the parts of its message."""

from collections.abc import Sequence

from magpie.carriers.traffic import InboundMedia
from magpie.protocols import mime, smil


def arrived(parts: Sequence[mime.Part]) -> tuple[str, tuple[InboundMedia, ...]]:
    """Text and media in the order in which slides show them; the slides stay behind."""
    slides = next((part.body for part in parts if _is_slides(part)), b"")
    others = [part for part in parts if not _is_slides(part)]
    ordered = [others[place] for place in smil.order(slides, [_named(part) for part in others])]
    texts = [part.text.replace("\0", "") for part in ordered if _is_text(part)]
    media = tuple(_medium(part) for part in ordered if not _is_text(part))
    return "\n".join(text for text in texts if text), media


def _is_slides(part: mime.Part) -> bool:
    return part.content_type.text in smil.CONTENT_TYPES


def _is_text(part: mime.Part) -> bool:
    return part.content_type.text == "text/plain"


def _named(part: mime.Part) -> smil.Part:
    return smil.Part(
        part.content_type.text,
        name=part.location,
        content_id=part.content_id,
        filename=part.filename,
    )


def _medium(part: mime.Part) -> InboundMedia:
    name = part.filename or part.location or part.content_id
    return InboundMedia(
        content_type=part.content_type.text or "application/octet-stream",
        content=part.body,
        name=mime.decode_words(name).replace("\0", "") or None,
    )
