"""The simulated centre and the platform's own MM4 link, over real sockets, on a real store."""

from collections.abc import AsyncIterator
from typing import Any, Literal
from uuid import UUID

import msgspec
import pytest
from tests.pairs.carrier_mm4 import OURS, THEIRS
from tests.pairs.simulator_rig import (
    DOZEN,
    FROM,
    NO_MMS,
    PHONE,
    SMALL,
    Rig,
    first_start,
    insisted,
    rigged,
)

from magpie.carriers import traffic as t
from magpie.carriers.mm4 import LinkOptions, Mm4Carrier
from magpie.carriers.mms import Contents
from magpie.carriers.traffic import ReceiptState
from magpie.dispatch import inbound_store
from magpie.kit import clock
from magpie.kit.blobs import Digest
from magpie.kit.db import Database
from magpie.protocols import smil
from magpie.simulator import store
from magpie.simulator.mmsc.mm4 import Centre, NotTaken
from magpie.simulator.mmsc.mm4_options import CentreOptions, Mm4Peer
from magpie.simulator.profile import Faults, Profile, When

PICTURE = t.InboundMedia(content_type="image/gif", content=b"GIF89a", name="a.gif")


class Remembering:
    """What a platform does with what phones send: the key and the effect in one commit.

    `forgets` says how many more commits are followed by an error, as if the yes were lost.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.receipts: list[t.Receipt] = []
        self.fresh: list[t.Inbound] = []
        self.inbounds: list[t.Inbound] = []
        self.forgets = 0
        self.deaf = 0

    async def receipt(self, receipt: t.Receipt) -> None:
        if self.deaf:
            self.deaf -= 1
            raise ConnectionError("the store is away")
        self.receipts.append(receipt)

    async def inbound(self, inbound: t.Inbound) -> None:
        self.inbounds.append(inbound)
        async with self._database.transaction() as connection:
            key = (inbound.carrier, inbound.key)
            if await inbound_store.fresh(connection, [key], clock.now()):
                self.fresh.append(inbound)
        if self.forgets:
            self.forgets -= 1
            raise ConnectionError("the yes is lost")


class World:
    """`link` is the platform's, `centre` the other centre with the phones."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.taken = Remembering(rig.database)
        self.centres: list[Centre] = []
        self.links: list[Mm4Carrier] = []

    async def start(self, centre: dict[str, Any] | None = None, **link: Any) -> None:
        options = CentreOptions(domain=THEIRS, **(centre or {}))
        self.centre = Centre(options, self.rig.network, self.rig.blobs)
        self.centres.append(self.centre)
        usual: dict[str, Any] = {
            "name": "north",
            "host": "127.0.0.1",
            "port": await self.centre.start(),
            "domain": THEIRS,
            "own_domain": OURS,
            "listen_port": 0,
            "outage": (0.05, 0.1),
            "timeout": 5.0,
            "drain": 0.5,
        }
        self.link = Mm4Carrier(LinkOptions(**{**usual, **link}), Contents(self.rig.blobs))
        self.links.append(self.link)
        await self.link.start(self.taken)
        self.centre.join(Mm4Peer(domain=OURS, port=self.link.port or 1, numbers=frozenset({FROM})))
        self.rig.network.join_inbox(self.centre.claim)

    async def stop(self) -> None:
        for link in self.links:
            await link.stop()
        for centre in self.centres:
            await centre.stop()

    async def behave(self, **profile: Any) -> None:
        """How the carrier of the first phone does from now on."""
        made = Profile(name="simulator", **profile)
        await store.put_profile(
            self.rig.database, made.name, msgspec.to_builtins(made), clock.now()
        )
        self.rig.directory.forget()

    async def submit(
        self, to: str = PHONE, id_: UUID | None = None, content: bytes = b"GIF89a", attempt: int = 1
    ) -> t.Outcome:
        digest = await self.rig.blobs.put(content)
        part = t.MediaPart(content_type="image/gif", size=len(content), digest=digest, name="a.gif")
        submission = t.Submission(
            account_sid="AC",
            message_id=id_ or clock.uuid7(),
            attempt=attempt,
            kind=t.Kind.MMS,
            from_=FROM,
            to=to,
            body="look",
            media=(part,),
            smil=smil.presentation([smil.Part("image/gif", "a.gif")]),
        )
        return await self.link.submit(submission)

    async def receipts(self, number: int) -> list[tuple[str, ReceiptState, int | None]]:
        await self.rig.until(lambda: len(self.taken.receipts) >= number)
        return [(one.carrier_id, one.state, one.code) for one in self.taken.receipts]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    await first_start(database)
    async with rigged(database) as rig:
        made = World(rig)
        yield made
        await made.stop()


async def test_a_picture_reaches_the_phone(world: World) -> None:
    """Sent by MM4 it is on the phone, text and all; its report comes back to our port."""
    await world.start()
    id_ = clock.uuid7()
    assert await world.submit(id_=id_) == t.Accepted((f"{id_.hex}@{OURS}",))
    [got] = await world.rig.phone(PHONE)
    assert (got.from_, got.body, got.type) == (FROM, "look", "mms")
    [part] = got.parts
    assert (part["content_type"], part["name"]) == ("image/gif", "a.gif")
    assert await world.rig.blobs.get(Digest(part["digest"])) == b"GIF89a"
    assert await world.receipts(1) == [(f"{id_.hex}@{OURS}", ReceiptState.DELIVERED, None)]
    await world.rig.until(lambda: world.centre.heard)


async def test_a_picture_that_is_read(world: World) -> None:
    """Where phones say so and we ask for it, a second report follows."""
    await world.start({"reads": True}, read_reply=True)
    assert isinstance(await world.submit(), t.Accepted)
    states = [state for _, state, _ in await world.receipts(2)]
    assert states == [ReceiptState.DELIVERED, ReceiptState.READ]


async def test_a_phone_sends_a_picture(world: World) -> None:
    """To a number of ours it goes by MM4; the phone is told once it is committed."""
    await world.start()
    await world.rig.network.send(PHONE, FROM, "hi", [PICTURE])
    [inbound] = world.taken.fresh
    assert (inbound.carrier, inbound.from_, inbound.to) == ("north", PHONE, FROM)
    assert (inbound.body, inbound.media) == ("hi", (PICTURE,))
    await world.rig.until(lambda: world.centre.heard)
    assert world.centre.heard[0].status == "Ok"


async def test_a_yes_that_is_lost(world: World) -> None:
    """Committed, and the other centre never heard of it: it sends again, and it is stored once."""
    await world.start()
    world.taken.forgets = 1
    with pytest.raises(NotTaken, match="451"):
        await world.rig.network.send(PHONE, FROM, "hi", [PICTURE])
    [inbound] = world.taken.inbounds
    claim = world.centre.claim(FROM, t.Kind.MMS)
    assert claim is not None
    key = inbound.key.partition(":")[2].partition("@")[0]
    again = msgspec.structs.replace(inbound, key=key)
    await claim(again)
    assert len(world.taken.inbounds) == 2
    assert len(world.taken.fresh) == 1


@pytest.mark.parametrize("deduplicates", [True, False])
async def test_the_same_message_twice(world: World, deduplicates: bool) -> None:
    """A centre that knows it says the same again, another one puts it on the phone twice."""
    await world.start()
    await world.behave(deduplicates=deduplicates)
    id_ = clock.uuid7()
    first, second = [await world.submit(id_=id_, attempt=attempt) for attempt in (1, 2)]
    assert first == second
    assert len(await world.rig.phone(PHONE)) == (1 if deduplicates else 2)


@pytest.mark.parametrize("errors", ["reply", "answer"])
@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        (Faults(refuse=1.0), (t.Rejected, 30007)),
        (Faults(refuse=1.0, refuse_code=30005), (t.Rejected, 30005)),
        (Faults(refuse=1.0, refuse_code=30011), (t.Rejected, 30011)),
        (Faults(temporary=1.0), (t.Deferred, False)),
        (Faults(disconnect=1.0), (t.Unknown, None)),
        (Faults(silence=1.0), (t.Unknown, None)),
    ],
)
async def test_faults(
    world: World,
    faults: Faults,
    outcome: tuple[type, object],
    errors: Literal["reply", "answer"],
) -> None:
    """What the carrier's profile says arrives as the outcome that it means, told either way."""
    await world.start({"errors": errors}, timeout=2.0, ack_wait=5.0)
    await world.behave(faults=faults)
    found = await world.submit()
    told = getattr(found, "code", getattr(found, "throttled", None))
    assert (type(found), told) == outcome


async def test_a_throttle(world: World) -> None:
    """A centre that wants less is left alone for a moment."""
    await world.start()
    await world.behave(faults=Faults(throttle=When(attempts=1)))
    id_ = clock.uuid7()
    outcome = await world.submit(id_=id_)
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert isinstance(await world.submit(id_=id_, attempt=2), t.Accepted)


async def test_after_a_lost_reply(world: World) -> None:
    """A silent centre has taken the message; the second try with the same id says so."""
    await world.start(timeout=2.0)
    await world.behave(faults=Faults(silence=When(attempts=1)))
    id_ = clock.uuid7()
    assert isinstance(await world.submit(id_=id_), t.Unknown)
    assert isinstance(await world.submit(id_=id_, attempt=2), t.Accepted)
    assert len(await world.rig.phone(PHONE)) == 1


@pytest.mark.parametrize("fault", ["disconnect", "garbage", "cut"])
async def test_spoiled_replies(world: World, fault: str) -> None:
    """Half of the replies are none: sent again, each message is on the phone once."""
    await world.start()
    await world.behave(faults=msgspec.convert({fault: 0.5}, Faults))
    assert await insisted(lambda id_, attempt: world.submit(id_=id_, attempt=attempt)) > 3
    assert len(await world.rig.phone(PHONE)) == len(DOZEN)
    assert not world.link.state().down


async def test_garbage(world: World) -> None:
    """A reply that is none: nobody knows whether the message was taken."""
    await world.start({"garbage": True})
    assert isinstance(await world.submit(), t.Unknown)
    assert len(await world.rig.phone(PHONE)) == 1


@pytest.mark.parametrize(("octets", "kind"), [(10, t.Deferred), (900, t.Unknown)])
async def test_a_centre_that_hangs_up(world: World, octets: int, kind: type) -> None:
    """Before the mail nothing was sent; in the middle of it nobody knows."""
    await world.start({"drop_after": octets})
    assert isinstance(await world.submit(content=bytes(100_000)), kind)
    assert await world.rig.phone(PHONE) == []


@pytest.mark.parametrize(
    ("receipts", "number"), [("normal", 1), ("duplicate", 2), ("before_response", 1), ("none", 0)]
)
async def test_reports(world: World, receipts: str, number: int) -> None:
    """Once, twice, before the reply to the message, or never."""
    await world.start()
    await world.behave(receipts=receipts)
    outcome = await world.submit()
    assert isinstance(outcome, t.Accepted)
    if receipts == "before_response":
        assert world.taken.receipts
    assert await world.receipts(number) == [(outcome.ids[0], ReceiptState.DELIVERED, None)] * number


@pytest.mark.parametrize("code", [30003, 30007, 30011])
async def test_reports_of_failure(world: World, code: int) -> None:
    """Each reason comes back as it went out."""
    await world.start()
    await world.behave(faults=Faults(undelivered=1.0, undelivered_code=code))
    assert isinstance(await world.submit(), t.Accepted)
    [(_, state, found)] = await world.receipts(1)
    assert (state, found) == (ReceiptState.UNDELIVERED, code)


async def test_a_report_that_cannot_be_committed(world: World) -> None:
    """The centre comes again until it can."""
    await world.start()
    world.taken.deaf = 2
    assert isinstance(await world.submit(), t.Accepted)
    assert len(await world.receipts(1)) == 1
    assert world.link.state().counters.turned_away == 2


async def test_phones_that_cannot(world: World) -> None:
    """No MMS there, too large for the carrier, or nobody's number."""
    await world.start()
    outcomes = [
        await world.submit(NO_MMS),
        await world.submit(SMALL, content=bytes(400_000)),
        await world.submit("+15550009999"),
    ]
    assert [getattr(one, "code", one) for one in outcomes] == [30011, 30019, 30005]


async def test_a_slow_centre(world: World) -> None:
    """It is waited for, as long as the settings say."""
    await world.start()
    await world.behave(latency=0.3)
    assert isinstance(await world.submit(), t.Accepted)


async def test_a_stranger(world: World) -> None:
    """A centre that nobody has joined sends nothing there."""
    await world.start(own_domain="mms.stranger.example")
    outcome = await world.submit()
    assert isinstance(outcome, t.Rejected)
    assert outcome.code == 30007
