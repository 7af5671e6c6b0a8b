"""The SMPP carrier and what the message centre sends: receipts and texts."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.pairs.carrier_smpp import (
    FROM,
    TO,
    Rig,
    accept,
    address,
    message,
    receipt_for,
    rigged,
    silent,
)

from magpie.carriers import traffic as t
from magpie.protocols import smpp
from magpie.protocols.smpp import Status
from magpie.protocols.smpp.pdu import Pdu


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


@pytest.mark.parametrize(
    ("state", "error", "told", "code"),
    [
        (smpp.MessageState.DELIVERED, "000", t.ReceiptState.DELIVERED, None),
        (smpp.MessageState.ENROUTE, "000", t.ReceiptState.PENDING, None),
        (smpp.MessageState.ACCEPTED, "000", t.ReceiptState.PENDING, None),
        (smpp.MessageState.EXPIRED, "000", t.ReceiptState.UNDELIVERED, 30003),
        (smpp.MessageState.UNDELIVERABLE, "001", t.ReceiptState.UNDELIVERED, 30005),
        (smpp.MessageState.UNDELIVERABLE, "027", t.ReceiptState.UNDELIVERED, 30003),
        (smpp.MessageState.UNDELIVERABLE, "999", t.ReceiptState.UNDELIVERED, 30034),
        (smpp.MessageState.UNDELIVERABLE, "0x1", t.ReceiptState.UNDELIVERED, 30008),
        (smpp.MessageState.DELETED, "000", t.ReceiptState.UNDELIVERED, 30008),
        (smpp.MessageState.REJECTED, "000", t.ReceiptState.UNDELIVERED, 30007),
    ],
)
async def test_a_receipt(
    rig: Rig, state: smpp.MessageState, error: str, told: t.ReceiptState, code: int | None
) -> None:
    """Each state and error of a receipt becomes one of ours, with the carrier's own date."""
    await rig.start(receipt_codes={"999": 30034})
    assert await rig.smsc.deliver(receipt_for("abc", state, error)) == Status.ROK
    (receipt,) = rig.traffic.receipts
    assert (receipt.carrier, receipt.carrier_id) == ("north", "abc")
    assert (receipt.state, receipt.code, receipt.done_date) == (told, code, "2601020304")


async def test_a_receipt_before_the_answer(rig: Rig) -> None:
    """A receipt that overtakes the answer is handed in; the answer still counts."""
    await rig.start()
    rig.smsc.answer = silent
    task = asyncio.create_task(rig.carrier.submit(message()))
    await rig.until(lambda: rig.smsc.submits)
    await rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED))
    assert [receipt.carrier_id for receipt in rig.traffic.receipts] == ["id1"]
    rig.smsc.wires[0].send(accept(rig.smsc.submits[0], 1))
    assert await task == t.Accepted(("id1",))


async def test_an_answer_that_comes_twice(rig: Rig) -> None:
    """The second of two answers has no effect."""
    await rig.start()
    await rig.carrier.submit(message())
    rig.smsc.wires[0].transport.write(smpp.encode(accept(rig.smsc.submits[0], 7)))
    await rig.until(lambda: rig.carrier.state().counters.odd)
    assert await rig.carrier.submit(message(number=2)) == t.Accepted(("id2",))


async def test_what_the_peer_did_wrong_is_in_the_trace(rig: Rig) -> None:
    """A source of 30 digits, a bind by the centre, an answer to nothing: each before our answer."""
    await rig.start()
    long = bytes.fromhex("0000003200000005000000000000012c") + b"\0\1\1" + b"9" * 30 + b"\0"
    wrong = long, smpp.encode(smpp.BindReceiver(sequence=301)), smpp.encode(smpp.UnbindResp(302))
    rig.smsc.wires[0].transport.write(b"".join(wrong))
    await rig.until(lambda: rig.carrier.state().counters.odd == 3)
    told = [(one.direction, one.what, one.status) for one in rig.carrier.trace()[2:]]
    assert told == [
        ("in", "deliver_sm", ""),
        ("out", "DeliverSmResp", "ESME_RINVSRCADR"),
        ("in", "BindReceiver", "ESME_ROK"),
        ("out", "BindReceiverResp", "ESME_RINVBNDSTS"),
        ("in", "UnbindResp", "ESME_ROK"),
    ]


async def test_a_receipt_without_an_id(rig: Rig) -> None:
    """It is answered, since it would come again for ever, and handed to nobody."""
    await rig.start()
    pdu = smpp.DeliverSm(esm_class=smpp.EsmClass.RECEIPT, short_message=b"stat:DELIVRD")
    assert await rig.smsc.deliver(pdu) == Status.ROK
    assert not rig.traffic.receipts


async def test_the_answer_follows_the_commit(rig: Rig) -> None:
    """A deliver_sm is answered when its commit is done and not before."""
    await rig.start()
    commit = asyncio.Event()
    begun = asyncio.Event()

    async def committing() -> None:
        begun.set()
        await commit.wait()

    rig.traffic.before = committing
    delivery = asyncio.create_task(
        rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED))
    )
    await begun.wait()
    answered: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
    rig.smsc.wires[0].send(smpp.EnquireLink(), answered)
    await answered
    assert not delivery.done()
    commit.set()
    assert await delivery == Status.ROK


async def test_a_commit_that_fails_or_hangs(rig: Rig) -> None:
    """The peer is asked to come again when a message could not be committed, or not in time."""
    await rig.start(commit_timeout=0.05)

    async def failing() -> None:
        raise ConnectionError("no database")

    async def hanging() -> None:
        await asyncio.Event().wait()

    for rig.traffic.before in (failing, hanging):
        pdu = smpp.DeliverSm(source=address(TO), destination=address(FROM), short_message=b"yes")
        assert await rig.smsc.deliver(pdu) == Status.RX_T_APPN
    assert not rig.traffic.inbounds


async def test_too_many_unanswered(rig: Rig) -> None:
    """Beyond the window for incoming messages the peer is throttled."""
    await rig.start(inbound_window=2)
    commit = asyncio.Event()

    async def committing() -> None:
        await commit.wait()

    rig.traffic.before = committing
    receipt = receipt_for("id1", smpp.MessageState.DELIVERED)
    deliveries = [asyncio.create_task(rig.smsc.deliver(receipt)) for _ in range(3)]
    await rig.until(deliveries[2].done)
    commit.set()
    assert await asyncio.gather(*deliveries) == [0, 0, Status.RTHROTTLED]


async def test_a_text_from_a_phone(rig: Rig) -> None:
    """Its numbers get their plus, its text is decoded, and its copy within 5 s has its key."""
    await rig.start()
    pdu = smpp.DeliverSm(
        source=address(TO),
        destination=address(FROM),
        data_coding=8,
        short_message="grüße 🙂".encode("utf-16-be"),
    )
    assert [await rig.smsc.deliver(pdu) for _ in range(2)] == [0, 0]
    first, second = rig.traffic.inbounds
    assert (first.from_, first.to, first.body) == (TO, FROM, "grüße 🙂")
    assert first.key == second.key


@pytest.mark.parametrize("how", [smpp.LongText.UDH_8, smpp.LongText.UDH_16, smpp.LongText.SAR])
async def test_a_long_text_from_a_phone(rig: Rig, how: smpp.LongText) -> None:
    """Each part is handed in with its place, however it was cut."""
    await rig.start()
    body = "".join(f"{n:03} " for n in range(100))
    parts = smpp.build_submits(
        TO, FROM, body, options=smpp.TextOptions(long_text=how), reference=77
    )
    for part in parts:
        fields = {name: getattr(part, name) for name in part.__struct_fields__}
        await rig.smsc.deliver(smpp.DeliverSm(**fields))
    assert [inbound.fragment for inbound in rig.traffic.inbounds] == [
        t.Fragment(reference=77, total=3, index=index) for index in (1, 2, 3)
    ]
    assert "".join(inbound.body for inbound in rig.traffic.inbounds) == body
    assert len({inbound.key for inbound in rig.traffic.inbounds}) == 3


async def test_a_text_by_data_sm(rig: Rig) -> None:
    """Texts come by data_sm as well."""
    await rig.start()
    payload = smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"hi")
    pdu = smpp.DataSm(source=address(TO), destination=address(FROM), tlvs=(payload,))
    assert await rig.smsc.deliver(pdu) == 0
    assert rig.traffic.inbounds[0].body == "hi"
