"""SMPP links: `SmppCarrier(options_of(settings))` is a Carrier."""

from magpie.carriers.smpp.carrier import SmppCarrier
from magpie.carriers.smpp.options import Host, LinkOptions, options_of
from magpie.carriers.smpp.state import BindState, Counters, LinkState

__all__ = [
    "BindState",
    "Counters",
    "Host",
    "LinkOptions",
    "LinkState",
    "SmppCarrier",
    "options_of",
]
