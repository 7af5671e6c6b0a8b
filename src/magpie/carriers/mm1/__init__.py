"""MM1 links: `Mm1Carrier(options_of(settings), contents, policy)` is a Carrier and a Door."""

from magpie.carriers.mm1.carrier import Mm1Carrier
from magpie.carriers.mm1.options import LinkOptions, options_of

__all__ = ["LinkOptions", "Mm1Carrier", "options_of"]
