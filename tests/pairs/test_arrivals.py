"""What carriers hand in, on a real store: each has its effect once, however it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from magpie.app.platform import Platform
from magpie.carriers.traffic import Fragment, Inbound, Receipt, ReceiptState
from magpie.dispatch import store as dispatch
from magpie.kit import clock
from magpie.messages import compose, store
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message
from magpie.messages.request import SendMessage
from magpie.settings import Secret, Settings

OWN, PHONE = "+15017122661", "+15558675310"


@pytest.fixture
async def platform(database_url: str, tmp_path: Path) -> AsyncIterator[Platform]:
    """All parts, none of them at work: what is put stays where it was put."""
    settings = Settings(data=tmp_path, database_url=Secret(database_url))
    async with AsyncExitStack() as stack:
        yield await Platform.open(settings, 0, stack)


def part(index: int, *, key: str | None = None, total: int = 3) -> Inbound:
    return Inbound(
        carrier="smsc",
        key=key or f"part-{index}",
        from_=PHONE,
        to=OWN,
        body=f"<{index}>",
        fragment=Fragment(reference=7, total=total, index=index),
    )


async def received(platform: Platform) -> list[Message]:
    return await store.page(
        platform.database,
        platform.account.sid,
        store.Filter(from_=PHONE),
        older_than=None,
        newer_than=None,
        most=50,
    )


async def test_a_long_text_is_put_together(platform: Platform) -> None:
    """Parts in any order, one of them twice, become one message."""
    for inbound in (part(3), part(1), part(1, key="part-1-again"), part(2)):
        await platform.arrivals.inbound(inbound)
    (message,) = await received(platform)
    assert message.body == "<1><2><3>"


async def test_parts_at_the_same_time(platform: Platform) -> None:
    """Parts that come together share a commit and still make one message."""
    await asyncio.gather(*(platform.arrivals.inbound(part(n)) for n in (2, 3, 1)))
    assert [message.body for message in await received(platform)] == ["<1><2><3>"]


async def test_a_redelivery_is_known(platform: Platform) -> None:
    """What a carrier delivers again, because our yes was lost, is stored once."""
    inbound = Inbound(carrier="smsc", key="k", from_=PHONE, to=OWN, body="once")
    for _ in range(3):
        await platform.arrivals.inbound(inbound)
    await asyncio.gather(*(platform.arrivals.inbound(inbound) for _ in range(20)))
    assert len(await received(platform)) == 1


async def test_another_carrier_has_other_keys(platform: Platform) -> None:
    """The same key of two carriers names two messages."""
    for carrier in ("one", "two"):
        inbound = Inbound(carrier=carrier, key="k", from_=PHONE, to=OWN, body=carrier)
        await platform.arrivals.inbound(inbound)
    assert len(await received(platform)) == 2


async def test_nobodys_number(platform: Platform) -> None:
    """A message to a number that nobody holds is answered and dropped."""
    inbound = Inbound(carrier="smsc", key="k", from_=PHONE, to="+15005550123", body="hello?")
    await platform.arrivals.inbound(inbound)
    assert await received(platform) == []


async def sending(platform: Platform) -> Message:
    sender = await platform.book.find(platform.account.sid, OWN)
    draft = compose.compose(
        platform.account.sid,
        SendMessage.of(body="out"),
        compose.Origin(address=OWN, sender=sender),
        PHONE,
        status_callback=None,
    )
    return await platform.acceptance.accept(draft)


async def status(platform: Platform, message: Message) -> str:
    found = await store.get(platform.database, message.account_sid, message.id)
    assert found is not None
    return found.status


async def taken(platform: Platform, message: Message, days: int = 0) -> None:
    """The carrier's answer, as it was written so many days ago."""
    now = clock.now() - timedelta(days=days)
    async with platform.database.transaction() as connection:
        key = (message.account_sid, message.id, 1)
        await dispatch.begin(connection, [(*key, "smsc", False, now)])
        await dispatch.answered(connection, [(*key, "accepted", "id-1", now)])


def told(state: ReceiptState) -> Receipt:
    code = 30003 if state is ReceiptState.UNDELIVERED else None
    return Receipt(carrier="smsc", carrier_id="id-1", state=state, code=code)


async def test_receipts_that_overtake_the_answer_keep_their_order(platform: Platform) -> None:
    """Parked together, the first final word still counts."""
    message = await sending(platform)
    words = [ReceiptState.DELIVERED, ReceiptState.DELIVERED, *[ReceiptState.UNDELIVERED] * 20]
    await asyncio.gather(*(platform.arrivals.receipt(told(word)) for word in words))
    await taken(platform, message)
    async with asyncio.timeout(20):
        while await status(platform, message) == Status.QUEUED:
            await asyncio.sleep(0.01)
    assert await status(platform, message) == Status.DELIVERED


async def test_a_receipt_does_not_overtake_a_parked_one(platform: Platform) -> None:
    """What comes when the message is known waits for what came before that."""
    message = await sending(platform)
    now = clock.now()
    first = msgspec.to_builtins(told(ReceiptState.DELIVERED))
    async with platform.database.transaction() as connection:
        await dispatch.park(connection, [("smsc", "id-1", first, now)])
    await taken(platform, message)
    await platform.arrivals.receipt(told(ReceiptState.UNDELIVERED))
    assert await status(platform, message) == Status.DELIVERED
    assert await dispatch.parked_counts(platform.database) == {}


async def test_an_id_that_a_carrier_uses_again(platform: Platform) -> None:
    """Its receipt is of the message that was sent last; the one before stays as it was."""
    first, second = await sending(platform), await sending(platform)
    await taken(platform, second)
    await taken(platform, first)
    await platform.arrivals.receipt(told(ReceiptState.DELIVERED))
    assert await status(platform, first) == Status.DELIVERED
    assert await status(platform, second) == Status.QUEUED
    later = await sending(platform)
    await taken(platform, later)
    await platform.arrivals.receipt(told(ReceiptState.UNDELIVERED))
    assert await status(platform, later) == Status.UNDELIVERED
    assert await status(platform, first) == Status.DELIVERED


async def test_an_id_that_was_used_long_ago(platform: Platform) -> None:
    """No receipt comes so late: it overtook the answer of another message, and waits for that."""
    old, new = await sending(platform), await sending(platform)
    await taken(platform, old, days=31)
    await platform.arrivals.receipt(told(ReceiptState.DELIVERED))
    assert await platform.receipts.match_parked() == 0
    await taken(platform, new)
    async with asyncio.timeout(5):
        while await status(platform, new) != Status.DELIVERED:
            await platform.receipts.match_parked()
    assert await status(platform, old) == Status.QUEUED


async def test_a_parked_receipt_of_an_id_that_is_used_again(platform: Platform) -> None:
    """It came long before the message: it is of another, and stays where it is."""
    message = await sending(platform)
    old = msgspec.to_builtins(told(ReceiptState.UNDELIVERED))
    async with platform.database.transaction() as connection:
        at = clock.now() - timedelta(hours=1)
        await dispatch.park(connection, [("smsc", "id-1", old, at)])
    await taken(platform, message)
    assert await platform.receipts.match_parked() == 0
    await platform.arrivals.receipt(told(ReceiptState.DELIVERED))
    assert await status(platform, message) == Status.DELIVERED
    assert await dispatch.parked_counts(platform.database) == {"smsc": 1}


async def test_a_receipt_that_overtakes_the_answer_waits(platform: Platform) -> None:
    """It is parked until its message is known, and then has its effect, once."""
    message = await sending(platform)
    receipt = Receipt(carrier="smsc", carrier_id="id-1", state=ReceiptState.DELIVERED)
    await platform.arrivals.receipt(receipt)
    assert await status(platform, message) == Status.QUEUED
    await taken(platform, message)
    async with asyncio.timeout(20):
        while await status(platform, message) != Status.DELIVERED:
            await asyncio.sleep(0.01)
    for _ in range(3):
        await platform.arrivals.receipt(receipt)
    late = Receipt(carrier="smsc", carrier_id="id-1", state=ReceiptState.UNDELIVERED, code=30003)
    await platform.arrivals.receipt(late)
    assert await status(platform, message) == Status.DELIVERED
