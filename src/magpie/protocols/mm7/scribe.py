import re
from typing import Final
from xml.etree import ElementTree as ET

# XML 1.0, 2.2 Char
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


class Scribe:
    """Adds elements, with the prefix that children have in this dialect."""

    def __init__(self, prefix: str) -> None:
        self._prefix = f"{prefix}:" if prefix else ""

    def add(
        self, parent: ET.Element, name: str, text: str = "", /, **attributes: str
    ) -> ET.Element:
        """Attributes without a value are left out."""
        given = {key: clean(value) for key, value in attributes.items() if value}
        element = ET.SubElement(parent, self._prefix + name, given)
        if text:
            element.text = clean(text)
        return element


def clean(text: str) -> str:
    """What XML has no way to say is replaced."""
    return _NO_XML.sub(_REPLACEMENT, text)
