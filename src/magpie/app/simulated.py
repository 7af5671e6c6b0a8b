"""The simulated network as a part of this platform."""

from magpie.app.card import HandsetCard
from magpie.carriers.traffic import Traffic
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Worker
from magpie.simulator import store
from magpie.simulator.directory import Directory
from magpie.simulator.network import SimulatedNetwork


class Simulated:
    def __init__(self, database: Database, queue: Queue, blobs: Blobs) -> None:
        self._database = database
        self._queue = queue
        self.directory = Directory(database)
        self.network = SimulatedNetwork(database, queue, blobs, self.directory)

    def worker(self) -> Worker:
        return Worker(self._queue, self.network.hand_over)

    async def start(self, traffic: Traffic) -> None:
        self.network.join("simulator", traffic)

    async def stop(self) -> None:
        """Phones keep what they have; receipts that are owed wait in the queue."""

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
