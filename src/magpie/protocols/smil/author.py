import math
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from magpie.protocols.smil.model import Part, kind_of

LEAST_SECONDS: Final = 5
MOST_SECONDS: Final = 24 * 3600
_REGIONS: Final = {"img": "Image", "video": "Image", "text": "Text"}
_SIZE: Final = {"left": "0", "width": "320"}
# XML 1.0, 2.2 Char
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def presentation(parts: Sequence[Part]) -> bytes:
    """The slides of a message; parts without a name or a kind stay attachments."""
    smil = ET.Element("smil")
    _layout(ET.SubElement(ET.SubElement(smil, "head"), "layout"))
    body = ET.SubElement(smil, "body")
    for slide in _slides(parts):
        par = ET.SubElement(body, "par", dur=f"{_seconds(slide)}s")
        for part in slide:
            _medium(par, part)
    return ET.tostring(smil, encoding="unicode").encode()


def _layout(layout: ET.Element) -> None:
    ET.SubElement(layout, "root-layout", width="320", height="480")
    ET.SubElement(
        layout, "region", {"id": "Image", "top": "0", "height": "320"} | _SIZE, fit="meet"
    )
    ET.SubElement(
        layout, "region", {"id": "Text", "top": "320", "height": "160"} | _SIZE, fit="scroll"
    )


def _slides(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """In the parts' order, but that the first text stands in the first slide."""
    slides: list[dict[str, int]] = []
    for place, slot in _slots(parts):
        if slot == "text" and slides and not any("text" in slide for slide in slides):
            slides[0][slot] = place
        elif slides and slot not in slides[-1]:
            slides[-1][slot] = place
        else:
            slides.append({slot: place})
    for slide in slides:
        yield [parts[place] for place in sorted(slide.values())]


def _slots(parts: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """A picture and a film take the same one."""
    for place, part in enumerate(parts):
        if part.name and (kind := kind_of(part.content_type)):
            yield place, _REGIONS.get(kind, kind).lower()


def _medium(par: ET.Element, part: Part) -> None:
    kind = kind_of(part.content_type)
    assert kind is not None
    region = {"region": _REGIONS[kind]} if kind in _REGIONS else {}
    ET.SubElement(par, kind, {"src": _NO_XML.sub(_quoted, part.name)} | region)


def _quoted(found: re.Match[str]) -> str:
    return quote(found[0].encode("utf-8", "surrogatepass"))


def _seconds(slide: Sequence[Part]) -> int:
    # Five come first: nothing is more than a length that is no number.
    longest = max(LEAST_SECONDS, *(part.seconds for part in slide))
    return math.ceil(min(longest, MOST_SECONDS))
