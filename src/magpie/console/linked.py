"""Text with its web addresses as links, everything else escaped."""

import re
from typing import Final

from markupsafe import Markup, escape

_URL: Final = re.compile(r"https?://[^\s<>\"']{4,500}")
# What ends a sentence rather than an address.
_TAIL: Final = ".,;:!?)]}"


def linked(text: str) -> Markup:
    out, at = Markup(), 0
    for found in _URL.finditer(text):
        url = found[0].rstrip(_TAIL)
        out += _lines(text[at : found.start()])
        out += Markup('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>').format(url)
        at = found.start() + len(url)
    return out + _lines(text[at:])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
