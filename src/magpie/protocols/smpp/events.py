"""What a session tells its driver, in the order in which it must be heeded."""

import msgspec

from magpie.protocols.smpp.errors import SmppError
from magpie.protocols.smpp.pdu import Pdu


class Outstanding(msgspec.Struct, frozen=True):
    """A request of ours without an answer; `token` is whatever the caller gave with it."""

    token: object
    request: Pdu


class BytesToSend(msgspec.Struct, frozen=True):
    """An answer or a probe that the session made by itself: write it now."""

    data: bytes


class RequestReceived(msgspec.Struct, frozen=True):
    """The caller owes an answer, `send(reply(pdu, ...))`, unless the operation has none.

    `octets` are the PDU as it came.
    """

    pdu: Pdu
    octets: bytes


class ResponseReceived(msgspec.Struct, frozen=True):
    """`response` is a GenericNack if the peer did not understand.

    `late` means that RequestTimedOut was told before.
    """

    token: object
    request: Pdu
    response: Pdu
    late: bool = False


class RequestTimedOut(msgspec.Struct, frozen=True):
    """Nobody knows what became of the request."""

    token: object
    request: Pdu


class ResponseUnmatched(msgspec.Struct, frozen=True):
    """A duplicate, or an answer to nothing we asked: for the log."""

    response: Pdu


class PeerErred(msgspec.Struct, frozen=True):
    """The peer broke a rule and was answered `status`, if there is an answer: for the log.

    `octets` are those that could not be read.
    """

    status: int
    error: SmppError | None = None
    pdu: Pdu | None = None
    octets: bytes = b""


class PeerUnbound(msgspec.Struct, frozen=True):
    """The peer said good-bye and was answered; Closed follows."""


class Closed(msgspec.Struct, frozen=True):
    """The last event: flush and close the connection. `outstanding` is of unknown outcome."""

    reason: str
    outstanding: tuple[Outstanding, ...] = ()


Event = (
    BytesToSend
    | RequestReceived
    | ResponseReceived
    | RequestTimedOut
    | ResponseUnmatched
    | PeerErred
    | PeerUnbound
    | Closed
)
