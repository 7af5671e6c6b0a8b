"""MM4 links: `Mm4Carrier(options_of(settings), contents, knows)` is a Carrier that listens, too."""

from magpie.carriers.mm4.carrier import Mm4Carrier
from magpie.carriers.mm4.options import LinkOptions, options_of
from magpie.carriers.mm4.receive import Knows
from magpie.carriers.mm4.state import Counters, LinkState

__all__ = ["Counters", "Knows", "LinkOptions", "LinkState", "Mm4Carrier", "options_of"]
