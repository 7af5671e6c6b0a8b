"""Where all carriers hand in what arrives."""

from magpie.carriers.traffic import Inbound, Receipt
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts


class Arrivals:
    """`Traffic` for every link; each method returns after the commit."""

    def __init__(self, receipts: Receipts, inbounds: Inbounds) -> None:
        self._receipts = receipts
        self._inbounds = inbounds

    async def receipt(self, receipt: Receipt) -> None:
        await self._receipts.receive(receipt)

    async def inbound(self, inbound: Inbound) -> None:
        await self._inbounds.receive(inbound)
