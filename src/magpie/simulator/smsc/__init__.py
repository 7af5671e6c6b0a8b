"""A message centre that speaks SMPP: the simulated network for clients of any make."""

from magpie.simulator.smsc.centre import MessageCentre
from magpie.simulator.smsc.exchange import Exchange
from magpie.simulator.smsc.ledger import Ledger
from magpie.simulator.smsc.memory import MemoryExchange
from magpie.simulator.smsc.options import CentreOptions

__all__ = ["CentreOptions", "Exchange", "Ledger", "MemoryExchange", "MessageCentre"]
