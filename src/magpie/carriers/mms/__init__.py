"""What all links for pictures share: contents encoded once, a window, and what comes in."""

from magpie.carriers.mms.arrived import arrived
from magpie.carriers.mms.callers import Callers
from magpie.carriers.mms.contents import Contents, related, unreadable
from magpie.carriers.mms.kept import Kept
from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import NoRoom, Slots

__all__ = [
    "Callers",
    "Contents",
    "Kept",
    "NoRoom",
    "Outage",
    "Slots",
    "arrived",
    "related",
    "unreadable",
]
