"""What another centre sends to the MM4 carrier: pictures, reports, and rubbish."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from tests.pairs.carrier_mm4 import (
    AT,
    BOX,
    FORWARD,
    MEDIA,
    OURS,
    SYSTEM,
    THEIRS,
    WRITTEN,
    Rig,
    rigged,
    says,
)
from tests.pairs.carrier_mm7 import FROM, TO

from magpie.carriers import traffic as t
from magpie.carriers.traffic import ReceiptState
from magpie.protocols import mm4


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


def report(status: str = "Retrieved", **more: Any) -> mm4.DeliveryReportReq:
    usual = mm4.DeliveryReportReq(
        transaction_id="r1",
        message_id="m1",
        from_=mm4.Address(TO),
        to=(mm4.Address(FROM),),
        date=AT,
        mm_status=status,
        ack_request=True,
        originator_system=SYSTEM,
    )
    return msgspec.structs.replace(usual, **more)


async def test_a_picture_from_a_phone(rig: Rig) -> None:
    """Text, media and numbers as dispatch wants them; yes follows the commit, then the answer."""
    await rig.start()
    order: list[str] = []

    async def commit() -> None:
        await asyncio.sleep(0.02)
        assert rig.peer.messages == []
        order.append("committed")

    rig.traffic.before = commit
    assert (await rig.deliver(FORWARD)).startswith("250")
    order.append("taken")
    assert order == ["committed", "taken"]
    [inbound] = rig.traffic.inbounds
    assert (inbound.carrier, inbound.kind) == ("north", t.Kind.MMS)
    assert (inbound.from_, inbound.to, inbound.body) == (TO, FROM, "look")
    assert inbound.media == MEDIA
    await rig.until(lambda: rig.peer.messages)
    [answer] = rig.peer.of(mm4.ForwardRes)
    assert (answer.transaction_id, answer.message_id) == ('"t1"', '"m1@theirs"')
    assert (answer.status, answer.sender) == ("Ok", mm4.parse_address(f"mms@{OURS}"))
    assert answer.date is not None
    assert answer.mail_id.endswith(f"@{OURS}")
    assert rig.peer.envelopes == [("<>", [f"mms@{THEIRS}"])]


@pytest.mark.parametrize("ack", [None, False])
async def test_nobody_asked(rig: Rig, ack: bool | None) -> None:
    """Without a request for it there is no answer."""
    await rig.start()
    await rig.deliver(msgspec.structs.replace(FORWARD, ack_request=ack))
    await rig.carrier.stop()
    assert len(rig.traffic.inbounds) == 1
    assert rig.peer.messages == []


async def test_a_report_to_the_phone(rig: Rig) -> None:
    """Who asks for one hears that the message has arrived."""
    await rig.start()
    await rig.deliver(msgspec.structs.replace(FORWARD, delivery_report=True))
    await rig.until(lambda: rig.peer.of(mm4.DeliveryReportReq))
    [told] = rig.peer.of(mm4.DeliveryReportReq)
    assert (told.message_id, told.mm_status) == ('"m1@theirs"', "Retrieved")
    assert told.from_ == mm4.Address(FROM, domain=OURS)
    assert told.to == (mm4.Address(TO, domain=THEIRS),)
    assert told.mail_id == f"{told.transaction_id}@{OURS}"


async def test_a_mail_that_comes_again(rig: Rig) -> None:
    """The same message has the same key, in quotes or not, in whatever transaction it comes."""
    await rig.start()
    again = msgspec.structs.replace(FORWARD, transaction_id="t2", message_id="m1@theirs")
    other = msgspec.structs.replace(FORWARD, message_id="m2@theirs")
    for message in (FORWARD, again, other):
        await rig.deliver(message)
    keys = [inbound.key for inbound in rig.traffic.inbounds]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0] == f"{THEIRS}:m1@theirs>{FROM}"
    await rig.until(lambda: len(rig.peer.messages) == 3)


async def test_several_recipients(rig: Rig) -> None:
    """Each number of the envelope is handed in by itself, whatever the head says."""
    await rig.start()
    await rig.deliver(FORWARD, BOX, f"72345/TYPE=PLMN@{OURS}", f"<{FROM}@{OURS}>")
    assert [one.to for one in rig.traffic.inbounds] == [FROM, "72345"]
    await rig.deliver(FORWARD, f"mms@{OURS}")
    assert [one.to for one in rig.traffic.inbounds] == [FROM, "72345", FROM]


async def test_numbers_that_are_not_ours(rig: Rig) -> None:
    """They are refused at once; so is every other domain."""
    rig.known = {FROM}
    await rig.start()
    replies = await rig.call(
        b"EHLO peer",
        b"MAIL FROM:<x@y>",
        f"RCPT TO:<{BOX}>".encode(),
        f"RCPT TO:<+15550001111/TYPE=PLMN@{OURS}>".encode(),
        f"RCPT TO:<{FROM}/TYPE=PLMN@elsewhere.example>".encode(),
        f"RCPT TO:<{FROM}>".encode(),
        f"RCPT TO:<postmaster@{OURS}>".encode(),
        f"RCPT TO:<MMS@{OURS.upper()}>".encode(),
    )
    assert [reply[:9] for reply in replies[2:]] == [
        "250 2.0.0",
        "550 5.1.1",
        "550 5.7.1",
        "550 5.7.1",
        "550 5.1.1",
        "250 2.0.0",
    ]
    stranger = msgspec.structs.replace(FORWARD, to=(mm4.Address("+15550001111"),))
    assert (await rig.deliver(stranger, f"mms@{OURS}")).startswith("250")
    await rig.until(lambda: rig.peer.messages)
    assert rig.peer.of(mm4.ForwardRes)[0].status == "Error-sending-address-unresolved"
    assert rig.traffic.inbounds == []


async def test_numbers_that_cannot_be_looked_up(rig: Rig) -> None:
    """The peer comes again when they can."""
    await rig.start()
    rig.broken = True
    replies = await rig.call(b"EHLO peer", b"MAIL FROM:<x@y>", f"RCPT TO:<{BOX}>".encode())
    assert replies[-1].startswith("451")
    rig.broken = False
    assert (await rig.deliver(FORWARD)).startswith("250")


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("Retrieved", ReceiptState.DELIVERED, None),
        ("Forwarded", ReceiptState.PENDING, None),
        ("Deferred", ReceiptState.PENDING, None),
        ("Indeterminate", ReceiptState.PENDING, None),
        ("Expired", ReceiptState.UNDELIVERED, 30003),
        ("Rejected", ReceiptState.UNDELIVERED, 30007),
        ("Unrecognised", ReceiptState.UNDELIVERED, 30011),
        ("Vendor", ReceiptState.UNDELIVERED, 30008),
    ],
)
async def test_delivery_reports(
    rig: Rig, status: str, state: ReceiptState, code: int | None
) -> None:
    """Each status as dispatch wants it; the report is answered."""
    await rig.start()
    assert (await rig.deliver(report(status, message_id='"m1"', status_text="x"))).startswith("250")
    [receipt] = rig.traffic.receipts
    assert (receipt.carrier, receipt.carrier_id) == ("north", "m1")
    assert (receipt.state, receipt.code, receipt.done_date) == (state, code, "2601020304")
    assert receipt.detail == f"{status} x"
    await rig.until(lambda: rig.peer.messages)
    [answer] = rig.peer.of(mm4.DeliveryReportRes)
    assert (answer.transaction_id, answer.status) == ("r1", "Ok")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Read", ReceiptState.READ),
        ("Deleted without being read", ReceiptState.DELIVERED),
        ("Other", ReceiptState.PENDING),
    ],
)
async def test_read_reports(rig: Rig, status: str, state: ReceiptState) -> None:
    """Who deletes a message unread has got it all the same."""
    await rig.start()
    told = mm4.ReadReplyReq(
        transaction_id="r2",
        message_id="m1",
        from_=mm4.Address(TO),
        to=(mm4.Address(FROM),),
        date=AT,
        read_status=status,
        ack_request=True,
        sender=SYSTEM,
    )
    assert (await rig.deliver(told, f"mms@{OURS}")).startswith("250")
    assert [receipt.state for receipt in rig.traffic.receipts] == [state]
    await rig.until(lambda: rig.peer.messages)
    assert isinstance(rig.peer.messages[0], mm4.ReadReplyRes)


@pytest.mark.parametrize("message", [report(), FORWARD], ids=["report", "forward"])
async def test_what_cannot_be_committed(rig: Rig, message: mm4.Message) -> None:
    """The peer is told so, and comes again; nothing is answered before."""
    await rig.start(commit_timeout=0.5)

    async def fail() -> None:
        raise ConnectionError("the store is away")

    async def hang() -> None:
        await asyncio.sleep(5)

    for before in (fail, hang):
        rig.traffic.before = before
        assert (await rig.deliver(message)).startswith("451")
    assert rig.peer.messages == []
    rig.traffic.before = None
    assert (await rig.deliver(message)).startswith("250")
    assert rig.carrier.state().counters.turned_away == 2


async def test_a_message_that_goes_in_circles(rig: Rig) -> None:
    """It is taken, so that it ends here, and its sender is told."""
    await rig.start()
    for hops in (mm4.MOST_HOPS, mm4.MOST_HOPS + 1):
        assert (
            await rig.deliver(msgspec.structs.replace(FORWARD, forward_counter=hops))
        ).startswith("250")
    assert len(rig.traffic.inbounds) == 1
    await rig.until(lambda: len(rig.peer.messages) == 2)
    assert {one.status for one in rig.peer.of(mm4.ForwardRes)} == {"Ok", "Error-service-denied"}
    assert rig.carrier.state().counters.looped == 1


async def test_a_request_that_cannot_be_read(rig: Rig) -> None:
    """It would not be better the next time: it is taken, and its sender is told."""
    await rig.start()
    mail = WRITTEN.replace(b"From: ", b"X-From: ")
    assert (await rig.deliver(mail)).startswith("250")
    await rig.until(lambda: rig.peer.messages)
    [answer] = rig.peer.of(mm4.ForwardRes)
    assert answer.status == "Error-message-format-corrupt"
    assert rig.traffic.inbounds == []


async def test_an_answer_that_cannot_be_sent_yet(rig: Rig) -> None:
    """It goes a little later, a few times; then the peer asks again by itself."""
    await rig.start(answer_tries=2)
    rig.peer.say = says("451 later")
    await rig.deliver(FORWARD)
    await rig.until(lambda: rig.peer.messages)
    rig.peer.say = says("250 OK")
    await rig.until(lambda: rig.carrier.state().counters.answered == 1)
    rig.peer.say = says("550 never")
    await rig.deliver(FORWARD)
    await rig.until(lambda: rig.carrier.state().counters.unanswered == 1)
