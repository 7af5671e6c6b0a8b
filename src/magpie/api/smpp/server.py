"""The message centre that our customers bind to."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import structlog
from msgspec.structs import replace

from magpie.api.smpp import metrics
from magpie.api.smpp.admission import Admission
from magpie.api.smpp.bound import Clients
from magpie.api.smpp.pace import Pace
from magpie.api.smpp.requests import Requests
from magpie.esmes.book import EsmeBook
from magpie.esmes.model import Esme
from magpie.esmes.wire import Wire
from magpie.kit import clock
from magpie.kit.db import DatabaseUnavailable
from magpie.kit.queue import Lane, Queue
from magpie.protocols.smpp import (
    Bind,
    InterfaceVersion,
    SessionConfig,
    Status,
    Tag,
    Tlv,
    reply,
    status_name,
)
from magpie.protocols.smpp.pdu import Pdu

log = structlog.get_logger(__name__)

# Requests that wait for the store: above that nobody is read until half of them are answered.
_MOST_WAITING: Final = 4000
# A client that only waits for receipts is silent for good reasons: no limit of inactivity.
SESSION: Final = SessionConfig()
_KINDS: Final = {
    "BOUND_TX": "transmitter",
    "BOUND_RX": "receiver",
    "BOUND_TRX": "transceiver",
}


class SmppServer:
    """Gives connections their `Wire`, and each request its answer."""

    def __init__(
        self,
        book: EsmeBook,
        clients: Clients,
        requests: Requests,
        queue: Queue,
    ) -> None:
        self._book = book
        self._clients = clients
        self._admission = Admission(book, clients)
        self._requests = requests
        self._queue = queue
        self._wires: set[Wire] = set()
        self._paces: dict[Wire, Pace] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._held = False

    def wire(self) -> Wire:
        return Wire(self, SESSION)

    # What connections tell

    def connected(self, wire: Wire) -> None:
        self._wires.add(wire)
        if not self._admission.enter(wire):
            metrics.REFUSED.inc()
            wire.abort()
        elif self._held:
            wire.hold(held=True)

    def requested(self, wire: Wire, pdu: Pdu, octets: bytes) -> None:
        if isinstance(pdu, Bind):
            self._run(self._bind(wire, pdu))
        else:
            self._run(self._answer(wire, pdu, octets))

    def ready(self, wire: Wire) -> None:
        self._clients.pump(wire)

    def closed(self, wire: Wire) -> None:
        self._wires.discard(wire)
        self._admission.leave(wire)
        if self._paces.pop(wire, None) is not None:
            metrics.BINDS.labels(wire.kind).dec()
            self._clients.remove(wire)

    async def _bind(self, wire: Wire, pdu: Bind) -> None:
        try:
            status, esme = await self._admission.judge(wire, pdu)
        except DatabaseUnavailable:
            status, esme = Status.RSYSERR, None
        metrics.ANSWERS.labels(type(pdu).__name__, status_name(status)).inc()
        if esme is None:
            log.info("smpp.bind_refused", peer=wire.peer, status=status_name(status))
            wire.answer(reply(pdu, status))
            return
        version = Tlv.number(Tag.SC_INTERFACE_VERSION, InterfaceVersion.V3_4)
        window = {"window": esme.send_window, "inbound_window": esme.send_window}
        wire.session.config = replace(SESSION, **window)
        wire.answer(reply(pdu, system_id="magpie", tlvs=(version,)))
        if wire in self._wires:  # it may have gone while its password was looked at
            self._bound(wire, esme)

    def _bound(self, wire: Wire, esme: Esme) -> None:
        wire.system_id = esme.system_id
        wire.kind = _KINDS.get(wire.session.state.name, "")
        self._paces[wire] = Pace()
        metrics.BINDS.labels(wire.kind).inc()
        self._clients.add(wire, esme)
        self._queue.stir([Lane(esme.account_sid, esme.system_id)])

    async def _answer(self, wire: Wire, pdu: Pdu, octets: bytes) -> None:
        self._waiting += 1
        if self._waiting >= _MOST_WAITING:
            self._hold(held=True)
        try:
            answer = await self._answer_to(wire, pdu, octets)
        finally:
            self._waiting -= 1
            if self._held and self._waiting <= _MOST_WAITING // 2:
                self._hold(held=False)
        metrics.ANSWERS.labels(type(pdu).__name__, status_name(answer.status)).inc()
        wire.answer(answer)

    async def _answer_to(self, wire: Wire, pdu: Pdu, octets: bytes) -> Pdu:
        try:
            esme = await self._book.find(wire.system_id)
        except DatabaseUnavailable:
            return reply(pdu, Status.RSYSERR)
        pace = self._paces.get(wire)
        if esme is None or pace is None:
            return reply(pdu, Status.RINVBNDSTS)
        return await self._requests.answer(esme, pace, pdu, octets)

    def _hold(self, *, held: bool) -> None:
        if self._held != held:
            self._held = held
            for wire in self._wires:
                wire.hold(held=held)

    # Time

    def pulse(self) -> None:
        now = clock.monotonic()
        for wire in list(self._wires):
            wire.pulse(now)

    async def look(self) -> None:
        """Who may no longer bind is told good-bye."""
        for system_id in self._clients.system_ids():
            if await self._book.find(system_id) is None:
                for wire in self._clients.wires(system_id):
                    wire.unbind()

    async def stop(self, within: float) -> None:
        """Answer what was asked, say good-bye, and in the end hang up."""
        self._admission.closed = True
        until = clock.monotonic() + within
        while self._waiting and clock.monotonic() < until:
            await clock.sleep(0.01)
        for wire in list(self._wires):
            wire.unbind()
        while self._wires and clock.monotonic() < until:
            await clock.sleep(0.01)
        for wire in list(self._wires):
            wire.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
