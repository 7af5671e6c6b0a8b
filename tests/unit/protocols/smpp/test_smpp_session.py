"""One session against hand-made octets; both roles together are in tests/pairs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.protocols import smpp
from magpie.protocols.smpp.constants import MAX_SEQUENCE
from magpie.protocols.smpp.pdu import Pdu

CONFIG = smpp.SessionConfig(window=3, inbound_window=4)


def answers(events: list[smpp.Event]) -> list[Pdu]:
    """What the session sent by itself."""
    return [smpp.decode(event.data) for event in events if isinstance(event, smpp.BytesToSend)]


def client(bind: Pdu | None = None, *, first_sequence: int = 1) -> smpp.Session:
    session = smpp.Session(smpp.Role.ESME, 0, CONFIG, first_sequence=first_sequence)
    sent = smpp.decode(session.send(bind or smpp.BindTransceiver(), 0))
    session.receive(smpp.encode(smpp.reply(sent)), 0)
    return session


def server(bind: Pdu | None = None) -> smpp.Session:
    session = smpp.Session(smpp.Role.SMSC, 0, CONFIG)
    request = bind or smpp.BindTransceiver(1)
    session.receive(smpp.encode(request), 0)
    session.send(smpp.reply(request), 0)
    return session


@pytest.mark.parametrize(
    ("bind", "state"),
    [
        (smpp.BindTransmitter(1), smpp.State.BOUND_TX),
        (smpp.BindReceiver(1), smpp.State.BOUND_RX),
        (smpp.BindTransceiver(1), smpp.State.BOUND_TRX),
    ],
)
def test_a_bind_sets_the_state_of_both_roles(bind: Pdu, state: smpp.State) -> None:
    """The kind of bind decides which way messages go."""
    assert client(bind).state is state
    assert server(bind).state is state


@pytest.mark.parametrize(
    ("version", "tags"),
    [(0x33, [0x020C, 0x0424]), (0x00, [0x020C, 0x0424]), (0x34, [0x001E, 0x020C, 0x0424])],
)
def test_a_client_that_knows_no_parameters(version: int, tags: list[int]) -> None:
    """One of 3.3 gets none but those that carry a text, nor is our version told."""
    session = smpp.Session(smpp.Role.SMSC, 0, CONFIG)
    bind = smpp.BindTransceiver(1, interface_version=version)
    session.receive(smpp.encode(bind), 0)
    tlvs = tuple(smpp.Tlv(tag, b"\0\1") for tag in (0x001E, 0x020C, 0x0424))
    told = smpp.decode(session.send(smpp.reply(bind, tlvs=tlvs[:1]), 0))
    assert len(told.tlvs) == (version >= 0x34)
    sent = smpp.decode(session.send(smpp.DeliverSm(tlvs=tlvs), 0))
    assert [one.tag for one in sent.tlvs] == tags


def test_what_may_not_be_asked_is_refused_for_that() -> None:
    """Even where it cannot be read."""
    short = bytes.fromhex("00000010000000050000000000000009")
    [answer] = answers(server().receive(short, 1))
    assert (type(answer), answer.status) == (smpp.DeliverSmResp, smpp.Status.RINVBNDSTS)
    [answer] = answers(client().receive(short, 1))
    assert answer.status == smpp.Status.RINVSERTYP


@pytest.mark.parametrize(
    ("bind", "pdu"),
    [
        (smpp.BindReceiver(1), smpp.SubmitSm(9)),
        (smpp.BindReceiver(1), smpp.QuerySm(9)),
        (smpp.BindReceiver(1), smpp.DataSm(9)),
        (smpp.BindTransceiver(1), smpp.DeliverSm(9)),
        (smpp.BindTransceiver(1), smpp.Outbind(9)),
        (smpp.BindTransceiver(1), smpp.AlertNotification(9)),
    ],
)
def test_what_is_not_allowed_is_answered_so(bind: Pdu, pdu: Pdu) -> None:
    """Wrong state or wrong direction: ESME_RINVBNDSTS, and the session goes on."""
    session = server(bind)
    events = session.receive(smpp.encode(pdu), 1)
    assert answers(events) == [smpp.reply(pdu, smpp.Status.RINVBNDSTS)]
    assert not any(isinstance(event, smpp.RequestReceived) for event in events)
    assert session.state in {smpp.State.BOUND_RX, smpp.State.BOUND_TRX}


def test_nothing_goes_before_the_bind() -> None:
    """A submit_sm on a fresh connection is refused; a probe is answered."""
    session = smpp.Session(smpp.Role.SMSC, 0)
    events = session.receive(smpp.encode(smpp.SubmitSm(0xFFFFFFFF)), 0)
    assert answers(events) == [smpp.SubmitSmResp(0xFFFFFFFF, smpp.Status.RINVBNDSTS)]
    assert answers(session.receive(smpp.encode(smpp.EnquireLink(0)), 0)) == [
        smpp.EnquireLinkResp(0)
    ]


def test_nobody_binds_twice() -> None:
    """Neither while bound nor while the first bind waits for its answer."""
    bound = server()
    assert answers(bound.receive(smpp.encode(smpp.BindReceiver(2)), 0)) == [
        smpp.BindReceiverResp(2, smpp.Status.RALYBND)
    ]
    session = smpp.Session(smpp.Role.SMSC, 0)
    bind = smpp.encode(smpp.BindReceiver(1))
    first, *_ = session.receive(bind, 0)
    assert isinstance(first, smpp.RequestReceived)
    assert answers(session.receive(bind, 0)) == [smpp.BindReceiverResp(1, smpp.Status.RALYBND)]


def test_a_refused_bind_may_be_tried_again() -> None:
    """The session stays open until its time for binding is over."""
    session = smpp.Session(smpp.Role.SMSC, 0)
    for status in (smpp.Status.RBINDFAIL, smpp.Status.ROK):
        session.receive(smpp.encode(smpp.BindTransmitter(1)), 0)
        session.send(smpp.BindTransmitterResp(1, status), 0)
    assert session.state is smpp.State.BOUND_TX


@pytest.mark.parametrize(
    ("command_id", "expected"),
    [
        (0x0A, smpp.GenericNack(7, smpp.Status.RINVCMDID)),
        (0x111, smpp.GenericNack(7, smpp.Status.RINVCMDID)),
        (0x80000111, None),
    ],
)
def test_unknown_commands(command_id: int, expected: Pdu | None) -> None:
    """A request gets generic_nack, a response is only logged; the next PDU is read."""
    session = server()
    head = b"".join(number.to_bytes(4, "big") for number in (18, command_id, 0, 7)) + b"xx"
    events = session.receive(head + smpp.encode(smpp.EnquireLink(8)), 0)
    assert answers(events) == [*([expected] if expected else []), smpp.EnquireLinkResp(8)]
    assert any(isinstance(event, smpp.PeerErred) for event in events)


def test_an_undecodable_body_is_answered_by_its_response() -> None:
    """With the status of the bad field, and without harm to the session."""
    session = server()
    bad = smpp.encode(smpp.SubmitSm(3))[:-1]
    bad = len(bad).to_bytes(4, "big") + bad[4:]
    assert answers(session.receive(bad, 0)) == [smpp.SubmitSmResp(3, smpp.Status.RINVMSGLEN)]
    alert = b"\0\0\0\x11\0\0\1\2\0\0\0\0\0\0\0\4\0"
    bound = client()
    assert answers(bound.receive(alert, 0)) == [smpp.GenericNack(4, smpp.Status.RINVSRCADR)]


def test_lost_framing_ends_the_session() -> None:
    """generic_nack with ESME_RINVCMDLEN and sequence 0; nothing is read after it."""
    session = client()
    session.send(smpp.SubmitSm(), 1, token="a")
    events = session.receive(b"\0\0\0\2" + smpp.encode(smpp.EnquireLink(8)), 1)
    assert answers(events) == [smpp.GenericNack(0, smpp.Status.RINVCMDLEN)]
    assert isinstance(events[-1], smpp.Closed)
    assert [left.token for left in events[-1].outstanding] == ["a"]
    assert session.receive(smpp.encode(smpp.EnquireLink(9)), 1) == []


def test_sequence_numbers_wrap_and_pass_over_outstanding_ones() -> None:
    """After 0x7FFFFFFF comes 1, unless that still waits."""
    session = client(first_sequence=MAX_SEQUENCE - 1)
    numbers = [smpp.decode(session.send(smpp.SubmitSm(), 0)).sequence for _ in range(2)]
    assert numbers == [MAX_SEQUENCE, 1]
    session = client(first_sequence=MAX_SEQUENCE)
    waiting = smpp.decode(session.send(smpp.SubmitSm(), 0))
    assert waiting.sequence == 1
    session._window._next = MAX_SEQUENCE
    numbers = [smpp.decode(session.send(smpp.SubmitSm(), 0)).sequence for _ in range(2)]
    assert numbers == [MAX_SEQUENCE, 2]


def test_a_full_window_refuses_and_counts() -> None:
    """Probes pass all the same; an answer makes room again."""
    session = client()
    sent = [smpp.decode(session.send(smpp.SubmitSm(), 0, token=n)) for n in range(3)]
    assert session.room == 0
    with pytest.raises(smpp.WindowFullError):
        session.send(smpp.SubmitSm(), 0)
    assert session.send(smpp.EnquireLink(), 0)
    session.receive(smpp.encode(smpp.reply(sent[1])), 0)
    assert (session.outstanding, session.room) == (2, 1)


def test_a_pdu_that_cannot_be_encoded_takes_no_room() -> None:
    """Our own mistake changes nothing."""
    session = client()
    with pytest.raises(smpp.EncodeError):
        session.send(smpp.SubmitSm(service_type="too long"), 0)
    assert session.outstanding == 0


def test_a_peer_that_overruns_our_window_is_throttled() -> None:
    """Four unanswered requests are enough; the fifth is told to slow down."""
    session = server()
    for number in range(4):
        assert answers(session.receive(smpp.encode(smpp.SubmitSm(number)), 0)) == []
    assert answers(session.receive(smpp.encode(smpp.SubmitSm(9)), 0)) == [
        smpp.SubmitSmResp(9, smpp.Status.RTHROTTLED)
    ]
    session.send(smpp.SubmitSmResp(0), 0)
    assert answers(session.receive(smpp.encode(smpp.SubmitSm(9)), 0)) == []


def test_answers_to_nothing_are_only_told() -> None:
    """Unknown, duplicate and mismatched responses break nothing."""
    session = client()
    sent = smpp.decode(session.send(smpp.SubmitSm(), 0, token="a"))
    wrong = smpp.QuerySmResp(sent.sequence)
    unknown = smpp.SubmitSmResp(77)
    for response in (wrong, unknown):
        assert session.receive(smpp.encode(response), 0) == [smpp.ResponseUnmatched(response)]
    good = smpp.SubmitSmResp(sent.sequence, message_id="1")
    (event,) = session.receive(smpp.encode(good), 0)
    assert event == smpp.ResponseReceived("a", smpp.SubmitSm(), good)
    assert session.receive(smpp.encode(good), 0) == [smpp.ResponseUnmatched(good)]


def test_a_nack_answers_its_request() -> None:
    """The request fails with the status of the generic_nack."""
    session = client()
    sent = smpp.decode(session.send(smpp.SubmitSm(), 0, token="a"))
    nack = smpp.GenericNack(sent.sequence, smpp.Status.RINVCMDID)
    (event,) = session.receive(smpp.encode(nack), 0)
    assert event == smpp.ResponseReceived("a", smpp.SubmitSm(), nack)


def test_a_nack_without_a_number_ends_the_session() -> None:
    """The peer can no longer follow our stream."""
    events = client().receive(smpp.encode(smpp.GenericNack(0, smpp.Status.RINVCMDLEN)), 0)
    assert isinstance(events[-1], smpp.Closed)


def test_a_late_answer_is_matched_once() -> None:
    """First the request is given up, then its answer still finds it."""
    session = client()
    sent = smpp.decode(session.send(smpp.SubmitSm(), 0, token="a"))
    assert session.tick(29.9) == []
    assert session.tick(30)[0] == smpp.RequestTimedOut("a", smpp.SubmitSm())
    late = smpp.encode(smpp.SubmitSmResp(sent.sequence, message_id="1"))
    (event,) = session.receive(late, 31)
    assert isinstance(event, smpp.ResponseReceived)
    assert event.late
    assert isinstance(session.receive(late, 31)[0], smpp.ResponseUnmatched)


def test_a_lost_connection_tells_what_is_outstanding() -> None:
    """Nobody knows what became of it."""
    session = client()
    session.send(smpp.SubmitSm(), 0, token="a")
    (closed,) = session.lost()
    assert closed == smpp.Closed("connection lost", (smpp.Outstanding("a", smpp.SubmitSm()),))
    assert session.lost() == []
    assert session.deadline() is None
    assert session.send(smpp.DeliverSmResp(1), 0) == b""
    with pytest.raises(smpp.StateError):
        session.send(smpp.SubmitSm(), 0)


def test_one_octet_a_second_does_not_count_as_life() -> None:
    """A peer that never completes a PDU is probed and dropped."""
    session = server()
    octets = smpp.encode(smpp.SubmitSm(1, short_message=b"x" * 200))
    events: list[smpp.Event] = []
    for second in range(60):
        events += session.receive(octets[second : second + 1], second)
        events += session.tick(second)
    assert [type(pdu) for pdu in answers(events)] == [smpp.EnquireLink]
    assert isinstance(events[-1], smpp.Closed)


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            smpp.encode(pdu)
            for sequence in (0, 1, 2, 3, 0xFFFFFFFF)
            for pdu in (
                smpp.BindTransceiver(sequence),
                smpp.SubmitSm(sequence),
                smpp.SubmitSmResp(sequence),
                smpp.DeliverSm(sequence),
                smpp.EnquireLink(sequence),
                smpp.EnquireLinkResp(sequence),
                smpp.Outbind(sequence),
                smpp.Unbind(sequence),
                smpp.UnbindResp(sequence),
                smpp.GenericNack(sequence),
            )
        ]
    ),
)
OURS = st.sampled_from(
    [
        smpp.BindTransceiver(),
        smpp.BindTransceiverResp(1),
        smpp.SubmitSm(),
        smpp.SubmitSmResp(1),
        smpp.DeliverSm(),
        smpp.EnquireLink(),
        smpp.Unbind(),
    ]
)


@given(st.sampled_from(smpp.Role), st.lists(PIECES | OURS | st.floats(0, 40), max_size=25))
@settings(max_examples=300, deadline=None)
def test_no_conversation_upsets_a_session(
    role: smpp.Role, steps: list[bytes | Pdu | float]
) -> None:
    """Each token that was accepted comes back just once, and Closed is the last event."""
    session = smpp.Session(role, 0, CONFIG)
    now, sent, told = 0.0, 0, 0
    events: list[smpp.Event] = []
    for step in steps:
        if isinstance(step, float):
            now += step
            events += session.tick(now)
        elif isinstance(step, bytes):
            events += session.receive(step, now)
        else:
            try:
                session.send(step, now, token="ours")
                sent += not step.is_response
            except smpp.LocalError:
                pass
    events += session.lost()
    for event in events:
        if isinstance(event, smpp.ResponseReceived):
            told += not event.late
        elif isinstance(event, smpp.RequestTimedOut):
            told += 1
        elif isinstance(event, smpp.Closed):
            told += len(event.outstanding)
    assert told == sent
    assert [isinstance(event, smpp.Closed) for event in events].index(True) == len(events) - 1
