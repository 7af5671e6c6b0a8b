"""The MM4 carrier against another centre, over real sockets: what it sends, what replies mean."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.pairs.carrier_mm4 import OURS, THEIRS, Peer, Rig, rigged, says
from tests.pairs.carrier_mm7 import FROM, TO

from magpie.carriers import traffic as t
from magpie.carriers.traffic import ReceiptState
from magpie.protocols import mm4


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_a_message_in_full(rig: Rig) -> None:
    """All mandatory headers, the whole picture message in base64, and an envelope of its own."""
    await rig.start(read_reply=True, version="6.16.0")
    expires = datetime(2026, 12, 1, tzinfo=UTC)
    id_ = await rig.id_of()
    assert await rig.submit(expires_at=expires) == t.Accepted((id_,))
    [request] = rig.peer.of(mm4.ForwardReq)
    assert (request.message_id, request.mail_id) == (id_, id_)
    assert request.transaction_id == (await rig.message()).key
    assert request.from_ == mm4.Address(FROM, domain=OURS)
    assert request.to == (mm4.Address(TO, domain=THEIRS),)
    assert (request.version, request.expiry) == ("6.16.0", expires)
    assert (request.ack_request, request.delivery_report, request.read_reply) == (True,) * 3
    assert request.originator_system == mm4.Address(f"mms@{OURS}", mm4.AddressKind.EMAIL)
    assert request.date is not None
    assert [part.content_type.text for part in request.content.parts] == [
        "application/smil",
        "image/gif",
        "text/plain",
    ]
    assert rig.peer.envelopes == [(f"mms@{OURS}", [f"{TO}/TYPE=PLMN@{THEIRS}"])]
    [mail] = rig.peer.mails
    assert mail.isascii()
    assert rig.peer.options == [[f"SIZE={len(mail)}"]]


async def test_an_operator_looks(rig: Rig) -> None:
    """Mails and replies are traced, without people."""
    await rig.start()
    await rig.submit()
    out, reply = rig.carrier.trace()[:2]
    assert (out.direction, out.what) == ("out", "MM4_forward.REQ")
    assert TO[1:].encode() not in out.octets
    assert (reply.direction, reply.status[:9]) == ("in", "DATA: 250")


async def test_every_attempt_has_the_same_ids(rig: Rig) -> None:
    """By them a centre knows what it has taken already."""
    await rig.start()
    for attempt in (1, 2):
        await rig.submit(attempt=attempt)
    await rig.submit(converted=True)
    ids = [(one.transaction_id, one.message_id) for one in rig.peer.of(mm4.ForwardReq)]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("451 4.3.0 later", t.Deferred("DATA: 451 4.3.0 later", after=5.0)),
        ("450 busy", t.Deferred("DATA: 450 busy", after=5.0)),
        ("550 5.1.1 who", t.Rejected(30005, "DATA: 550 5.1.1 who")),
        ("552 too big", t.Rejected(30019, "DATA: 552 too big")),
        ("554 5.7.1 spam", t.Rejected(30007, "DATA: 554 5.7.1 spam")),
        ("550 5.6.1 no pictures", t.Rejected(30011, "DATA: 550 5.6.1 no pictures")),
        ("550 no", t.Rejected(30008, "DATA: 550 no")),
    ],
)
async def test_what_replies_mean(rig: Rig, reply: str, outcome: t.Outcome) -> None:
    """Each kind of reply to a mail, with the codes that customers see."""
    await rig.start()
    rig.peer.say = says(reply)
    assert await rig.submit() == outcome


@pytest.mark.parametrize(
    ("rcpt", "outcome"),
    [
        ("550 who", t.Rejected(30005, "RCPT: 550 who")),
        ("450 busy", t.Deferred("RCPT: 450 busy", after=5.0)),
    ],
)
async def test_refused_recipients(rig: Rig, rcpt: str, outcome: t.Outcome) -> None:
    """The connection goes on to serve the next message."""
    await rig.start(ack_request=False)
    rig.peer.rcpt = rcpt
    assert await rig.submit(1) == outcome
    rig.peer.rcpt = "250 OK"
    assert isinstance(await rig.submit(2), t.Accepted)
    assert len(rig.peer.peers) == 1


@pytest.mark.parametrize("reply", ["421 4.3.2 slower", "452 4.3.1 full", "450 4.7.0 slower"])
async def test_a_throttle(rig: Rig, reply: str) -> None:
    """It stops the link for a moment, and uses up no try."""
    await rig.start(patience=0.1)
    rig.peer.say = says(reply)
    outcome = await rig.submit()
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert outcome.after is not None
    assert outcome.after >= 0.9
    waiting = await rig.submit(2)
    assert isinstance(waiting, t.Deferred)
    assert waiting.throttled
    assert len(rig.peer.mails) == 1
    assert rig.carrier.state().counters.throttled == 1


async def answer(rig: Rig, status: str, text: str = "", **changes: Any) -> None:
    """As the other centre says what became of the first message."""
    given: dict[str, Any] = {
        "transaction_id": (await rig.message()).key,
        "message_id": await rig.id_of(),
    }
    res = mm4.ForwardRes(status=status, status_text=text, **{**given, **changes})
    reply = await rig.deliver(res, f"mms@{OURS}", sender="")
    assert reply.startswith("250")


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        ("ok", "", None),
        ("Error-network-problem", "x", t.Deferred("Error-network-problem x", after=5.0)),
        ("Error-unspecified", "", t.Deferred("Error-unspecified", after=5.0)),
        ("Error-service-denied", "", t.Rejected(30007, "Error-service-denied")),
        (
            "Error-sending-address-unresolved",
            "",
            t.Rejected(30005, "Error-sending-address-unresolved"),
        ),
        (
            "Error-content-not-accepted",
            "too large",
            t.Rejected(30019, "Error-content-not-accepted too large"),
        ),
        ("Error-unsupported-message", "", t.Rejected(30011, "Error-unsupported-message")),
    ],
)
async def test_an_answer_that_comes_soon(
    rig: Rig, status: str, text: str, outcome: t.Outcome | None
) -> None:
    """It decides what becomes of a message that the mail's reply has taken."""
    await rig.start(ack_wait=5.0)

    async def say(_peer: Peer, message: mm4.Message) -> str:
        await answer(rig, status, text, transaction_id=f'"{message.transaction_id}"')
        return "250 OK"

    rig.peer.say = say
    assert await rig.submit() == (outcome or t.Accepted((await rig.id_of(),)))
    assert rig.traffic.receipts == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Error-service-denied", 30007),
        ("Error-network-problem", 30017),
        ("Error-unspecified", 30008),
    ],
)
async def test_an_answer_that_comes_late(rig: Rig, status: str, code: int) -> None:
    """The message is accepted by then: it ends undelivered, with a code of ours."""
    await rig.start()
    assert isinstance(await rig.submit(), t.Accepted)
    await answer(rig, status)
    [receipt] = rig.traffic.receipts
    assert (receipt.carrier_id, receipt.state) == (await rig.id_of(), ReceiptState.UNDELIVERED)
    assert (receipt.code, receipt.detail) == (code, status)
    await answer(rig, "Ok")
    assert len(rig.traffic.receipts) == 1


async def test_without_a_port_of_ours(rig: Rig) -> None:
    """Nobody could hear an answer, so none is asked for."""
    await rig.start(listen_port=None)
    assert isinstance(await rig.submit(), t.Accepted)
    [request] = rig.peer.of(mm4.ForwardReq)
    assert request.ack_request is False
    assert rig.carrier.port is None


@pytest.mark.parametrize("eight_bit", [True, False])
async def test_eight_bits(rig: Rig, eight_bit: bool) -> None:
    """Texts go as they are where the peer has it; pictures go in base64 in any case."""
    await rig.start(eight_bit=eight_bit)
    assert isinstance(await rig.submit(body="Grüße"), t.Accepted)
    [mail] = rig.peer.mails
    assert ("Grüße".encode() in mail) is eight_bit
    assert ("BODY=8BITMIME" in rig.peer.options[0]) is eight_bit
    [request] = rig.peer.of(mm4.ForwardReq)
    assert request.content.parts[-1].text == "Grüße"


async def test_too_large(rig: Rig) -> None:
    """For the operator's limit, or for the one that the peer tells."""
    await rig.start(max_bytes=3000)
    assert isinstance(await rig.submit(), t.Accepted)
    outcome = await rig.submit(content=bytes(3000))
    assert isinstance(outcome, t.Rejected)
    assert outcome.code == 30019
    await rig.carrier.stop()
    rig.peer.extensions = ["SIZE 3000"]
    await rig.start(max_bytes=None)
    outcome = await rig.submit(content=bytes(9000))
    assert isinstance(outcome, t.Rejected)
    assert outcome.code == 30019
    assert len(rig.peer.mails) == 1


async def test_room_for_pictures(rig: Rig) -> None:
    """What the carrier takes is counted in base64, so pictures have less."""
    await rig.start(max_bytes=100_000)
    room = (await rig.carrier.reach(TO)).max_bytes
    assert room is not None
    assert 68_000 < room < 73_000
    assert isinstance(await rig.submit(content=bytes(room)), t.Accepted)
    await rig.carrier.stop()
    await rig.start(max_bytes=None)
    assert (await rig.carrier.reach(TO)).max_bytes is None


async def test_what_is_not_for_this_link(rig: Rig) -> None:
    """Texts go elsewhere; media that are gone are gone."""
    await rig.start()
    text = await rig.submit(kind=t.Kind.SMS)
    assert isinstance(text, t.Rejected)
    message = await rig.message()
    gone = await rig.carrier.submit(
        t.Submission(
            account_sid="AC",
            message_id=message.message_id,
            attempt=1,
            kind=t.Kind.MMS,
            from_=FROM,
            to=TO,
            body="",
            media=(t.MediaPart(content_type="image/gif", size=1, digest="ab" * 32),),
        )
    )
    assert isinstance(gone, t.Rejected)
    assert rig.peer.mails == []


async def test_a_number_that_no_mail_can_carry(rig: Rig) -> None:
    """It is refused before anything is sent."""
    await rig.start()
    message = await rig.message()
    evil = t.Submission(
        account_sid="AC",
        message_id=message.message_id,
        attempt=1,
        kind=t.Kind.MMS,
        from_=FROM,
        to="+1555>\r\nRCPT TO:<x@y",
        body="hello",
    )
    assert isinstance(await rig.carrier.submit(evil), t.Rejected)
    assert rig.peer.envelopes == []


async def test_lines_that_begin_with_a_dot() -> None:
    """They end no mail."""
    async with rigged() as rig:
        await rig.start(eight_bit=True)
        await rig.submit(body="one\r\n.\r\nMAIL FROM:<x@y>\r\n..two")
        [request] = rig.peer.of(mm4.ForwardReq)
        assert request.content.parts[-1].text == "one\r\n.\r\nMAIL FROM:<x@y>\r\n..two"
