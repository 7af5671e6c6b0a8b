"""The link to a network inside the same program."""

from magpie.carriers.loopback.carrier import LoopbackCarrier, Network

__all__ = ["LoopbackCarrier", "Network"]
