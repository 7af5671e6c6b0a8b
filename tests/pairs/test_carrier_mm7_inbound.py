"""What a relay posts to the MM7 carrier: pictures of phones, reports, and rubbish."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest
from tests.pairs.carrier_mm7 import FROM, TO, Rig, rigged

from magpie.carriers import traffic as t
from magpie.carriers.mms import related
from magpie.carriers.traffic import ReceiptState
from magpie.protocols import mm7
from magpie.settings import Secret

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
MEDIA = (
    t.InboundMedia(content_type="image/jpeg", content=b"\xff\xd8one", name="one.jpg"),
    t.InboundMedia(content_type="image/gif", content=b"GIF89a", name="two.gif"),
)
DELIVER = mm7.DeliverReq(
    sender=mm7.Address(TO), recipients=mm7.Recipients((mm7.Address(FROM),)), time_stamp=AT
)
IDENTIFIED = (
    b"<Envelope><Header><TransactionID>t</TransactionID></Header><Body><%b/></Body></Envelope>"
)
CONTENT = related(MEDIA, "look")


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


def report(status: str = "Retrieved", text: str = "", id_: str = "m1") -> mm7.DeliveryReportReq:
    return mm7.DeliveryReportReq(
        message_id=id_,
        recipient=mm7.Address(TO),
        sender=mm7.Address(FROM),
        date=AT,
        mm_status=status,
        status_text=text,
    )


async def test_a_picture_from_a_phone(rig: Rig) -> None:
    """Text, media and numbers as dispatch wants them; the answer follows the commit."""
    await rig.start()
    order: list[str] = []

    async def commit() -> None:
        await asyncio.sleep(0.01)
        order.append("committed")

    rig.traffic.before = commit
    door = await rig.door()
    answer = await door.tell(DELIVER, content=CONTENT)
    order.append("answered")
    assert answer == mm7.DeliverRsp(status=mm7.Status.of(1000))
    assert order == ["committed", "answered"]
    [inbound] = rig.traffic.inbounds
    assert (inbound.carrier, inbound.kind) == ("north", t.Kind.MMS)
    assert (inbound.from_, inbound.to, inbound.body) == (TO, FROM, "look")
    assert inbound.media == MEDIA


@pytest.mark.parametrize(("number", "code", "to"), [("", 2002, []), (FROM, 1000, [FROM])])
async def test_a_picture_for_nobody(rig: Rig, number: str, code: int, to: list[str]) -> None:
    """Recipients are optional: the number of the link is meant, if it has one."""
    await rig.start(number=number)
    nameless = msgspec.structs.replace(DELIVER, recipients=None)
    answer = await (await rig.door()).tell(nameless, content=CONTENT)
    assert isinstance(answer, mm7.DeliverRsp)
    assert answer.status.code == code
    assert [inbound.to for inbound in rig.traffic.inbounds] == to


async def test_the_order_of_the_slides(rig: Rig) -> None:
    """Phones write parts as they like; what counts is how they are shown."""
    await rig.start()
    slides = b'<smil><par><img src="two.gif"/></par><par><img src="cid:one.jpg"/></par></smil>'
    await (await rig.door()).tell(DELIVER, content=related(MEDIA, "", slides))
    [inbound] = rig.traffic.inbounds
    assert [one.name for one in inbound.media] == ["two.gif", "one.jpg"]


async def test_a_repeated_transaction(rig: Rig) -> None:
    """It has the same key, so that it is stored once, and gets the same answer."""
    await rig.start()
    door = await rig.door()
    answers = [await door.tell(DELIVER, "t7", content=CONTENT) for _ in range(2)]
    await door.tell(DELIVER, "t8", content=CONTENT)
    await door.tell(DELIVER, "t7", content=related(MEDIA, "another"))
    assert answers[0] == answers[1]
    keys = [inbound.key for inbound in rig.traffic.inbounds]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


async def test_several_recipients(rig: Rig) -> None:
    """Each number is handed in by itself; those that are only shown are not."""
    await rig.start()
    request = mm7.DeliverReq(
        sender=mm7.Address("15558675310"),
        recipients=mm7.Recipients(
            (mm7.Address("1501 712-2661"), mm7.Address("7255", mm7.AddressKind.SHORT_CODE)),
            (mm7.Address("+15550001111", display_only=True),),
        ),
        subject="only a subject",
    )
    await (await rig.door()).tell(request)
    assert [(one.from_, one.to, one.body) for one in rig.traffic.inbounds] == [
        (TO, FROM, "only a subject"),
        (TO, "7255", "only a subject"),
    ]
    assert len({one.key for one in rig.traffic.inbounds}) == 2


@pytest.mark.parametrize(
    ("status", "text", "state", "code"),
    [
        ("Retrieved", "", ReceiptState.DELIVERED, None),
        ("Delivered", "", ReceiptState.DELIVERED, None),
        ("Forwarded", "", ReceiptState.PENDING, None),
        ("Deferred", "", ReceiptState.PENDING, None),
        ("Indeterminate", "", ReceiptState.PENDING, None),
        ("Expired", "", ReceiptState.UNDELIVERED, 30003),
        ("Rejected", "", ReceiptState.UNDELIVERED, 30007),
        ("Rejected", "code 2501: no MMS", ReceiptState.UNDELIVERED, 30011),
        ("Unrecognized", "", ReceiptState.UNDELIVERED, 30011),
        ("Unreachable", "", ReceiptState.UNDELIVERED, 30003),
        ("Cancelled", "", ReceiptState.UNDELIVERED, 30008),
        ("Vendor", "", ReceiptState.UNDELIVERED, 30008),
    ],
)
async def test_delivery_reports(
    rig: Rig, status: str, text: str, state: ReceiptState, code: int | None
) -> None:
    """Each status of the relay's, as dispatch wants it."""
    await rig.start(codes={2501: 30011})
    answer = await (await rig.door()).tell(report(status, text))
    assert answer == mm7.DeliveryReportRsp(status=mm7.Status.of(1000))
    [receipt] = rig.traffic.receipts
    assert (receipt.carrier, receipt.carrier_id) == ("north", "m1")
    assert (receipt.state, receipt.code, receipt.done_date) == (state, code, "2601020304")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Read", ReceiptState.READ),
        ("Deleted", ReceiptState.DELIVERED),
        ("Indeterminate", ReceiptState.PENDING),
    ],
)
async def test_read_replies(rig: Rig, status: str, state: ReceiptState) -> None:
    """Who deletes a message unread has got it all the same."""
    await rig.start()
    answer = await (await rig.door()).tell(mm7.ReadReplyReq(message_id="m1", mm_status=status))
    assert answer == mm7.ReadReplyRsp(status=mm7.Status.of(1000))
    assert [receipt.state for receipt in rig.traffic.receipts] == [state]


async def test_reports_in_any_order(rig: Rig) -> None:
    """Twice, late, or before the answer to their message: all are handed on."""
    await rig.start()
    door = await rig.door()
    submit = asyncio.create_task(rig.submit())
    for status in ("Retrieved", "Forwarded", "Retrieved"):
        await door.tell(report(status))
    assert await submit == t.Accepted(("m1",))
    assert [receipt.carrier_id for receipt in rig.traffic.receipts] == ["m1"] * 3


@pytest.mark.parametrize("operation", [report(), DELIVER])
async def test_what_cannot_be_committed(rig: Rig, operation: mm7.Request) -> None:
    """The relay is told so, and comes again."""
    await rig.start(commit_timeout=0.05)
    door = await rig.door()

    async def fail() -> None:
        raise ConnectionError("the store is away")

    async def hang() -> None:
        await asyncio.sleep(5)

    for before in (fail, hang):
        rig.traffic.before = before
        answer = await door.tell(operation)
        assert isinstance(answer, mm7.Response)
        assert answer.status.code == 4006
        framed = mm7.write_message(operation, "t", mm7.Dialect())
        status, _ = await door.post(framed.chunks[0], Content_Type="text/xml")
        assert status == 503
    rig.traffic.before = None
    answer = await door.tell(operation)
    assert isinstance(answer, mm7.Response)
    assert answer.status.code == 1000
    assert rig.carrier.state().counters.turned_away == 4


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 500, 2007),
        (b"rubbish", 500, 2007),
        (b"<html/>", 500, 2007),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', 500, 2007),
        (b"<Envelope><Body><DeliverReq/></Body></Envelope>", 500, 2007),
        (b"--b\r\n" * 1000, 500, 2007),
        (IDENTIFIED % b"DeliverReq", 200, 4004),
        (IDENTIFIED % b"QueryStatusReq", 500, 4003),
    ],
    ids=range(8),
)
async def test_rubbish(rig: Rig, body: bytes, status: int, code: int) -> None:
    """A fault that says what is wrong, or the operation's own answer; nothing is handed in."""
    await rig.start()
    found, answer = await (await rig.door()).post(body, Content_Type="text/xml")
    operation = mm7.read_message("", answer).operation
    if isinstance(operation, mm7.Fault):
        assert operation.error is not None
        assert isinstance(operation.error, mm7.VaspErrorRsp)
        operation = operation.error
    assert isinstance(operation, mm7.Response)
    assert (found, operation.status.code) == (status, code)
    assert rig.traffic.inbounds == []
    assert rig.carrier.state().counters.odd == 1


@pytest.mark.parametrize(
    "operation",
    [
        mm7.SubmitReq(recipients=mm7.Recipients((mm7.Address(TO),))),
        mm7.CancelReq(message_id="m"),
        mm7.DeliverReq(sender=mm7.Address(TO)),
    ],
)
async def test_what_an_application_does_not_do(rig: Rig, operation: mm7.Request) -> None:
    """What is only for relays, and a picture for nobody."""
    await rig.start()
    answer = await (await rig.door()).tell(operation)
    assert isinstance(answer, operation.response)
    assert answer.status.code in {4003, 2002}


async def test_who_may_call(rig: Rig) -> None:
    """By name and password, from some networks; others learn nothing."""
    await rig.start(
        peer_username="relay", peer_password=Secret("secret"), peers=("127.0.0.0/8", "::1/128")
    )
    door = await rig.door()
    body = mm7.write_message(report(), "t", mm7.Dialect()).chunks[0]

    async def status(pair: str, scheme: str = "Basic") -> int:
        given = f"{scheme} {b64encode(pair.encode()).decode()}"
        return (await door.post(body, Content_Type="text/xml", Authorization=given))[0]

    assert [
        await status("relay:secret"),
        await status("relay:wrong"),
        await status("relay"),
        await status("relay:secret", "Digest"),
        (await door.post(body))[0],
        (await door.post(body, Authorization="Basic ???"))[0],
    ] == [200, 401, 401, 401, 401, 401]
    assert len(rig.traffic.receipts) == 1
    assert rig.carrier.state().counters.strangers == 5


async def test_another_network(rig: Rig) -> None:
    """An address that is not listed is refused whatever it knows."""
    await rig.start(peers=("192.0.2.0/24",))
    status, _ = await (await rig.door()).post(b"<x/>")
    assert status == 403


async def test_strict_namespaces(rig: Rig) -> None:
    """Where an operator asks for it."""
    await rig.start(namespace=mm7.REL_5)
    answer = await (await rig.door()).tell(report())
    assert isinstance(answer, mm7.DeliveryReportRsp)
    assert answer.status.code == 4002
