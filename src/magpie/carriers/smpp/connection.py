"""One TCP connection and its session: moves bytes, hands on events, and no more."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final, Protocol, cast

from magpie.carriers.smpp.request import Request, Unsent
from magpie.carriers.trace import Trace
from magpie.kit import clock
from magpie.protocols.smpp import (
    Bind,
    BytesToSend,
    Closed,
    Event,
    PeerErred,
    RequestReceived,
    RequestTimedOut,
    ResponseReceived,
    ResponseUnmatched,
    Role,
    Session,
    SessionConfig,
    StateError,
    Status,
    StatusClass,
    Unbind,
    classify,
    status_name,
)
from magpie.protocols.smpp.pdu import Pdu

# Beyond this much that the peer does not read, nothing of it is read either.
_STUCK: Final = 1 << 20
# The transport must see what is written before it can ask for a pause.
_MOST_HELD: Final = 1 << 16
_CLOSING: Final = 5.0


class BindRefusedError(Exception):
    """`hopeless` where the next try fares no better, as with wrong credentials."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused: {status_name(status)}")
        self.hopeless = classify(status) is StatusClass.CONFIGURATION


class Owner(Protocol):
    """Who hears of what happens; each call must be short."""

    def answered(self, request: Request, response: Pdu, *, late: bool) -> None: ...

    def unanswered(self, request: Request, why: str) -> None: ...

    def requested(self, connection: "Connection", pdu: Pdu) -> None: ...

    def odd(self, event: PeerErred | ResponseUnmatched) -> None: ...

    def ready(self) -> None:
        """There may be room again."""


class Connection(asyncio.Protocol):
    def __init__(self, owner: Owner, config: SessionConfig, trace: Trace[bytes | Pdu]) -> None:
        self.session = Session(Role.ESME, clock.monotonic(), config)
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.writable = False
        self._deaf = False
        self._owner = owner
        self._trace = trace
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._aborting: asyncio.TimerHandle | None = None
        # What is written in this turn of the loop, and which of it is a submit.
        self._corked: list[bytes] = []
        self._requests: list[tuple[int, Request]] = []
        self._held = 0

    # Out

    async def bind(self, pdu: Bind) -> None:
        answer: asyncio.Future[Pdu] = self._loop.create_future()
        self._write(self.session.send(pdu, clock.monotonic(), answer))
        either: set[asyncio.Future[Any]] = {answer, self.closed}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ConnectionError(self.closed.result())
        if answer.result().status != Status.ROK:
            raise BindRefusedError(answer.result().status)

    def submit(self, request: Request, now: float) -> None:
        """Raise LocalError if it may not be sent."""
        data = self.session.send(request.pdu, now, request)
        request.sent_at = now
        self._requests.append((len(self._corked), request))
        self._write(data, now, request.key)

    def answer(self, response: Pdu) -> None:
        now = clock.monotonic()
        data = self.session.send(response, now)
        if data:
            self._write(data, now)

    async def unbind(self, patience: float) -> None:
        """Say good-bye; without an answer the connection is closed all the same."""
        try:
            self._write(self.session.send(Unbind(), clock.monotonic(), None))
        except StateError:
            self.close("not bound")
            return
        await asyncio.wait({self.closed}, timeout=patience)
        self.close("no answer to unbind")

    def close(self, reason: str) -> None:
        self._heed(self.session.lost(reason))
        self._hang_up(reason)

    def _write(self, data: bytes, now: float | None = None, about: str = "") -> None:
        """All that is written in one turn of the loop leaves in one segment."""
        if not self._corked:
            self._loop.call_soon(self._flush)
        self._corked.append(data)
        self._held += len(data)
        if self._held > _MOST_HELD:
            self._flush()
        self._trace.sent(data, now, about)

    def _flush(self) -> None:
        if not self._corked or self._transport is None:
            return
        data = b"".join(self._corked)
        self._corked.clear()
        self._requests.clear()
        self._held = 0
        self._transport.write(data)
        if self.writable or self._deaf or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > _STUCK:
            self._deaf = True
            self._transport.pause_reading()

    # In

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # That of uvloop is no subclass of it.
        self._transport = cast("asyncio.Transport", transport)
        self.writable = True

    def data_received(self, data: bytes) -> None:
        now = clock.monotonic()
        self._heed(self.session.receive(data, now), now)
        self._owner.ready()

    def pause_writing(self) -> None:
        self.writable = False

    def resume_writing(self) -> None:
        self.writable = True
        if self._deaf and self._transport is not None:
            self._deaf = False
            self._transport.resume_reading()
        self._owner.ready()

    def connection_lost(self, exc: Exception | None) -> None:
        reason = f"connection lost: {exc}" if exc else "connection closed by the peer"
        self._heed(self.session.lost(reason))
        self._hang_up(reason)
        if self._aborting is not None:
            self._aborting.cancel()

    def pulse(self, now: float) -> None:
        """Let time pass."""
        self._heed(self.session.tick(now), now)

    def _heed(self, events: Iterable[Event], now: float = 0.0) -> None:
        for event in events:
            match event:
                case ResponseReceived():
                    self._answered(event, now)
                case RequestReceived():
                    self._trace.received(event.pdu, now)
                    self._owner.requested(self, event.pdu)
                case BytesToSend():
                    self._write(event.data)
                case RequestTimedOut():
                    self._unanswered(event.token, "no answer in time")
                case Closed():
                    self._close(event)
                case PeerErred():
                    if raw := event.pdu or event.octets:
                        self._trace.received(raw, now)
                    self._owner.odd(event)
                case ResponseUnmatched(response=response):
                    self._trace.received(response, now)
                    self._owner.odd(event)
                case _:
                    pass  # PeerUnbound: Closed follows

    def _answered(self, event: ResponseReceived, now: float) -> None:
        token = event.token
        about = token.key if isinstance(token, Request) else ""
        self._trace.received(event.response, now, about)
        if isinstance(token, Request):
            self._owner.answered(token, event.response, late=event.late)
        elif isinstance(token, asyncio.Future) and not token.done():
            token.set_result(event.response)

    def _unanswered(self, token: object, why: str) -> None:
        if isinstance(token, Request):
            self._owner.unanswered(token, why)

    def _close(self, event: Closed) -> None:
        self._uncork()
        for outstanding in event.outstanding:
            self._unanswered(outstanding.token, event.reason)
        self._hang_up(event.reason)

    def _uncork(self) -> None:
        """Submits that have not left must not leave any more; answers shall."""
        for at, request in reversed(self._requests):
            del self._corked[at]
            request.settle(Unsent("the link went down"))
        self._requests.clear()

    def _hang_up(self, reason: str) -> None:
        if self.closed.done():
            return
        self.writable = False
        self.closed.set_result(reason)
        self._flush()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            self._aborting = self._loop.call_later(_CLOSING, self._transport.abort)
