"""The composition root: settings in, a running platform out."""

from magpie.app.card import Card, HandsetCard, SenderCard
from magpie.app.lifetime import serve
from magpie.app.server import PortTaken

__all__ = ["Card", "HandsetCard", "PortTaken", "SenderCard", "serve"]
