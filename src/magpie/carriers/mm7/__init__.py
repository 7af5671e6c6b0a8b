"""MM7 links: `Mm7Carrier(options_of(settings), contents, policy)` is a Carrier and a Door."""

from magpie.carriers.mm7.carrier import Mm7Carrier
from magpie.carriers.mm7.options import LinkOptions, options_of
from magpie.carriers.mms.state import Counters, LinkState

__all__ = ["Counters", "LinkOptions", "LinkState", "Mm7Carrier", "options_of"]
