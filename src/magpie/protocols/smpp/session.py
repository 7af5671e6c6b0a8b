"""One SMPP session, in either role (SMPP 3.4 clauses 2.2 to 2.9, 7.2).

Three calls: `receive` takes octets, `send` gives them, `tick` lets time pass. Moments are seconds
on any clock that only goes forward; the session holds no clock and no socket. A driver reads

    for event in session.receive(data, now): ...
    for event in session.tick(now): ...         # whenever session.deadline() has come

and writes what BytesToSend holds.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from magpie.protocols.smpp import events as ev
from magpie.protocols.smpp.codec import decode, encode, has_response, refusal, reply
from magpie.protocols.smpp.constants import RESPONSE, Command, InterfaceVersion, Tag
from magpie.protocols.smpp.errors import (
    DecodeError,
    StateError,
    UnknownCommandError,
    WindowFullError,
)
from magpie.protocols.smpp.framer import Framer
from magpie.protocols.smpp.pdu import (
    Bind,
    BindResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    Unbind,
    UnbindResp,
)
from magpie.protocols.smpp.states import BINDS, BOUND, UNBOUND_YET, Role, State, permitted
from magpie.protocols.smpp.status import Status
from magpie.protocols.smpp.timers import Phase, SessionConfig, Timer, Timers
from magpie.protocols.smpp.window import Waiting, Window

_MESSAGES: Final = frozenset(
    {
        Command.SUBMIT_SM,
        Command.SUBMIT_MULTI,
        Command.DELIVER_SM,
        Command.DATA_SM,
        Command.QUERY_SM,
        Command.CANCEL_SM,
        Command.REPLACE_SM,
    }
)

# Without these a text would be lost, whoever it is sent to.
_CONTENT: Final = frozenset(
    {
        Tag.MESSAGE_PAYLOAD,
        Tag.SAR_MSG_REF_NUM,
        Tag.SAR_TOTAL_SEGMENTS,
        Tag.SAR_SEGMENT_SEQNUM,
    }
)


class Session:
    def __init__(
        self,
        role: Role,
        now: float,
        config: SessionConfig = SessionConfig(),  # noqa: B008 - frozen
        *,
        first_sequence: int = 1,
    ) -> None:
        self.role = role
        self.state = State.OPEN
        self.config = config
        self._framer = Framer(config.max_pdu)
        self._window = Window(first_sequence)
        self._binding: Pdu | None = None
        self._unbinding = False
        self._probing = False
        # The client is of 3.3, which has no parameters (SMPP 3.4 clause 3.3).
        self._old = False
        self._unanswered = 0
        self._timers = Timers(config, now)

    @property
    def outstanding(self) -> int:
        """Messages of ours that wait for an answer."""
        return self._window.messages

    @property
    def unanswered(self) -> int:
        """Requests of the peer that the caller has not answered yet."""
        return self._unanswered

    @property
    def room(self) -> int:
        """How many messages may be sent now."""
        if self.state not in BOUND or self._unbinding:
            return 0
        return max(self.config.window - self._window.messages, 0)

    # Out

    def send(self, pdu: Pdu, now: float, token: object = None) -> bytes:
        """Octets of a request, numbered here, or of a response to one that was received.

        A request that may not be sent raises StateError or WindowFullError and changes nothing. A
        response after the end of the session has nobody to go to: no octets.
        """
        if self._old and pdu.tlvs:
            pdu = replace(pdu, tlvs=tuple(one for one in pdu.tlvs if one.tag in _CONTENT))
        if pdu.is_response:
            return self._send_response(pdu, now)
        return self._send_request(pdu, now, token)

    def _send_response(self, pdu: Pdu, now: float) -> bytes:
        if self.state in {State.UNBOUND, State.CLOSED}:
            return b""
        data = encode(pdu)
        if isinstance(pdu, BindResp):
            self._settle_bind(pdu, now)
        elif self._unanswered:
            self._unanswered -= 1
        return data

    def _send_request(self, pdu: Pdu, now: float, token: object, *, own: bool = False) -> bytes:
        self._check_sendable(pdu)
        if not has_response(pdu.command_id):
            data = encode(pdu, sequence=self._window.next_sequence())
            self._note_sent(pdu, now)
            return data
        sequence = self._window.next_sequence()
        data = encode(pdu, sequence=sequence)
        message = pdu.command_id in _MESSAGES
        waiting = Waiting(token, pdu, now + self._patience(pdu), own)
        self._window.add(sequence, waiting, control=not message)
        self._note_sent(pdu, now)
        return data

    def _check_sendable(self, pdu: Pdu) -> None:
        busy = self._unbinding or (self._binding and pdu.command_id in BINDS)
        if busy or not permitted(pdu.command_id, self.role, self.state):
            raise StateError(f"{type(pdu).__name__} by {self.role.name} in {self.state.name}")
        if pdu.command_id in _MESSAGES and self._window.messages >= self.config.window:
            raise WindowFullError(f"{self._window.messages} requests without an answer")

    def _note_sent(self, pdu: Pdu, now: float) -> None:
        if pdu.command_id in _MESSAGES:
            self._timers.busy = now
        elif pdu.command_id in BINDS:
            self._binding = pdu
        elif isinstance(pdu, Unbind):
            self._unbinding = True
        elif isinstance(pdu, Outbind):
            self.state = State.OUTBOUND

    def _patience(self, pdu: Pdu) -> float:
        if pdu.command_id in _MESSAGES:
            return self.config.response
        return self.config.unbind if isinstance(pdu, Unbind) else self.config.control

    # In

    def receive(self, data: bytes, now: float) -> list[ev.Event]:
        """Events of these octets; none any more once Closed was told."""
        found: list[ev.Event] = []
        for frame in self._framer.feed(data):
            if self.state is State.CLOSED:
                return found
            self._timers.heard = now
            found += self._frame(frame, now)
        if self._framer.lost and self.state is not State.CLOSED:
            found += self._lose_framing()
        return found

    def lost(self, reason: str = "connection lost") -> list[ev.Event]:
        """The transport is gone."""
        return [] if self.state is State.CLOSED else [self._close(reason)]

    def _lose_framing(self) -> Iterator[ev.Event]:
        yield ev.BytesToSend(encode(GenericNack(status=Status.RINVCMDLEN)))
        yield ev.PeerErred(Status.RINVCMDLEN, self._framer.lost)
        yield self._close("framing lost")

    def _frame(self, frame: bytes, now: float) -> Iterator[ev.Event]:
        try:
            pdu = decode(frame)
        except DecodeError as error:
            return self._undecodable(error, frame)
        return self._response(pdu, now) if pdu.is_response else self._request(pdu, frame, now)

    def _undecodable(self, error: DecodeError, frame: bytes) -> Iterator[ev.Event]:
        status = error.status if self._expected(error) else int(Status.RINVBNDSTS)
        yield ev.PeerErred(status, error, octets=frame)
        if not error.is_response:
            yield self._answer(refusal(error.command_id, error.sequence, status))

    def _expected(self, error: DecodeError) -> bool:
        """What may not be asked now is refused for that, whatever else is wrong with it."""
        unknown = error.is_response or isinstance(error, UnknownCommandError)
        return unknown or permitted(error.command_id, self.role.peer, self.state)

    def _request(self, pdu: Pdu, frame: bytes, now: float) -> Iterator[ev.Event]:
        status = self._objection(pdu)
        if status != Status.ROK:
            yield ev.PeerErred(status, pdu=pdu)
            yield self._answer(reply(pdu, status))
        elif isinstance(pdu, EnquireLink):
            yield self._answer(EnquireLinkResp(pdu.sequence))
        elif isinstance(pdu, Unbind):
            yield self._answer(UnbindResp(pdu.sequence))
            self.state = State.UNBOUND
            yield ev.PeerUnbound()
            yield self._close("unbound by the peer")
        else:
            self._note_received(pdu, now)
            yield ev.RequestReceived(pdu, frame)

    def _objection(self, pdu: Pdu) -> Status:
        if pdu.command_id in BINDS and self.role is Role.SMSC and not self._may_bind():
            return Status.RALYBND
        if not permitted(pdu.command_id, self.role.peer, self.state):
            return Status.RINVBNDSTS
        if pdu.command_id in _MESSAGES and self._unanswered >= self.config.inbound_window:
            return Status.RTHROTTLED
        return Status.ROK

    def _may_bind(self) -> bool:
        return self.state in UNBOUND_YET and self._binding is None

    def _note_received(self, pdu: Pdu, now: float) -> None:
        if isinstance(pdu, Bind):
            self._binding = pdu
            self._old = pdu.interface_version < InterfaceVersion.V3_4
        elif isinstance(pdu, Outbind):
            self.state = State.OUTBOUND
        elif has_response(pdu.command_id):
            self._unanswered += 1
            self._timers.busy = now

    def _response(self, pdu: Pdu, now: float) -> Iterator[ev.Event]:
        waiting = self._window.waiting(pdu.sequence)
        if waiting and _answers(pdu, waiting.request):
            self._window.take(pdu.sequence)
            yield from self._matched(waiting, pdu, now)
        elif (late := self._window.late(pdu.sequence)) and _answers(pdu, late.request):
            self._window.take_late(pdu.sequence)
            yield ev.ResponseReceived(late.token, late.request, pdu, late=True)
        else:
            yield ev.ResponseUnmatched(pdu)
            if isinstance(pdu, GenericNack) and not pdu.sequence:
                yield self._close("the peer lost our framing")

    def _matched(self, waiting: Waiting, pdu: Pdu, now: float) -> Iterator[ev.Event]:
        if isinstance(waiting.request, EnquireLink):
            self._probing = self._probing and not waiting.own
        if waiting.request.command_id in BINDS:
            self._settle_bind(pdu, now)
        if not waiting.own:
            yield ev.ResponseReceived(waiting.token, waiting.request, pdu)
        if isinstance(waiting.request, Unbind):
            self.state = State.UNBOUND
            yield self._close("unbound")

    def _settle_bind(self, response: Pdu, now: float) -> None:
        """The role of a successful bind is that of its request."""
        if self._binding and response.status == Status.ROK:
            self.state = BINDS[self._binding.command_id]
            self._timers.busy = now
        self._binding = None

    # Time

    def deadline(self) -> float | None:
        """When `tick` has next something to do."""
        if self.state is State.CLOSED:
            return None
        moments = (self._window.due(), self._timers.due(self._phase()))
        return min((moment for moment in moments if moment is not None), default=None)

    def tick(self, now: float) -> list[ev.Event]:
        if self.state is State.CLOSED:
            return []
        return [*self._expire(now), *self._run_timers(now)]

    def _run_timers(self, now: float) -> Iterator[ev.Event]:
        match self._timers.come(self._phase(), now):
            case Timer.SESSION_INIT:
                yield self._close("no bind in time")
            case Timer.INACTIVITY:
                yield ev.BytesToSend(self._send_request(Unbind(), now, None, own=True))
            case Timer.ENQUIRE_LINK:
                self._probing = True
                yield ev.BytesToSend(self._send_request(EnquireLink(), now, None, own=True))
            case None:
                pass

    def _phase(self) -> Phase:
        """Which timers run."""
        if self.state in BOUND and not self._unbinding:
            return Phase.PROBED if self._probing else Phase.BOUND
        # Whoever checks credentials slowly does not hang up on the peer for it.
        if self.state in UNBOUND_YET and not (self._binding and self.role is Role.SMSC):
            return Phase.BINDING
        return Phase.WAITING

    def _expire(self, now: float) -> list[ev.Event]:
        """Without an answer to a bind, a probe or an unbind the peer counts as gone."""
        expired = self._window.expire(now)
        found: list[ev.Event] = [
            ev.RequestTimedOut(w.token, w.request) for w in expired if not w.own
        ]
        silent = next((w.request for w in expired if w.request.command_id not in _MESSAGES), None)
        if silent:
            found.append(self._close(f"{type(silent).__name__} was not answered"))
        return found

    # The end, and answers of our own

    def _close(self, reason: str) -> ev.Event:
        self.state = State.CLOSED
        return ev.Closed(reason, self._window.drain())

    @staticmethod
    def _answer(response: Pdu) -> ev.Event:
        return ev.BytesToSend(encode(response))


def _answers(response: Pdu, request: Pdu) -> bool:
    return response.command_id in {request.command_id | RESPONSE, Command.GENERIC_NACK}
