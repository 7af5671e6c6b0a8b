"""The simulated network as a part of this platform."""

from magpie.app.card import HandsetCard
from magpie.carriers.traffic import Traffic
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Worker
from magpie.simulator import store
from magpie.simulator.directory import Directory
from magpie.simulator.network import SimulatedNetwork
from magpie.simulator.smsc import CentreOptions, MessageCentre


class Simulated:
    """With an `smsc_port` other programs can bind to its message centre by SMPP."""

    def __init__(
        self, database: Database, queue: Queue, blobs: Blobs, smsc_port: int | None = None
    ) -> None:
        self._smsc_port = smsc_port
        self._centre: MessageCentre | None = None
        self._database = database
        self._queue = queue
        self.directory = Directory(database)
        self.network = SimulatedNetwork(database, queue, blobs, self.directory)

    def worker(self) -> Worker:
        return Worker(self._queue, self.network.hand_over)

    async def start(self, traffic: Traffic) -> None:
        self.network.join("simulator", traffic)
        if self._smsc_port is not None:
            self._centre = MessageCentre(CentreOptions(), self.network)
            self.network.join_inbox(self._centre.claim)
            await self._centre.start(self._smsc_port)

    async def stop(self) -> None:
        """Phones keep what they have; receipts that are owed wait in the queue."""
        if self._centre is not None:
            await self._centre.stop()

    async def handsets(self, base_url: str) -> list[HandsetCard]:
        profiles = await self.directory.profiles()
        return [
            HandsetCard(
                number=handset.number,
                carrier=handset.carrier,
                mms=profiles[handset.carrier].mms,
                url=f"{base_url}/simulator/v1/Handsets/{handset.number}/Messages",
            )
            for handset in await store.handsets(self._database)
            if handset.carrier in profiles
        ]
