from typing import Protocol

from magpie.simulator.model import Delivery, Handset
from magpie.simulator.profile import Profile
from magpie.simulator.receipts import Hand


class Exchange(Protocol):
    """Where the phones are: the simulated network, or a memory."""

    async def find(self, number: str) -> tuple[Handset, Profile] | None: ...

    async def keep(self, delivery: Delivery) -> None:
        """Returns when it is on the phones, and the receipts will come whatever happens."""

    def join_receipts(self, carrier: str, hand: Hand) -> None: ...
