"""Conversations of SMPP that break rules, as `smpp_session` reads them."""

import struct
from typing import Final

from tests.fuzz.outcome import Cases, Outcome

from magpie.protocols import smpp

_ESME, _SMSC = b"\0", b"\1"
_LONGEST: Final = 0xFFFF
_BIND: Final = smpp.BindTransceiver(1, system_id="magpie")


def _received(*pdus: smpp.Pdu | bytes) -> bytes:
    octets = b"".join(one if isinstance(one, bytes) else smpp.encode(one) for one in pdus)
    return b"".join(
        struct.pack(">cH", b"r", len(piece)) + piece
        for at in range(0, len(octets), _LONGEST)
        for piece in [octets[at : at + _LONGEST]]
    )


def _later(seconds: float) -> bytes:
    return struct.pack(">cH", b"t", round(seconds * 10))


def _sent(*numbers: int) -> bytes:
    """Numbers of PDUs in the target's own list."""
    return b"".join(struct.pack(">cH", b"s", number) for number in numbers)


_BOUND: Final = _ESME + _sent(0) + _received(smpp.BindTransceiverResp(1, system_id="smsc"))
_SERVING: Final = _SMSC + _received(_BIND) + _sent(1)
_SUBMIT: Final = smpp.encode(smpp.SubmitSm(2, short_message=b"hello"))
_KEPT: Final = {
    "nothing": b"",
    "a bind, a message, an unbind": _BOUND + _sent(2, 8) + _received(smpp.UnbindResp(3)),
    "a response without a request": _BOUND + _received(smpp.SubmitSmResp(77, message_id="a")),
    "an answer twice": _BOUND + _sent(2) + _received(*[smpp.SubmitSmResp(2)] * 2),
    "an answer of another kind": _BOUND + _sent(2) + _received(smpp.DeliverSmResp(2)),
    "an answer that comes too late": _BOUND
    + _sent(2)
    + _later(40)
    + _received(smpp.SubmitSmResp(2)),
    "a nack for a message": _BOUND + _sent(2) + _received(smpp.GenericNack(2, 3)),
    "a nack for nothing": _BOUND + _sent(2) + _received(smpp.GenericNack(0, 2)),
    "a full window": _BOUND + _sent(*[2] * 9),
    "a peer that says nothing": _BOUND + _sent(2) + _later(31) + _later(11),
    "an octet a second": _SERVING
    + b"".join(_received(_SUBMIT[n : n + 1]) + _later(1) for n in range(len(_SUBMIT))),
    "outbind, and then a bind": _ESME + _received(smpp.Outbind(1)) + _sent(0),
    "messages after an unbind": _SERVING + _received(smpp.Unbind(2), _SUBMIT),
    "unbind amid messages": _BOUND + _sent(2, 2, 2) + _received(smpp.Unbind(9)),
}
_REFUSED: Final = {
    "a message before the bind": _SMSC + _received(_SUBMIT),
    "a bind while bound": _SERVING + _received(smpp.BindTransceiver(2)),
    "a bind while the first is looked at": _SMSC + _received(_BIND, smpp.BindReceiver(2)),
    "10,000 binds": _SMSC + _received(*(smpp.BindTransceiver(n) for n in range(1, 10_001))),
    "a window overrun": _SERVING + _received(_SUBMIT * 50),
    "a deliver_sm to the centre": _SERVING + _received(smpp.DeliverSm(2)),
    "a submit_sm to the client": _BOUND + _received(_SUBMIT),
    "an unknown command": _SERVING + _received(struct.pack(">IIII", 16, 0x0BAD, 0, 2)),
    "an unknown response": _SERVING + _received(struct.pack(">IIII", 16, 0x80000BAD, 0, 2)),
    "a length of 2": _SERVING + _received(struct.pack(">IIII", 2, 4, 0, 2), _SUBMIT),
    "a length of 4 GB": _SERVING + _received(struct.pack(">IIII", 2**32 - 1, 4, 0, 2), _SUBMIT),
    "garbage before the bind": _SMSC + _received(b"GET / HTTP/1.1\r\n\r\n"),
    "a body of garbage": _SERVING + _received(struct.pack(">IIII", 24, 4, 0, 2) + b"\xff" * 8),
}
SMPP_SESSION: Final[Cases] = {Outcome.KEPT: _KEPT, Outcome.REFUSED: _REFUSED}
