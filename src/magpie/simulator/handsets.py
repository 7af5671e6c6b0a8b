"""The phones that are there from the first start."""

from magpie.kit import clock
from magpie.simulator.model import FIRST_HANDSETS, Handset


def first_content() -> list[Handset]:
    """For `store.first_handsets`; the first is the recipient of every tutorial."""
    now = clock.now()
    return [Handset(number, carrier, now) for number, carrier in FIRST_HANDSETS]
