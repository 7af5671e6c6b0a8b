"""The simulated network as a part of this platform."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final, Protocol

from magpie.app.card import HandsetCard
from magpie.app.port import PortTaken
from magpie.carriers.traffic import Inbound, Kind, Traffic
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Worker
from magpie.settings import MmscSettings
from magpie.simulator import store
from magpie.simulator.directory import Directory
from magpie.simulator.mmsc.mm1_server import Mm1Server, Subscriber
from magpie.simulator.mmsc.mm4 import Centre
from magpie.simulator.mmsc.mm4_options import CentreOptions as Mm4Options
from magpie.simulator.mmsc.mm4_options import Mm4Peer
from magpie.simulator.mmsc.mm7 import Relay
from magpie.simulator.mmsc.mm7_options import RelayOptions, VaspAccount
from magpie.simulator.network import SimulatedNetwork
from magpie.simulator.smsc import CentreOptions, MessageCentre

_HOST: Final = "127.0.0.1"


class Server(Protocol):
    """A centre on a port of its own, which takes what phones send to its customers' numbers."""

    def claim(self, number: str, kind: Kind) -> Callable[[Inbound], Awaitable[None]] | None: ...

    async def start(self, port: int) -> int: ...

    async def stop(self) -> None: ...


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
        self._database = database
        self._queue = queue
        self.directory = Directory(database)
        self.network = SimulatedNetwork(database, queue, blobs, self.directory)
        self._servers = tuple(_servers(self.network, blobs, smsc_port, mmsc or MmscSettings()))

    def worker(self) -> Worker:
        return Worker(self._queue, self.network.hand_over)

    async def start(self, traffic: Traffic) -> None:
        """Raises PortTaken."""
        self.network.join("simulator", traffic)
        for setting, server, port in self._servers:
            self.network.join_inbox(server.claim)
            try:
                await server.start(port)
            except OSError as error:
                raise PortTaken(_HOST, port, setting) from error

    async def stop(self) -> None:
        """Phones keep what they have; receipts that are owed wait in the queue."""
        for _, server, _ in self._servers:
            await server.stop()

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


def _servers(
    network: SimulatedNetwork, blobs: Blobs, smsc_port: int | None, mmsc: MmscSettings
) -> Iterator[tuple[str, Server, int]]:
    if smsc_port is not None:
        yield "smsc_port", MessageCentre(CentreOptions(), network), smsc_port
    if mmsc.mm7_port is not None:
        yield "mmsc.mm7_port", Relay(_relay_options(mmsc), network, blobs), mmsc.mm7_port
    if mmsc.mm4_port is not None:
        yield "mmsc.mm4_port", _mm4_centre(mmsc, network, blobs), mmsc.mm4_port
    if mmsc.mm1_port is not None:
        yield "mmsc.mm1_port", Mm1Server(_subscribers(mmsc), network, blobs), mmsc.mm1_port


def _mm4_centre(mmsc: MmscSettings, network: SimulatedNetwork, blobs: Blobs) -> Centre:
    centre = Centre(Mm4Options(domain=mmsc.mm4_domain), network, blobs)
    if mmsc.mm4_peer_port is not None:
        centre.join(
            Mm4Peer(
                domain=mmsc.mm4_peer_domain,
                port=mmsc.mm4_peer_port,
                numbers=frozenset(mmsc.numbers),
            )
        )
    return centre


def _relay_options(mmsc: MmscSettings) -> RelayOptions:
    vasp = VaspAccount(
        vasp_id=mmsc.vasp_id, url=mmsc.mm7_url or "", numbers=frozenset(mmsc.numbers)
    )
    return RelayOptions(accounts=(vasp,))


def _subscribers(mmsc: MmscSettings) -> tuple[Subscriber, ...]:
    return tuple(Subscriber(number, mmsc.mm1_url or "") for number in mmsc.numbers)
