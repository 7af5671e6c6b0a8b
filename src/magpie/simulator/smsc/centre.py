"""The message centre: binds, what clients submit, what is delivered to them."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from itertools import count

from magpie.carriers.traffic import Inbound, Kind
from magpie.esmes.wire import Wire
from magpie.kit import clock
from magpie.protocols.smpp import (
    Bind,
    CancelSm,
    DataSm,
    InterfaceVersion,
    QuerySm,
    ReplaceSm,
    Status,
    SubmitSm,
    Tag,
    Tlv,
    reply,
)
from magpie.protocols.smpp.pdu import Pdu
from magpie.simulator.model import Owed
from magpie.simulator.smsc.client import Client
from magpie.simulator.smsc.exchange import Exchange
from magpie.simulator.smsc.forms import carrier_of, receipt_pdu, system_id_of, text_pdus
from magpie.simulator.smsc.ledger import Ledger
from magpie.simulator.smsc.line import Line
from magpie.simulator.smsc.options import CentreOptions
from magpie.simulator.smsc.submit import Submits

_BEAT_SECONDS = 0.2
_REFUSED_BIND_SECONDS = 0.5
_DELIVERY_SECONDS = 25.0
_UNSUPPORTED = {
    QuerySm: Status.RQUERYFAIL,
    CancelSm: Status.RCANCELFAIL,
    ReplaceSm: Status.RREPLACEFAIL,
}


class MessageCentre:
    def __init__(
        self, options: CentreOptions, exchange: Exchange, ledger: Ledger | None = None
    ) -> None:
        self.options = options
        self._exchange = exchange
        # Ids go on where the last run of this program was certainly not yet.
        ids = count(int(clock.now().timestamp() * 1000) << 12)
        self._submits = Submits(options, exchange, ledger, ids, self.hand_receipt)
        self._clients: dict[str, Client] = {}
        self._wires: set[Wire] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._beating: asyncio.Task[None] | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Give the port."""
        loop = asyncio.get_running_loop()
        config = self.options.session

        def made() -> Line:
            return Line(self, config)

        self._server = await loop.create_server(made, host, port, backlog=128)
        self._beating = asyncio.create_task(self._beat())
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for wire in list(self._wires):
            wire.abort()

    async def _beat(self) -> None:
        while True:
            await clock.sleep(_BEAT_SECONDS)
            now = clock.monotonic()
            for wire in list(self._wires):
                wire.pulse(now)
                self.ready(wire)

    # What connections tell

    def connected(self, wire: Wire) -> None:
        self._wires.add(wire)

    def requested(self, wire: Wire, pdu: Pdu, octets: bytes) -> None:  # noqa: ARG002 - as every owner
        match pdu:
            case Bind():
                self._bind(wire, pdu)
            case SubmitSm() | DataSm():
                assert isinstance(wire, Line)
                self._run(self._submits.serve(wire, pdu))
            case _:
                wire.answer(reply(pdu, _UNSUPPORTED.get(type(pdu), Status.RINVCMDID)))

    def ready(self, wire: Wire) -> None:
        client = self._clients.get(wire.system_id)
        if client is not None:
            client.pump()

    def closed(self, wire: Wire) -> None:
        self._wires.discard(wire)
        client = self._clients.get(wire.system_id)
        if client is not None and wire in client.wires:
            client.wires.remove(wire)
            client.pump()

    def _bind(self, wire: Wire, pdu: Bind) -> None:
        client = self._client(pdu.system_id)
        status = self._judge(pdu, client)
        if status is not Status.ROK:
            # Whoever guesses has to wait.
            loop = asyncio.get_running_loop()
            loop.call_later(_REFUSED_BIND_SECONDS, wire.answer, reply(pdu, status))
            return
        version = Tlv.number(Tag.SC_INTERFACE_VERSION, InterfaceVersion.V3_4)
        wire.answer(reply(pdu, system_id="magpie", tlvs=(version,)))
        wire.system_id, wire.address_range = pdu.system_id, pdu.address_range
        self._exchange.join_receipts(carrier_of(pdu.system_id), self.hand_receipt)
        client.wires.append(wire)
        client.pump()

    def _judge(self, pdu: Bind, client: Client) -> Status:
        wanted = self.options
        if wanted.system_id and pdu.system_id != wanted.system_id:
            return Status.RINVSYSID
        if wanted.system_id and not hmac.compare_digest(
            pdu.password.encode(), wanted.password.encode()
        ):
            return Status.RINVPASWD
        return Status.ROK if len(client.wires) < wanted.binds else Status.RBINDFAIL

    def _client(self, system_id: str) -> Client:
        return self._clients.setdefault(system_id, Client(system_id))

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Out to the clients

    async def hand_receipt(self, owed: Owed) -> None:
        """Returns when the client has taken it; raises if it did not."""
        client = self._client(system_id_of(owed.receipt.carrier))
        async with asyncio.timeout(_DELIVERY_SECONDS):
            await client.deliver(receipt_pdu(owed))

    def claim(self, number: str, kind: Kind) -> Callable[[Inbound], Awaitable[None]] | None:
        """For a network's `join_inbox`: texts to numbers that a bind has asked for."""
        if kind is not Kind.SMS:
            return None
        for client in self._clients.values():
            if client.receives(number):
                return lambda inbound: self._text(client, inbound)
        return None

    async def _text(self, client: Client, inbound: Inbound) -> None:
        pdus = text_pdus(inbound, clock.chance().getrandbits(8))
        async with asyncio.timeout(_DELIVERY_SECONDS):
            await asyncio.gather(*map(client.deliver, pdus))
