"""The SMPP carrier against a message centre, over real sockets: what it sends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from tests.pairs.carrier_smpp import (
    FROM,
    LONG,
    TO,
    Rig,
    accept,
    address,
    message,
    receipt_for,
    refuse,
    rigged,
    silent,
)

from magpie.carriers import traffic as t
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.protocols.smpp import Status
from magpie.protocols.smpp.pdu import Pdu


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_a_text_is_taken_over(rig: Rig) -> None:
    """A short text is one submit_sm, and its outcome carries the id of the answer."""
    await rig.start()
    assert await rig.carrier.submit(message()) == t.Accepted(("id1",))
    (submit,) = rig.smsc.submits
    assert submit.short_message == b"hello"
    assert (submit.source, submit.destination) == (address(FROM), address(TO))
    assert submit.tlv_number(smpp.Tag.USER_MESSAGE_REFERENCE) == 1
    assert rig.carrier.state().counters.accepted == 1


async def test_ids_are_folded(rig: Rig) -> None:
    """Where answers write hexadecimal and receipts decimal, both name the same message."""
    await rig.start(response_ids=smpp.Notation.HEXADECIMAL, receipt_ids=smpp.Notation.DECIMAL)
    rig.smsc.answer = lambda pdu, _: smpp.reply(pdu, message_id="0FF")
    assert await rig.carrier.submit(message()) == t.Accepted(("255",))
    await rig.smsc.deliver(receipt_for("0000255", smpp.MessageState.DELIVERED))
    assert rig.traffic.receipts[0].carrier_id == "255"


async def test_a_transmitter_and_a_receiver(rig: Rig) -> None:
    """With separate binds, submits leave by one and receipts come by the other."""
    await rig.start(bind="tx+rx")
    assert [type(bind) for bind in rig.smsc.binds] == [smpp.BindReceiver, smpp.BindTransmitter]
    assert await rig.carrier.submit(message()) == t.Accepted(("id1",))
    assert await rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED)) == 0
    assert len(rig.traffic.receipts) == 1


async def test_binds_of_a_pair_end_together(rig: Rig) -> None:
    """When the receiver is lost the transmitter says good-bye, and both come back."""
    await rig.start(bind="tx+rx")
    rig.smsc.wires[0].transport.abort()
    await rig.until(lambda: len(rig.smsc.binds) == 4)
    await rig.bound()
    assert len(rig.smsc.wires) == 2


async def test_the_window_is_kept_and_used(rig: Rig) -> None:
    """No more submits wait for answers than the window allows, and all get through."""
    await rig.start(window=4)
    waiting: list[smpp.SubmitSm] = []

    def later(pdu: smpp.SubmitSm, _number: int) -> None:
        waiting.append(pdu)
        if len(waiting) == 4:
            for one in waiting:
                rig.smsc.wires[0].send(smpp.reply(one, message_id="m"))
            waiting.clear()

    rig.smsc.answer = later
    outcomes = await asyncio.gather(*(rig.carrier.submit(message(number=n)) for n in range(40)))
    assert outcomes == [t.Accepted(("m",))] * 40
    assert rig.smsc.largest == 4


async def test_no_room_in_time(rig: Rig) -> None:
    """What finds no room before its deadline goes back to the queue, and never leaves later."""
    await rig.start(window=1, patience=0.05)
    rig.smsc.answer = silent
    first = asyncio.create_task(rig.carrier.submit(message(number=1)))
    await rig.until(lambda: rig.smsc.submits)
    outcome = await rig.carrier.submit(message(number=2))
    assert isinstance(outcome, t.Deferred)
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="a"))
    assert await first == t.Accepted(("a",))
    assert len(rig.smsc.submits) == 1


async def test_whoever_gave_up_is_not_sent(rig: Rig) -> None:
    """A submission that is cancelled while it waits for room never leaves."""
    await rig.start(window=1)
    rig.smsc.answer = silent
    first = asyncio.create_task(rig.carrier.submit(message(number=1)))
    second = asyncio.create_task(rig.carrier.submit(message(number=2)))
    await rig.until(lambda: rig.smsc.submits)
    second.cancel()
    await asyncio.wait({second})
    rig.smsc.answer = accept
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="a"))
    await first
    assert await rig.carrier.submit(message(number=3)) == t.Accepted(("id2",))
    assert len(rig.smsc.submits) == 2


async def test_a_throttle_pauses_the_link(rig: Rig) -> None:
    """A throttled text is deferred, the link pauses, and the same text passes afterwards."""
    await rig.start()
    rig.smsc.answer = refuse(Status.RTHROTTLED)
    outcome = await rig.carrier.submit(message())
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert outcome.after
    state = rig.carrier.state()
    assert (state.share, state.counters.throttled) == (0.5, 1)
    rig.smsc.answer = accept
    assert await rig.carrier.submit(message(attempt=2)) == t.Accepted(("id2",))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.RINVDSTADR, t.Rejected(30005, "ESME_RINVDSTADR")),
        (Status.RINVSRCADR, t.Rejected(30024, "ESME_RINVSRCADR")),
        (Status.RINVMSGLEN, t.Rejected(30019, "ESME_RINVMSGLEN")),
        (Status.RX_R_APPN, t.Rejected(30007, "ESME_RX_R_APPN")),
        (Status.RINVESMCLASS, t.Rejected(30008, "ESME_RINVESMCLASS", elsewhere=True)),
        (0x0410, t.Rejected(30008, "0x00000410")),
        (0x0411, t.Rejected(30022, "0x00000411")),
        (0x0412, t.Deferred("0x00000412", after=5.0)),
        (Status.RSYSERR, t.Deferred("ESME_RSYSERR", after=5.0)),
        (Status.RINVBNDSTS, t.Deferred("ESME_RINVBNDSTS", after=5.0)),
    ],
)
async def test_a_refusal(rig: Rig, status: int, outcome: t.Outcome) -> None:
    """Each status becomes a rejection with a code of ours, or a later try; a carrier's map wins."""
    await rig.start(codes={0x0411: 30022}, classes={0x0412: smpp.StatusClass.TEMPORARY})
    rig.smsc.answer = refuse(status)
    assert await rig.carrier.submit(message()) == outcome


async def test_not_bound_says_the_peer(rig: Rig) -> None:
    """A peer that has forgotten our bind gets a new one."""
    await rig.start()
    rig.smsc.answer = refuse(Status.RINVBNDSTS)
    await rig.carrier.submit(message())
    await rig.until(lambda: len(rig.smsc.binds) == 2)


async def test_a_sender_that_fits_no_field(rig: Rig) -> None:
    """What cannot be written is refused here, and nothing leaves."""
    await rig.start()
    outcome = await rig.carrier.submit(msgspec.structs.replace(message(), to="+" + "1" * 30))
    assert isinstance(outcome, t.Rejected)
    assert not rig.smsc.submits


async def test_numbers_as_the_carrier_wants_them(rig: Rig) -> None:
    """Types of addresses are set apart for both sides, and the carrier gets our reference."""
    await rig.start(
        text=smpp.TextOptions(reference_tag=0x1400, addresses=smpp.AddressRules(plus=True)),
        destinations=smpp.AddressRules(e164=(2, 8)),
    )
    await rig.carrier.submit(message())
    (submit,) = rig.smsc.submits
    assert submit.source == smpp.Address(1, 1, FROM)
    assert submit.destination == smpp.Address(2, 8, TO[1:])
    assert submit.tlv_string(0x1400) == f"{message().key}-1"


async def test_what_else_a_carrier_asks_for(rig: Rig) -> None:
    """The addresses of a receiver, and the kind of service of each text."""
    text = smpp.TextOptions(service_type="CMT")
    await rig.start(bind="tx+rx", address_range="^1501", text=text)
    await rig.carrier.submit(message())
    assert [pdu.address_range for pdu in rig.smsc.binds if isinstance(pdu, smpp.Bind)] == [
        "^1501",
        "^1501",
    ]
    assert [pdu.service_type for pdu in rig.smsc.submits] == ["CMT"]


@pytest.mark.parametrize("form", ["relative", "absolute"])
async def test_until_when_a_text_is_worth_delivering(rig: Rig, form: str) -> None:
    """The centre is told in the form that it reads, to the second, and in each part."""
    now = clock.now()
    await rig.start(validity=form)
    await rig.carrier.submit(message(LONG, expires_at=now + timedelta(hours=2)))
    assert len(rig.smsc.submits) == 3
    for pdu in rig.smsc.submits:
        until = smpp.parse_time(pdu.validity_period, now)
        assert until is not None
        assert timedelta(hours=1, minutes=59) < until - now <= timedelta(hours=2)


async def test_a_validity_that_no_time_can_say(rig: Rig) -> None:
    """A relative time is no longer than a month; where nothing expires nothing is said."""
    await rig.start(validity="relative")
    expires_at = clock.now() + timedelta(days=365)
    await rig.carrier.submit(message("next year", expires_at=expires_at))
    await rig.carrier.submit(message("whenever"))
    assert [pdu.validity_period for pdu in rig.smsc.submits] == ["000031000000000R", ""]


async def test_a_carrier_that_gives_no_ids(rig: Rig) -> None:
    """An empty id is replaced by one that no receipt can match."""
    await rig.start()
    rig.smsc.answer = lambda pdu, _: smpp.reply(pdu)
    assert await rig.carrier.submit(message()) == t.Accepted((f"unnamed-{message().key}-1",))


async def test_a_loaded_centre(rig: Rig) -> None:
    """A centre that takes a text but says it is overloaded slows the link down."""
    await rig.start()
    congested = smpp.Tlv.number(smpp.Tag.CONGESTION_STATE, 95)
    rig.smsc.answer = lambda pdu, n: smpp.reply(pdu, message_id=str(n), tlvs=(congested,))
    assert await rig.carrier.submit(message()) == t.Accepted(("1",))
    assert rig.carrier.state().share == 0.5


# Long texts


async def test_a_throttled_part_is_tried_again(rig: Rig) -> None:
    """Of three parts only the throttled one is sent twice, and the ids keep their order."""
    await rig.start()

    def second_throttled(pdu: smpp.SubmitSm, number: int) -> Pdu:
        return smpp.reply(pdu, Status.RMSGQFUL) if number == 2 else accept(pdu, number)

    rig.smsc.answer = second_throttled
    assert await rig.carrier.submit(message(LONG)) == t.Accepted(("id1", "id4", "id3"))
    assert [submit.short_message[5] for submit in rig.smsc.submits] == [1, 2, 3, 2]


async def test_the_next_attempt_continues(rig: Rig) -> None:
    """After a lost answer, the next attempt sends only the part whose fate was unknown."""
    await rig.start(response_timeout=0.5)
    rig.smsc.answer = lambda pdu, n: None if n == 3 else accept(pdu, n)
    outcome = await rig.carrier.submit(message(LONG))
    assert outcome == t.Unknown("part 3: no answer in time")
    rig.smsc.answer = accept
    assert await rig.carrier.submit(message(LONG, attempt=2)) == t.Accepted(("id1", "id2", "id4"))
    references = [submit.tlvs for submit in rig.smsc.submits]
    assert references[2] == references[3]


async def test_a_late_answer_spares_a_resend(rig: Rig) -> None:
    """When the answer comes after its time, the next attempt has nothing to send."""
    await rig.start(response_timeout=0.05)
    rig.smsc.answer = silent
    assert await rig.carrier.submit(message()) == t.Unknown("no answer in time")
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="late"))
    await rig.until(lambda: rig.carrier.state().counters.late)
    assert await rig.carrier.submit(message(attempt=2)) == t.Accepted(("late",))
    assert len(rig.smsc.submits) == 1


async def test_one_part_refused(rig: Rig) -> None:
    """A text of which one part is refused for good is refused whole."""
    await rig.start()
    rig.smsc.answer = lambda p, n: smpp.reply(p, 0x0B) if n == 2 else accept(p, n)
    outcome = await rig.carrier.submit(message(LONG))
    assert outcome == t.Rejected(30005, "part 2: ESME_RINVDSTADR")


async def test_the_trace_shows_no_people(rig: Rig) -> None:
    """An operator sees what went over the wire, but numbers and texts only on demand."""
    await rig.start()
    await rig.carrier.submit(message("my secret"))
    shown = rig.carrier.trace()
    assert [(one.direction, one.what) for one in shown] == [
        ("out", "BindTransceiver"),
        ("in", "BindTransceiverResp"),
        ("out", "SubmitSm"),
        ("in", "SubmitSmResp"),
    ]
    assert b"my secret".hex() not in repr(shown)
    assert TO[1:] not in repr(shown)
    assert TO[1:] in repr(rig.carrier.trace(personal=True))
