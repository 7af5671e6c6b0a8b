"""The simulated network against a real store: what phones get, and what the platform is told."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest
from tests.pairs.simulator_rig import (
    FROM,
    NO_MMS,
    PHONE,
    SMALL,
    Rig,
    first_start,
    picture,
    rigged,
    text,
)

from magpie.carriers.traffic import (
    Accepted,
    InboundMedia,
    Kind,
    ReceiptState,
    Rejected,
    Unknown,
)
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.blobs import Digest, digest_of
from magpie.kit.db import Database
from magpie.simulator import network, store, verdict
from magpie.simulator.model import AIRPLANE, Handset
from magpie.simulator.profile import Faults, Profile, When


@pytest.fixture
async def rig(database: Database) -> AsyncIterator[Rig]:
    await first_start(database)
    async with rigged(database) as made:
        yield made


async def behave(rig: Rig, profile: Profile) -> None:
    await store.put_profile(rig.database, profile.name, msgspec.to_builtins(profile), clock.now())
    rig.directory.forget()


async def test_a_text_reaches_the_phone(rig: Rig) -> None:
    """A text is on the phone when its submission returns, and its receipt follows."""
    outcome = await rig.link.submit(text())
    (got,) = await rig.phone(PHONE)
    assert (got.from_, got.body, got.type, got.parts) == (FROM, "hello", "sms", [])
    await rig.until(lambda: rig.platform.receipts)
    (receipt,) = rig.platform.receipts
    assert outcome == Accepted((receipt.carrier_id,))
    assert (receipt.state, receipt.code) == (ReceiptState.DELIVERED, None)


async def test_a_picture_keeps_its_digest(rig: Rig) -> None:
    """A phone's copy of a picture names the very bytes that were submitted."""
    assert isinstance(await rig.link.submit(picture(PHONE)), Accepted)
    (got,) = await rig.phone(PHONE)
    assert got.type == "mms"
    assert got.parts == [
        {"content_type": "image/png", "size": 3, "digest": digest_of(b"xxx"), "name": "a.png"}
    ]


async def test_a_picture_whose_bytes_are_gone(rig: Rig) -> None:
    """It is refused, for no phone can show it."""
    assert isinstance(await rig.link.submit(picture(PHONE, 4)), Rejected)
    assert await rig.phone(PHONE) == []


@pytest.mark.parametrize(("to", "size", "code"), [(NO_MMS, 3, 30011), (SMALL, 300_001, 30019)])
async def test_pictures_that_cannot_be_carried(rig: Rig, to: str, size: int, code: int) -> None:
    """A carrier refuses what it cannot carry, and the phone does not see it."""
    outcome = await rig.link.submit(picture(to, size))
    assert isinstance(outcome, Rejected)
    assert outcome.code == code
    assert await rig.phone(to) == []


async def test_nobody_there(rig: Rig) -> None:
    """A number without a phone is taken, and then reported as unknown."""
    assert isinstance(await rig.link.submit(text("+15551230000")), Accepted)
    await rig.until(lambda: rig.platform.receipts)
    assert (rig.platform.receipts[0].state, rig.platform.receipts[0].code) == (
        ReceiptState.UNDELIVERED,
        30005,
    )


async def test_airplane_mode(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone that is off gets nothing, and the sender hears so once the network has looked."""
    monkeypatch.setattr(verdict, "SEARCH_SECONDS", 0.05)
    off = Handset(PHONE, "simulator", clock.now(), AIRPLANE)
    await store.put_handset(rig.database, off)
    rig.directory.forget()
    assert isinstance(await rig.link.submit(text()), Accepted)
    await rig.until(lambda: rig.platform.receipts)
    assert rig.platform.receipts[0].code == 30003
    assert await rig.phone(PHONE) == []


@pytest.mark.parametrize(("deduplicates", "on_phone"), [(True, 1), (False, 2)])
async def test_the_same_submission_twice(rig: Rig, *, deduplicates: bool, on_phone: int) -> None:
    """A resent message is on the phone once, unless its carrier does not know duplicates."""
    await behave(rig, Profile(name="simulator", deduplicates=deduplicates))
    id_ = clock.uuid7()
    first = await rig.link.submit(text(id_=id_))
    second = await rig.link.submit(text(id_=id_, attempt=2))
    assert len(await rig.phone(PHONE)) == on_phone
    assert (first == second) is deduplicates


async def test_a_liar(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A carrier that never answers has the message all the same."""
    monkeypatch.setattr(network, "_SILENCE_SECONDS", 0.01)
    await behave(rig, Profile(name="simulator", faults=Faults(silence=1.0)))
    assert isinstance(await rig.link.submit(text()), Unknown)
    assert len(await rig.phone(PHONE)) == 1


async def test_throttled_at_first(rig: Rig) -> None:
    """A message that is throttled once is not on the phone before its second try."""
    await behave(rig, Profile(name="simulator", faults=Faults(throttle=When(attempts=1))))
    id_ = clock.uuid7()
    outcome = await rig.link.submit(text(id_=id_))
    assert getattr(outcome, "throttled", False)
    assert await rig.phone(PHONE) == []
    assert isinstance(await rig.link.submit(text(id_=id_, attempt=2)), Accepted)
    assert len(await rig.phone(PHONE)) == 1


async def test_a_receipt_before_the_answer(rig: Rig) -> None:
    """A hasty carrier's receipt is there before its answer."""
    await behave(rig, Profile(name="simulator", receipts="before_response"))
    await rig.link.submit(text())
    assert len(rig.platform.receipts) == 1


async def test_two_receipts(rig: Rig) -> None:
    """A carrier that repeats itself sends the same receipt twice."""
    await behave(rig, Profile(name="simulator", receipts="duplicate"))
    await rig.link.submit(text())
    await rig.until(lambda: len(rig.platform.receipts) == 2)
    assert rig.platform.receipts[0] == rig.platform.receipts[1]


async def test_a_platform_that_cannot_commit(rig: Rig) -> None:
    """A receipt that the platform could not take is handed over again, and only that one."""
    rig.platform.deaf = 1
    await asyncio.gather(*(rig.link.submit(text()) for _ in range(5)))
    await rig.until(lambda: len(rig.platform.receipts) == 5)
    assert len({receipt.carrier_id for receipt in rig.platform.receipts}) == 5


async def test_receipts_survive_a_restart(database: Database) -> None:
    """Receipts that are owed when the platform stops are handed over after it starts again."""
    await first_start(database)
    async with rigged(database, at_work=False) as before:
        await asyncio.gather(*(before.link.submit(text()) for _ in range(10)))
        assert before.platform.receipts == []
    async with rigged(database) as after:
        await after.until(lambda: len(after.platform.receipts) == 10)


async def test_many_at_once(rig: Rig) -> None:
    """A thousand submissions at once are all on the phone, each once."""
    outcomes = await asyncio.gather(*(rig.link.submit(text()) for _ in range(1000)))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    count = await rig.database.fetchval("select count(*) from handset_messages")
    assert count == 1000
    await rig.until(lambda: len(rig.platform.receipts) == 1000)


async def test_a_phone_sends(rig: Rig) -> None:
    """What a phone sends is handed to the platform under a key, and kept on the phone."""
    media = [InboundMedia(content_type="image/png", content=b"png")]
    sent = await rig.network.send(PHONE, FROM, "hi", media)
    (inbound,) = rig.platform.inbounds
    assert (inbound.from_, inbound.to, inbound.body) == (PHONE, FROM, "hi")
    assert (inbound.kind, inbound.key) == (Kind.MMS, sent.id.hex)
    kept = await store.message(rig.database, PHONE, UUID(inbound.key))
    assert kept == sent
    assert await rig.blobs.get(Digest(sent.parts[0]["digest"])) == b"png"


async def test_from_phone_to_phone(rig: Rig) -> None:
    """A text from one phone to another does not pass through the platform."""
    await rig.network.send(PHONE, NO_MMS, "hi", [])
    (got,) = await rig.phone(NO_MMS)
    assert (got.from_, got.to, got.body) == (PHONE, NO_MMS, "hi")
    assert rig.platform.inbounds == []


async def test_nobody_connected(database: Database) -> None:
    """Without a platform on the network, what a phone sends is refused and not lost in silence."""
    await first_start(database)
    alone = Rig(database, at_work=False)
    with pytest.raises(Refused) as refused:
        await alone.network.send(PHONE, FROM, "hi", [])
    assert refused.value.status == 503
