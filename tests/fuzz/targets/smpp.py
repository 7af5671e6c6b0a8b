"""SMPP: a stream of PDUs, a whole session, and the text inside."""

from collections.abc import Iterator
from struct import Struct
from typing import Final

from tests.fuzz.outcome import Outcome

from magpie.protocols import smpp
from magpie.protocols.gsm import UserDataHeader, decode_gsm7, pack, unpack
from magpie.protocols.smpp.codec import refusal

_MARKS: Final = "\ufeff\ufffe"
_MOST: Final = dict.fromkeys(smpp.Alphabet, 160) | {smpp.Alphabet.GSM_PACKED: 140}
_CONFIG: Final = smpp.SessionConfig(window=4, inbound_window=4, inactivity=100)
_STEP: Final = Struct(">cH")
_OURS: Final = (
    smpp.BindTransceiver(system_id="magpie"),
    smpp.BindTransceiverResp(1, system_id="smsc"),
    smpp.SubmitSm(short_message=b"hello"),
    smpp.SubmitSmResp(1, message_id="a"),
    smpp.DeliverSm(short_message=b"hello"),
    smpp.DeliverSmResp(2),
    smpp.EnquireLink(),
    smpp.Outbind(system_id="smsc"),
    smpp.Unbind(),
)


def smpp_pdu(data: bytes) -> Outcome:
    """A stream: frames are cut wherever it was torn, each is decoded, a message read for text."""
    framer, torn = smpp.Framer(), smpp.Framer()
    frames = framer.feed(data)
    middle = len(data) // 2
    assert torn.feed(data[:middle]) + torn.feed(data[middle:]) == frames
    outcomes = [_frame(frame) for frame in frames]
    if framer.lost or sum(map(len, frames)) != len(data):
        outcomes.append(Outcome.REFUSED)
    return min(outcomes, default=Outcome.REFUSED)


def _frame(frame: bytes) -> Outcome:
    try:
        pdu = smpp.decode(frame)
    except smpp.DecodeError as error:
        answer = refusal(error.command_id, error.sequence, error.status)
        assert smpp.decode(smpp.encode(answer)) == answer
        return Outcome.REFUSED
    if isinstance(pdu, smpp.SubmitSm | smpp.DeliverSm | smpp.DataSm):
        smpp.read_text(pdu)
        smpp.read_receipt(pdu, unmarked=True)
    try:
        written = smpp.encode(pdu)
    except smpp.EncodeError:
        return Outcome.READ
    if not pdu.is_response:
        assert written == frame, pdu
        return Outcome.KEPT
    return _response(pdu, smpp.decode(written))


def _response(pdu: smpp.Pdu, again: smpp.Pdu) -> Outcome:
    """One that failed or was cut may lack fields that the writer fills in."""
    assert smpp.decode(smpp.encode(again)) == again, (pdu, again)
    if again == pdu:
        return Outcome.KEPT
    assert pdu.status or pdu.trailing, (pdu, again)
    return Outcome.READ


def data_coding(data: bytes) -> Outcome:
    """Octets one and two choose the coding and the carrier's alphabet; the rest is the text."""
    (coding, alphabet), octets = data[:2].ljust(2, b"\0"), data[2:]
    alphabets = list(smpp.Alphabet)
    chosen = alphabets[alphabet % len(alphabets)]
    header, rest = UserDataHeader.split(octets)
    if header.sound:
        assert header.encode() + rest == octets, header
    text = smpp.decode_text(rest, coding, chosen, header=len(octets) - len(rest))
    septets = bytes(octet & 0x7F for octet in rest)
    decode_gsm7(septets)
    assert unpack(pack(septets)).startswith(septets), septets
    if not text:
        return Outcome.READ
    _sent(text.strip(_MARKS), chosen)
    return Outcome.KEPT


def _sent(text: str, alphabet: smpp.Alphabet) -> None:
    """What was read is sent on to a carrier of the same alphabet.

    Marks of the octets' order may be lost, and a CR at the end of packed text lost or doubled.
    """
    options = smpp.TextOptions(default_alphabet=alphabet)
    parts = smpp.build_submits("1", "2", text, options=options, reference=1)
    read = [smpp.read_text(part, alphabet).body or "" for part in parts]
    assert all(len(part.short_message) <= _MOST[alphabet] for part in parts)
    if not any(mark in text for mark in _MARKS):
        lost = "\r" if alphabet is smpp.Alphabet.GSM_PACKED else ""
        assert "".join(read).replace(lost, "") == text.replace(lost, ""), (text, read)


def smpp_session(data: bytes) -> Outcome:
    """The first octet is our role; the rest are steps, each a letter, two octets and what it needs.

    Of `r` the two are the length of what is received, of `t` the tenths of a second that pass, of
    `s` the number of a PDU that we send.
    """
    session = smpp.Session(list(smpp.Role)[data[0] % 2 if data else 0], 0, _CONFIG)
    now, sent = 0.0, 0
    events: list[smpp.Event] = []
    for step, number, octets in _steps(data[1:]):
        if step == b"r":
            events += session.receive(octets, now)
        elif step == b"s":
            sent += _sends(session, _OURS[number % len(_OURS)], now)
        else:
            now += number / 10
            events += session.tick(now)
    events += session.lost()
    assert _told(events) == sent
    return _heard(events)


def _steps(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    at = 0
    while at + _STEP.size <= len(data):
        step, number = _STEP.unpack_from(data, at)
        at += _STEP.size
        length = number if step == b"r" else 0
        yield step, number, data[at : at + length]
        at += length


def _sends(session: smpp.Session, pdu: smpp.Pdu, now: float) -> bool:
    """Whether it is a request that somebody must be told the outcome of."""
    try:
        octets = session.send(pdu, now, token="ours")
    except smpp.LocalError:
        return False
    if octets:
        smpp.decode(octets)
    return bool(octets) and not pdu.is_response and not isinstance(pdu, smpp.Outbind)


def _told(events: list[smpp.Event]) -> int:
    """Each request of ours has one outcome, and nothing comes after the end."""
    closed = [event for event in events if isinstance(event, smpp.Closed)]
    assert closed == events[-1:]
    answered = (isinstance(one, smpp.ResponseReceived) and not one.late for one in events)
    timed_out = (isinstance(one, smpp.RequestTimedOut) for one in events)
    return sum(answered) + sum(timed_out) + len(closed[0].outstanding)


def _heard(events: list[smpp.Event]) -> Outcome:
    """What the session says by itself can be read."""
    for event in events:
        if isinstance(event, smpp.BytesToSend):
            smpp.decode(event.data)
    erred = any(isinstance(event, smpp.PeerErred) for event in events)
    return Outcome.REFUSED if erred else Outcome.KEPT
