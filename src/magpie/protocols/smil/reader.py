"""Slides out of what handsets send, which is often no XML.

Tags are picked out of the text, and what is between them is nobody's business: no parser of XML
would take bare ampersands, tags that stay open or the document types of old phones, and there is
no entity, no namespace and no reference here that could be followed. Every pattern goes over the
text once, however it is made.
"""

import re
from collections.abc import Iterator
from typing import Final

from magpie.protocols.smil.model import Shown, Slide

MOST_BYTES: Final = 64 * 1024
"""What is longer is no presentation."""
MOST_SLIDES: Final = 100

_MEDIA: Final = frozenset({"img", "video", "audio", "text", "ref"})
_UNSEEN: Final = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_TAG: Final = re.compile(
    r"""<(/?)(?:[\w.-]++:)?([A-Za-z][\w.-]*+)((?:"[^"<]*"|'[^'<]*'|[^<>])*+)>"""
)
_ATTRIBUTE: Final = re.compile(
    r"""(?<![\w.:-])([A-Za-z_][\w.:-]*+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]++))"""
)
_REFERENCE: Final = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([a-z]{2,4}));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CLOCK: Final = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s)\s*", re.IGNORECASE)
_LATIN_1: Final = {0xDC00 + octet: octet for octet in range(0x80, 0x100)}


def read(content: bytes) -> list[Slide]:
    """What cannot be read has no slides: this raises nothing."""
    if len(content) > MOST_BYTES:
        return []
    slides: list[tuple[list[Shown], float | None]] = []
    inside = False
    for closing, tag, attributes in _tags(_decoded(content)):
        if tag == "par":
            inside = not (closing or attributes.endswith("/"))
            if not closing:
                slides.append(([], _seconds(_attributes(attributes).get("dur", ""))))
        elif tag in _MEDIA and not closing and (shown := _shown(tag, attributes)):
            if not inside:  # outside of every slide it is one of its own
                slides.append(([], None))
            slides[-1][0].append(shown)
        if len(slides) > MOST_SLIDES:
            break
    return [Slide(tuple(shown), seconds) for shown, seconds in slides[:MOST_SLIDES]]


def _decoded(content: bytes) -> str:
    """UTF-8, in which single octets may be Latin-1 (or UTF-16 that says so)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8", "surrogateescape").translate(_LATIN_1)


def _tags(text: str) -> Iterator[tuple[bool, str, str]]:
    for found in _TAG.finditer(_UNSEEN.sub("", text)):
        yield bool(found[1]), found[2].lower(), found[3]


def _shown(tag: str, attributes: str) -> Shown | None:
    found = _attributes(attributes)
    return Shown(tag, found["src"], found.get("region", "")) if found.get("src") else None


def _attributes(text: str) -> dict[str, str]:
    """The first of a name counts."""
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text.removesuffix("/")):
        value = next(group for group in one.groups()[1:] if group is not None)
        found.setdefault(one[1].lower(), _REFERENCE.sub(_character, value))
    return found


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED.get(name, found[0])
    code = int(decimal) if decimal else int(hexadecimal, 16)
    known = code < 0xD800 or 0xDFFF < code <= 0x10FFFF  # noqa: PLR2004 - the surrogates between
    return chr(code) if known else found[0]


def _seconds(clock: str) -> float | None:
    if (found := _CLOCK.fullmatch(clock)) is None:
        return None
    return float(found[1]) / (1000 if found[2].lower() == "ms" else 1)
