"""The simulated network as a part of this platform."""

from magpie.app.card import HandsetCard
from magpie.carriers.traffic import Traffic
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Worker
from magpie.settings import MmscSettings
from magpie.simulator import store
from magpie.simulator.directory import Directory
from magpie.simulator.mmsc.mm1_server import Mm1Server, Subscriber
from magpie.simulator.mmsc.mm7 import Relay
from magpie.simulator.mmsc.mm7_options import RelayOptions, VaspAccount
from magpie.simulator.network import SimulatedNetwork
from magpie.simulator.smsc import CentreOptions, MessageCentre


class Simulated:
    """With an `smsc_port` other programs can bind to its message centre by SMPP."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        blobs: Blobs,
        smsc_port: int | None = None,
        mmsc: MmscSettings | None = None,
    ) -> None:
        self._smsc_port = smsc_port
        self._mmsc = mmsc or MmscSettings()
        self._blobs = blobs
        self._centre: MessageCentre | None = None
        self._relay: Relay | None = None
        self._mm1: Mm1Server | None = None
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
        if self._mmsc.mm7_port is not None:
            self._relay = Relay(_relay_options(self._mmsc), self.network, self._blobs)
            self.network.join_inbox(self._relay.claim)
            await self._relay.start(self._mmsc.mm7_port)
        if self._mmsc.mm1_port is not None:
            self._mm1 = Mm1Server(_subscribers(self._mmsc), self.network, self._blobs)
            self.network.join_inbox(self._mm1.claim)
            await self._mm1.start(self._mmsc.mm1_port)

    async def stop(self) -> None:
        """Phones keep what they have; receipts that are owed wait in the queue."""
        if self._centre is not None:
            await self._centre.stop()
        if self._relay is not None:
            await self._relay.stop()
        if self._mm1 is not None:
            await self._mm1.stop()

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


def _relay_options(mmsc: MmscSettings) -> RelayOptions:
    vasp = VaspAccount(
        vasp_id=mmsc.vasp_id, url=mmsc.mm7_url or "", numbers=frozenset(mmsc.numbers)
    )
    return RelayOptions(accounts=(vasp,))


def _subscribers(mmsc: MmscSettings) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(number, mmsc.mm1_url or "") for number in mmsc.numbers)
