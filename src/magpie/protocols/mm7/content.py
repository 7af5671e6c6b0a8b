"""Which parts of a body are the content of a message."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote, unquote

from magpie.protocols.mime import Part
from magpie.protocols.mm7.values import Content

_SAFE: Final = "!$&'()*+,;=:@/._~-"


def href_of(part: Part) -> str:
    """RFC 2392."""
    return f"cid:{quote(part.content_id, safe=_SAFE)}"


def content_of(contents: Sequence[Content], others: Sequence[Part]) -> Part | None:
    """One part, or one made of several that stand beside the envelope; `others` are those.

    Without a reference, or with a wrong one, what is there is the content.
    """
    meant = list(_meant(contents, others))
    if len(contents) > 1 and len(meant) == len(contents):
        return _together(meant)
    first = meant[0] if meant else next(iter(others), None)
    if first is None or first.parts or len(others) == 1:
        return first
    return _together([first, *(part for part in others if part is not first)])


def _meant(contents: Sequence[Content], others: Sequence[Part]) -> Iterator[Part]:
    """Of several parts by one name the first."""
    by_name: dict[str, Part] = {}
    for part in others:
        by_name.setdefault(_name(part.content_id), part)
    for content in contents:
        if (found := by_name.get(_name(content.href))) is not None:
            yield found


def _name(reference: str) -> str:
    reference = reference.strip()
    reference = reference[4:] if reference[:4].lower() == "cid:" else reference
    return unquote(reference).strip().removeprefix("<").removesuffix(">")


def _together(parts: Sequence[Part]) -> Part:
    return Part((("Content-Type", "multipart/mixed"),), b"", tuple(parts))


def root_among(parts: Sequence[Part], start: str) -> int:
    """The place of the envelope: the part that `start` names, else the first."""
    wanted = _name(start)
    named = (place for place, part in enumerate(parts) if _name(part.content_id) == wanted)
    return next(named, 0) if wanted else 0


def leaves(content: Part) -> Iterator[Part]:
    """The media of a message in their order, however they nest."""
    if content.parts:
        for part in content.parts:
            yield from leaves(part)
    else:
        yield content
