"""The connection of one client, seen from the message centre: bytes in and out, and no more."""

import asyncio
from collections.abc import Iterable
from typing import Protocol, cast

from magpie.kit import clock
from magpie.protocols.smpp import (
    BytesToSend,
    Closed,
    DeliverSm,
    Event,
    RequestReceived,
    RequestTimedOut,
    ResponseReceived,
    Role,
    Session,
    SessionConfig,
    State,
    Unbind,
)
from magpie.protocols.smpp.pdu import Pdu
from magpie.protocols.smpp.states import BOUND

_RECEIVING = frozenset({State.BOUND_RX, State.BOUND_TRX})
_CLOSING_SECONDS = 5.0
# A client that does not read is not read either.
_STUCK = 1 << 20


class Owner(Protocol):
    def connected(self, wire: "Wire") -> None: ...

    def requested(self, wire: "Wire", pdu: Pdu, octets: bytes) -> None:
        """`octets` are the PDU as it came."""

    def closed(self, wire: "Wire") -> None: ...

    def ready(self, wire: "Wire") -> None:
        """There may be room for another deliver_sm."""


class Wire(asyncio.Protocol):
    """`system_id` and `address_range` are those of the bind; `submits` counts.

    `peer` is the client's address, blank until it is connected; `kind` is the owner's word for it.
    """

    def __init__(self, owner: Owner, config: SessionConfig) -> None:
        self.session = Session(Role.SMSC, clock.monotonic(), config)
        self.peer = ""
        self.kind = ""
        self.system_id = ""
        self.address_range = ""
        self.submits = 0
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._corked: list[bytes] = []
        self._paused = False
        self._held = False
        self._over = False

    @property
    def receiving(self) -> bool:
        return not self._over and self.session.state in _RECEIVING

    @property
    def room(self) -> int:
        """How many deliver_sm may be sent now."""
        if self._paused or not self.receiving:
            return 0
        return self.session.room

    def deliver(self, pdu: DeliverSm, done: "asyncio.Future[int]") -> None:
        """`done` gets the status of the answer, or an exception if none comes."""
        self._write(self.session.send(pdu, clock.monotonic(), done))

    def answer(self, response: Pdu) -> None:
        self._write(self.session.send(response, clock.monotonic()))

    def unbind(self) -> None:
        """Say good-bye, answer what still comes, and close when the client has answered."""
        if self.session.state in BOUND:
            self._write(self.session.send(Unbind(), clock.monotonic()))
        else:
            self.abort()

    def hold(self, *, held: bool) -> None:
        """While held, nothing is read: the client's window and its socket fill up."""
        if self._held != held:
            self._held = held
            self._read_or_not()

    def abort(self) -> None:
        """Hang up without a word; what was not sent yet is lost."""
        self._corked.clear()
        self._heed(self.session.lost("hung up"))
        if self._transport is not None:
            self._transport.abort()

    def pulse(self, now: float) -> None:
        self._heed(self.session.tick(now))

    # What the transport tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # That of uvloop is no subclass of it.
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if peer else ""
        self._owner.connected(self)

    def data_received(self, data: bytes) -> None:
        self._heed(self.session.receive(data, clock.monotonic()))
        self._owner.ready(self)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._read_or_not()
        self._owner.ready(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._heed(self.session.lost(str(exc or "connection closed")))
        self._end()

    def _heed(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case RequestReceived():
                    self._owner.requested(self, event.pdu, event.octets)
                case ResponseReceived(late=False):
                    _settle(event.token, event.response.status)
                case BytesToSend():
                    self._write(event.data)
                case RequestTimedOut():
                    _settle(event.token, TimeoutError("no answer to deliver_sm"))
                case Closed():
                    for outstanding in event.outstanding:
                        _settle(outstanding.token, ConnectionError(event.reason))
                    self._end()
                case _:
                    pass

    # Out

    def _write(self, data: bytes) -> None:
        """All that is written in one turn of the loop leaves together."""
        if not data:
            return
        if not self._corked:
            self._loop.call_soon(self._flush)
        self._corked.append(data)

    def _flush(self) -> None:
        data = b"".join(self._corked)
        self._corked.clear()
        if not data or self._transport is None or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._paused and self._transport.get_write_buffer_size() > _STUCK:
            self._transport.pause_reading()

    def _read_or_not(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._held:
            self._transport.pause_reading()
        elif not self._paused:
            self._transport.resume_reading()

    def _end(self) -> None:
        if self._over:
            return
        self._flush()
        self._over = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            self._loop.call_later(_CLOSING_SECONDS, self._transport.abort)
        self._owner.closed(self)


def _settle(token: object, end: int | Exception) -> None:
    if not isinstance(token, asyncio.Future) or token.done():
        return
    if isinstance(end, Exception):
        token.set_exception(end)
    else:
        token.set_result(end)
