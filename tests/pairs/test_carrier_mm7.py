"""The MM7 carrier against a relay, over real sockets: what it sends and what answers mean."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from tests.pairs.carrier_mm7 import FROM, TO, Answer, Rig, accept, raw, refuse, rigged, said

from magpie.carriers import traffic as t
from magpie.protocols import mm7
from magpie.protocols.mm7 import StatusClass
from magpie.settings import Secret


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_a_submit_in_full(rig: Rig) -> None:
    """Everything that the operator says is in it, and the whole picture message."""
    await rig.start(
        username="me",
        password=Secret("secret"),
        headers={"X-Carrier": "7"},
        vas_id="s",
        service_code="gold",
        message_class="Informational",
        charged_party="Recipient",
        read_reply=True,
        addresses=mm7.AddressRules(plus=False),
        dialect=mm7.Dialect(namespace=mm7.REL_5, version="5.3.0", prefix="mm7", soap_action="x"),
    )
    expires = datetime(2026, 12, 1, tzinfo=UTC)
    assert await rig.submit(expires_at=expires) == t.Accepted(("m1",))
    [message], [headers] = rig.relay.messages, rig.relay.headers
    assert message.operation == mm7.SubmitReq(
        sender=mm7.Identification("v", "s", mm7.Address(FROM[1:])),
        recipients=mm7.Recipients((mm7.Address(TO[1:]),)),
        service_code="gold",
        message_class="Informational",
        expiry_date=expires,
        delivery_report=True,
        read_reply=True,
        charged_party="Recipient",
        content=(mm7.Content("cid:content"),),
    )
    assert message.transaction_id == (await rig.message()).key
    assert (message.version, message.namespace) == ("5.3.0", mm7.REL_5)
    assert headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert (headers["X-Carrier"], headers["SOAPAction"]) == ("7", "x")
    assert message.content is not None
    assert [part.content_type.text for part in mm7.leaves(message.content)] == [
        "application/smil",
        "image/gif",
        "text/plain",
    ]
    assert "secret" not in repr(rig.options) + repr(rig.carrier.state())


async def test_every_attempt_has_the_same_transaction(rig: Rig) -> None:
    """By it a relay knows what it has taken already; the content is the same octets."""
    await rig.start()
    for attempt in (1, 2):
        await rig.submit(attempt=attempt)
    await rig.submit(converted=True)
    ids = [message.transaction_id for message in rig.relay.messages]
    assert ids[0] == ids[1] != ids[2]
    assert rig.relay.bodies[0] == rig.relay.bodies[1]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refuse(1100), t.Accepted(("unnamed-{key}",))),
        (refuse(1000), t.Accepted(("unnamed-{key}",))),
        (refuse(2002, "bad"), t.Rejected(30005, "2002 bad")),
        (refuse(2003, "who"), t.Rejected(30005, "2003 who")),
        (refuse(2004, "spam"), t.Rejected(30007, "2004 spam")),
        (refuse(2004, "Too large"), t.Rejected(30019, "2004 Too large")),
        (refuse(2500, "own"), t.Rejected(30011, "2500 own")),
        (refuse(3000, "later"), t.Deferred("3000 later", after=5.0)),
        (refuse(3002, "no"), t.Rejected(30007, "3002 no")),
        (refuse(4006, "away"), t.Deferred("4006 away", after=5.0)),
        (refuse(4001, "you?"), t.Rejected(30008, "4001 you?", elsewhere=True)),
        (refuse(7000, "?"), t.Unknown("7000 ?")),
        (raw(b"", 413), t.Rejected(30019, "HTTP 413")),
        (raw(b"not here", 404), t.Deferred("HTTP 404", after=5.0)),
        (raw(b"", 302, Location="http://127.0.0.1:1/"), t.Deferred("HTTP 302", after=5.0)),
        (raw(b"<html>", 502), t.Unknown("HTTP 502 without an answer that can be read")),
        (raw(b"OK", 200), t.Unknown("HTTP 200 without an answer that can be read")),
        (raw(b"\x1f\x8b", 200), t.Unknown("HTTP 200 without an answer that can be read")),
    ],
    ids=range(18),
)
async def test_what_answers_mean(rig: Rig, answer: Answer, outcome: t.Outcome) -> None:
    """Each kind of answer, with the codes that customers see."""
    await rig.start(codes={2500: 30011})
    rig.relay.answer = answer
    found = await rig.submit()
    if isinstance(outcome, t.Accepted):
        outcome = t.Accepted((f"unnamed-{(await rig.message()).key}",))
    assert found == outcome


@pytest.mark.parametrize(
    ("operation", "outcome"),
    [
        (
            mm7.Fault(reason="no", error=mm7.RsErrorRsp(status=mm7.Status(2007, "corrupt"))),
            t.Rejected(30008, "2007 corrupt"),
        ),
        (mm7.Fault(code="Server", reason="later"), t.Deferred("fault Server: later")),
        (mm7.Fault(reason="bad"), t.Rejected(30008, "fault Client: bad")),
        (
            mm7.Fault(error=mm7.RsErrorRsp(status=mm7.Status(1000))),
            t.Unknown("a fault with status 1000"),
        ),
        (mm7.CancelReq(message_id="x"), t.Unknown("the relay answered CancelReq")),
    ],
)
async def test_faults(rig: Rig, operation: mm7.Operation, outcome: t.Outcome) -> None:
    """Read whatever the HTTP status; one that says success says nothing."""
    await rig.start()

    async def answer(_: object, message: mm7.Message, __: int) -> object:
        response = said(operation, message.transaction_id)
        response.set_status(500)
        return response

    rig.relay.answer = answer  # type: ignore[assignment]
    assert await rig.submit() == outcome


async def test_the_answer_to_another_transaction(rig: Rig) -> None:
    """It says nothing of ours."""
    await rig.start()

    async def answer(_: object, __: object, number: int) -> object:
        return said(mm7.SubmitRsp(status=mm7.Status.of(1000), message_id=f"m{number}"), "other")

    rig.relay.answer = answer  # type: ignore[assignment]
    assert await rig.submit() == t.Unknown("the relay answered another transaction")


async def test_a_throttle(rig: Rig) -> None:
    """A carrier's own code for it stops the link for a moment, and uses up no try."""
    await rig.start(classes={3510: StatusClass.THROTTLE}, patience=0.1)
    rig.relay.answer = refuse(3510, "slower")
    outcome = await rig.submit()
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert outcome.after is not None
    assert outcome.after >= 0.9
    rig.relay.answer = accept
    waiting = await rig.submit(2)
    assert isinstance(waiting, t.Deferred)
    assert waiting.throttled
    assert len(rig.relay.messages) == 1
    assert rig.carrier.state().paused > 0
    assert rig.carrier.state().counters.throttled == 1


async def test_too_many_requests(rig: Rig) -> None:
    """HTTP's own word for it, with its own delay."""
    await rig.start()
    rig.relay.answer = raw(b"", 429, Retry_After="7")
    assert await rig.submit() == t.Deferred("HTTP 429", throttled=True, after=7.0)


async def test_a_window(rig: Rig) -> None:
    """So many at a time, on connections that are kept."""
    await rig.start(window=3)

    async def slow(request: object, message: mm7.Message, number: int) -> object:
        await asyncio.sleep(0.01)
        return await accept(request, message, number)  # type: ignore[arg-type]

    rig.relay.answer = slow  # type: ignore[assignment]
    outcomes = await asyncio.gather(*(rig.submit(number) for number in range(1, 31)))
    assert {type(outcome) for outcome in outcomes} == {t.Accepted}
    assert rig.relay.busiest == 3
    assert len(rig.relay.connections) == 3
    assert rig.carrier.state().outstanding == 0


async def test_a_rate(rig: Rig) -> None:
    """Requests are spaced, whatever the window allows."""
    await rig.start(window=100, rate=100.0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(rig.submit(number) for number in range(1, 22)))
    assert loop.time() - began > 0.18


async def test_what_never_leaves(rig: Rig) -> None:
    """Text, what is too large, and media that are gone."""
    await rig.start(max_bytes=2000)
    assert await rig.submit(kind=t.Kind.SMS) == t.Rejected(30008, "this link carries pictures only")
    large = await rig.submit(content=bytes(2000))
    assert isinstance(large, t.Rejected)
    assert large.code == 30019
    gone = await rig.message()
    await rig.blobs.delete(gone.media[0].digest)  # type: ignore[arg-type]
    assert isinstance(await rig.carrier.submit(gone), t.Rejected)
    assert rig.relay.messages == []
    reach = await rig.carrier.reach(TO)
    assert (reach.mms, reach.profile, reach.max_bytes) == (True, "standard", 2000)


async def test_cancel_and_replace(rig: Rig) -> None:
    """A message that nobody has fetched yet is taken back, or gets another content."""
    await rig.start(vas_id="s")
    assert isinstance(await rig.carrier.cancel("m9"), t.Accepted)
    assert isinstance(await rig.carrier.replace("m9", await rig.message()), t.Accepted)
    cancel, replace = rig.relay.messages
    who = mm7.Identification("v", "s")
    assert cancel.operation == mm7.CancelReq(sender=who, message_id="m9")
    assert replace.operation == mm7.ReplaceReq(
        sender=who, message_id="m9", content=(mm7.Content("cid:content"),)
    )
    assert replace.content is not None
    rig.relay.answer = refuse(2005, "gone")
    assert await rig.carrier.cancel("m9") == t.Rejected(30008, "2005 gone")
