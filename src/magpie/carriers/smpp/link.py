"""A bind that is kept up: connect, bind, wait for the end, try the next host."""

import asyncio
from collections.abc import Callable
from itertools import cycle
from typing import Final, Protocol

import structlog

from magpie.carriers.backoff import Backoff
from magpie.carriers.smpp.connection import BindRefusedError, Connection
from magpie.carriers.smpp.options import Host, LinkOptions
from magpie.carriers.smpp.outbox import Outbox
from magpie.carriers.smpp.request import Answered, Lost, Request
from magpie.carriers.smpp.state import BindState, Counters, LinkState
from magpie.carriers.smpp.trace import trace
from magpie.carriers.tls import client_context
from magpie.kit import clock
from magpie.protocols.smpp import (
    Bind,
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    EncodeError,
    PeerErred,
    ResponseUnmatched,
    SmppError,
    State,
    StatusClass,
    SubmitSmResp,
    Tag,
    classify,
)
from magpie.protocols.smpp.pdu import Pdu

log = structlog.get_logger(__name__)

# The receiver first: receipts of what the transmitter sends must have where to go.
_BINDS: Final[dict[str, tuple[type[Bind], ...]]] = {
    "trx": (BindTransceiver,),
    "tx+rx": (BindReceiver, BindTransmitter),
}
_SUBMITTING: Final = frozenset({State.BOUND_TX, State.BOUND_TRX})
_OVERLOADED: Final = 90  # congestion_state (SMPP 5.0 clause 4.8.4.18)
_STEADY: Final = 10.0


class Inbox(Protocol):
    """Who takes what the peer sends."""

    @property
    def busy(self) -> bool: ...

    def take(self, connection: Connection, pdu: Pdu) -> None: ...

    def sweep(self) -> None:
        """Some time has passed."""


class Link:
    """`on_late` gets the answers that nobody waits for any more."""

    def __init__(
        self,
        options: LinkOptions,
        inbox: Inbox,
        on_late: Callable[[Request, Pdu], None],
        counters: Counters,
    ) -> None:
        self.options = options
        self.requested = inbox.take
        self.trace = trace(options)
        self.outbox = Outbox(options, counters)
        self._counters = counters
        self._inbox = inbox
        self._on_late = on_late
        self._tls = None if options.tls is None else client_context(options.name, options.tls)
        self._hosts = cycle(options.hosts)
        self._host: Host = options.hosts[0]
        self._reconnect = Backoff(*options.reconnect)
        self._credentials = Backoff(*options.credentials, whole=True)
        self._connections: list[Connection] = []
        self._rebind: asyncio.Future[str] | None = None
        self._last_error = ""
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    # What connections tell

    def ready(self) -> None:
        if self.outbox:
            self.outbox.pump()

    def answered(self, request: Request, response: Pdu, *, late: bool) -> None:
        if response.status or response.tlvs:
            self._heed(request, response)
        else:
            self._counters.accepted += 1
        message_id = response.message_id if isinstance(response, SubmitSmResp) else ""
        if late or not request.settle(Answered(response.status, message_id)):
            self._counters.late += 1
            self._on_late(request, response)

    def _heed(self, request: Request, response: Pdu) -> None:
        meaning = classify(response.status, self.options.classes)
        if meaning is StatusClass.OK:
            self._counters.accepted += 1
            congestion = response.tlv_number(Tag.CONGESTION_STATE) or 0
            meaning = StatusClass.THROTTLE if congestion >= _OVERLOADED else meaning
        elif meaning is StatusClass.THROTTLE:
            self._counters.throttled += 1
        else:
            self._counters.refused += 1
            name, refusals = meaning.name.lower(), self._counters.refusals
            refusals[name] = refusals.get(name, 0) + 1
        if meaning is StatusClass.THROTTLE:
            chance = clock.chance().random()
            self.outbox.pace.throttled(request.sent_at, clock.monotonic(), chance)
        elif meaning is StatusClass.SESSION and self._rebind and not self._rebind.done():
            self._rebind.set_result("the peer says that we are not bound")

    def unanswered(self, request: Request, why: str) -> None:
        if request.settle(Lost(why)):
            self._counters.unknown += 1

    def odd(self, event: PeerErred | ResponseUnmatched) -> None:
        self._counters.odd += 1
        log.info("smpp.odd", carrier=self.options.name, what=type(event).__name__)

    # Life

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._run()), loop.create_task(self._beat())]

    async def stop(self) -> None:
        """Stop submitting, wait for answers both ways, unbind, close."""
        self._stopping = True
        self.outbox.close()
        connections = tuple(self._connections)
        await asyncio.gather(*(self._drain(c) for c in connections))
        await asyncio.gather(*(c.unbind(self.options.unbind) for c in connections))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._connections:
            connection.close("stopped")

    async def _drain(self, connection: Connection) -> None:
        until = clock.monotonic() + self.options.drain
        while clock.monotonic() < until and not connection.closed.done():
            if not connection.session.outstanding and not self._inbox.busy:
                return
            await clock.sleep(0.01)

    async def _run(self) -> None:
        while True:
            backoff = await self._try(next(self._hosts))
            if self._stopping:
                return
            wait = backoff.next(clock.chance().random())
            log.warning(
                "smpp.down",
                carrier=self.options.name,
                host=str(self._host),
                why=self._last_error,
                again_in=round(wait, 2),
            )
            self.outbox.retry_at = clock.monotonic() + wait
            await clock.sleep(wait)
            self.outbox.retry_at = None

    async def _try(self, host: Host) -> Backoff:
        """Give the backoff by which the next try waits."""
        began, accepted = clock.monotonic(), self._counters.accepted
        self._host = host
        hopeless = False
        try:
            why = await self._serve(host)
        except (OSError, ValueError, SmppError, BindRefusedError) as error:
            why = str(error) or type(error).__name__
            hopeless = isinstance(error, EncodeError) or getattr(error, "hopeless", False)
        self._last_error = why
        self.outbox.shut(why)
        await self._retire()
        if clock.monotonic() - began > _STEADY or self._counters.accepted > accepted:
            self._reconnect.reset()
        return self._credentials if hopeless else self._reconnect

    async def _serve(self, host: Host) -> str:
        """Until any of the binds ends. Gives the reason."""
        for kind in _BINDS[self.options.bind]:
            await self._bind(host, kind)
        return await self._bound()

    async def _bind(self, host: Host, kind: type[Bind]) -> None:
        options = self.options
        async with asyncio.timeout(options.session_init):
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(self, options.session, self.trace),
                host.name,
                host.port,
                ssl=self._tls,
            )
        self._connections.append(connection)
        await connection.bind(
            kind(
                system_id=options.system_id,
                password=options.password,
                system_type=options.system_type,
                address_range=options.address_range,
            )
        )

    async def _bound(self) -> str:
        self._credentials.reset()
        self._counters.connects += 1
        self._last_error = ""
        log.info("smpp.bound", carrier=self.options.name, host=str(self._host))
        self._rebind = asyncio.get_running_loop().create_future()
        tx = next((c for c in self._connections if c.session.state in _SUBMITTING), None)
        if tx is not None:
            self.outbox.open(tx)
        ends = {self._rebind, *(connection.closed for connection in self._connections)}
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        self._counters.disconnects += 1
        return next(iter(done)).result()

    async def _retire(self) -> None:
        """What still stands may have answers on the way: wait for them, then unbind."""
        if not self._stopping:
            for connection in self._connections:
                await self._drain(connection)
                await connection.unbind(self.options.unbind)
        self._connections = []

    async def _beat(self) -> None:
        """One timer for all: none is set for a single PDU."""
        while True:
            await clock.sleep(self.options.beat)
            now = clock.monotonic()
            for connection in tuple(self._connections):
                connection.pulse(now)
            self.outbox.sweep(now)
            self._inbox.sweep()
            self.outbox.pump()

    # For operators

    def state(self) -> LinkState:
        now = clock.monotonic()
        sessions = [connection.session for connection in self._connections]
        retry_at = self.outbox.retry_at
        return LinkState(
            name=self.options.name,
            host=str(self._host),
            bound=self.outbox.up,
            binds=tuple(BindState(s.state.name, s.outstanding, s.unanswered) for s in sessions),
            window=self.options.window,
            outstanding=sum(session.outstanding for session in sessions),
            waiting=len(self.outbox),
            share=self.outbox.pace.share(now),
            paused=max(0.0, self.outbox.pace.resumes - now),
            reconnects_in=None if retry_at is None else max(0.0, retry_at - now),
            last_error=self._last_error,
            counters=self._counters,
        )
