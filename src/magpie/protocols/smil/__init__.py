"""SMIL as MMS has it (OMA-TS-MMS-CONF): slides of one picture or film, one sound and one text."""

from magpie.protocols.smil.author import presentation
from magpie.protocols.smil.model import CONTENT_TYPE, CONTENT_TYPES, Part, Shown, Slide
from magpie.protocols.smil.names import names
from magpie.protocols.smil.order import order
from magpie.protocols.smil.reader import MOST_BYTES, MOST_SLIDES, read

__all__ = [
    "CONTENT_TYPE",
    "CONTENT_TYPES",
    "MOST_BYTES",
    "MOST_SLIDES",
    "Part",
    "Shown",
    "Slide",
    "names",
    "order",
    "presentation",
    "read",
]
