"""The simulated relay and the platform's own MM7 link, over real sockets, on a real store."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from aiohttp import ClientSession
from tests.pairs.carrier_mm7 import Door
from tests.pairs.carrier_smpp import self_signed
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
from magpie.carriers.mm7 import LinkOptions, Mm7Carrier
from magpie.carriers.mms import Contents
from magpie.carriers.traffic import ReceiptState
from magpie.kit import clock
from magpie.kit.blobs import Digest
from magpie.kit.db import Database
from magpie.kit.egress import Policy
from magpie.protocols import mm7, smil
from magpie.settings import Secret, TlsFiles
from magpie.simulator import store
from magpie.simulator.mmsc.mm7 import Relay
from magpie.simulator.mmsc.mm7_options import RelayOptions, VaspAccount
from magpie.simulator.profile import Faults, Profile, When

PICTURE = t.InboundMedia(content_type="image/gif", content=b"GIF89a", name="a.gif")
V = mm7.Identification("v")
THROTTLE = {3510: mm7.StatusClass.THROTTLE}


class World:
    """An application with an account at the relay; `link` is the application's."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.taken = rig.platform
        self.relays: list[Relay] = []
        self.links: list[Mm7Carrier] = []
        self.doors: list[Door] = []

    async def start(self, relay: dict[str, Any] | None = None, **link: Any) -> None:
        self.link = self.linked("http://127.0.0.1:1/")
        door = await Door.open(self.link)
        self.doors.append(door)
        account = VaspAccount(
            vasp_id="v",
            username="me",
            password=Secret("secret"),
            url=door.url,
            peer_username="relay",
            peer_password=Secret("other"),
            numbers=frozenset({FROM}),
        )
        options = msgspec.structs.replace(RelayOptions(accounts=(account,)), **(relay or {}))
        self.relay = Relay(options, self.rig.network, self.rig.blobs)
        self.relays.append(self.relay)
        self.port = await self.relay.start()
        self.rig.network.join_inbox(self.relay.claim)
        url = link.pop("url", "http://127.0.0.1:{}/mm7").format(self.port)
        self.link = door.carrier = self.linked(url, **link)
        await self.link.start(self.taken)

    def linked(self, url: str, **changes: Any) -> Mm7Carrier:
        usual = LinkOptions(
            name="north",
            url=url,
            username="me",
            password=Secret("secret"),
            vasp_id="v",
            classes=THROTTLE,
            peer_username="relay",
            peer_password=Secret("other"),
            outage=(0.05, 0.1),
            timeout=5.0,
        )
        options = msgspec.structs.replace(usual, **changes)
        made = Mm7Carrier(options, Contents(self.rig.blobs), Policy(allow_loopback=True))
        self.links.append(made)
        return made

    async def stop(self) -> None:
        for link in self.links:
            await link.stop()
        for relay in self.relays:
            await relay.stop()
        for door in self.doors:
            await door.close()

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
    """Submitted by MM7 it is on the phone, text and all; its report comes back to our door."""
    await world.start()
    outcome = await world.submit()
    assert isinstance(outcome, t.Accepted)
    [got] = await world.rig.phone(PHONE)
    assert (got.from_, got.body, got.type) == (FROM, "look", "mms")
    [part] = got.parts
    assert (part["content_type"], part["name"]) == ("image/gif", "a.gif")
    assert await world.rig.blobs.get(Digest(part["digest"])) == b"GIF89a"
    assert await world.receipts(1) == [(outcome.ids[0], ReceiptState.DELIVERED, None)]


async def test_a_phone_sends_a_picture(world: World) -> None:
    """To the number of an application it goes by MM7; the phone is told once it is committed."""
    await world.start()
    await world.rig.network.send(PHONE, FROM, "hi", [PICTURE])
    [inbound] = world.taken.inbounds
    assert (inbound.carrier, inbound.from_, inbound.to) == ("north", PHONE, FROM)
    assert (inbound.body, inbound.media) == ("hi", (PICTURE,))


async def test_a_text_goes_another_way(world: World) -> None:
    """MM7 has pictures only."""
    await world.start()
    await world.rig.network.send(PHONE, FROM, "hi", [])
    assert [one.carrier for one in world.taken.inbounds] == ["simulator"]


@pytest.mark.parametrize("deduplicates", [True, False])
async def test_the_same_transaction_twice(world: World, deduplicates: bool) -> None:
    """A relay that knows it gives the same answer, another one puts it on the phone twice."""
    await world.start()
    await world.behave(deduplicates=deduplicates)
    id_ = clock.uuid7()
    first, second = [await world.submit(id_=id_, attempt=attempt) for attempt in (1, 2)]
    assert (first == second) is deduplicates
    assert len(await world.rig.phone(PHONE)) == (1 if deduplicates else 2)


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        (Faults(refuse=1.0), (t.Rejected, 30007)),
        (Faults(refuse=1.0, refuse_code=30005), (t.Rejected, 30005)),
        (Faults(temporary=1.0), (t.Deferred, False)),
        (Faults(throttle=1.0), (t.Deferred, True)),
        (Faults(disconnect=1.0), (t.Unknown, None)),
        (Faults(silence=1.0), (t.Unknown, None)),
    ],
)
async def test_faults(world: World, faults: Faults, outcome: tuple[type, object]) -> None:
    """What the carrier's profile says arrives as the outcome that it means."""
    await world.start(timeout=2.0)
    await world.behave(faults=faults)
    found = await world.submit()
    told = getattr(found, "code", getattr(found, "throttled", None))
    assert (type(found), told) == outcome


async def test_after_a_lost_answer(world: World) -> None:
    """A silent relay has taken the message; the second try with the same transaction says so."""
    await world.start(timeout=2.0)
    await world.behave(faults=Faults(silence=When(attempts=1)))
    id_ = clock.uuid7()
    assert isinstance(await world.submit(id_=id_), t.Unknown)
    assert isinstance(await world.submit(id_=id_, attempt=2), t.Accepted)
    assert len(await world.rig.phone(PHONE)) == 1


@pytest.mark.parametrize("fault", ["disconnect", "garbage", "cut"])
async def test_spoiled_answers(world: World, fault: str) -> None:
    """Half of the answers are none: sent again, each message is on the phone once."""
    await world.start()
    await world.behave(faults=msgspec.convert({fault: 0.5}, Faults))
    assert await insisted(lambda id_, attempt: world.submit(id_=id_, attempt=attempt)) > 3
    assert len(await world.rig.phone(PHONE)) == len(DOZEN)
    assert not world.link.state().down


@pytest.mark.parametrize("relay", [{"garbage": True}, {"drop_after": 0}, {"drop_after": 200}])
async def test_answers_that_are_none(world: World, relay: dict[str, Any]) -> None:
    """Rubbish, or half of an answer: nobody knows whether the message was taken."""
    await world.start(relay)
    assert isinstance(await world.submit(), t.Unknown)
    assert len(await world.rig.phone(PHONE)) == 1


@pytest.mark.parametrize(
    ("receipts", "number"), [("normal", 1), ("duplicate", 2), ("before_response", 1), ("none", 0)]
)
async def test_reports(world: World, receipts: str, number: int) -> None:
    """Once, twice, before the answer to the message, or never."""
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
    """The relay comes again until it can."""
    await world.start()
    world.taken.deaf = 2
    assert isinstance(await world.submit(), t.Accepted)
    assert len(await world.receipts(1)) == 1
    assert world.link.state().counters.turned_away == 2


async def test_phones_that_cannot(world: World) -> None:
    """No MMS there, too large for the carrier, or nobody's number."""
    await world.start()
    assert isinstance(await world.submit(NO_MMS), t.Rejected)
    large = await world.submit(SMALL, content=bytes(400_000))
    assert isinstance(large, t.Rejected)
    assert isinstance(await world.submit("+15550009999"), t.Accepted)
    [(_, state, _)] = await world.receipts(1)
    assert state is ReceiptState.UNDELIVERED


async def test_strangers(world: World) -> None:
    """A wrong password stops the link, a VASP that nobody knows is refused."""
    await world.start(password=Secret("wrong"), outage=(5.0, 5.0))
    wrong = await world.submit()
    assert isinstance(wrong, t.Deferred)
    assert world.link.state().down
    await world.start(vasp_id="stranger")
    unknown = await world.submit()
    assert isinstance(unknown, t.Rejected)
    assert unknown.detail.startswith("4001")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"rubbish", 500, 2007),
        (
            mm7.write_envelope(
                mm7.SubmitReq(
                    sender=mm7.Identification("v"),
                    recipients=mm7.Recipients((mm7.Address(PHONE), mm7.Address(SMALL))),
                ),
                "t",
                mm7.Dialect(),
            ),
            200,
            3003,
        ),
        (mm7.write_envelope(mm7.CancelReq(message_id="m"), "t", mm7.Dialect()), 200, 4001),
        (
            mm7.write_envelope(mm7.CancelReq(sender=V, message_id="m"), "t", mm7.Dialect()),
            200,
            2005,
        ),
        (
            mm7.write_envelope(mm7.ReplaceReq(sender=V, message_id="m"), "t", mm7.Dialect()),
            200,
            2005,
        ),
        (
            mm7.write_envelope(mm7.DeliverReq(sender=mm7.Address(PHONE)), "t", mm7.Dialect()),
            200,
            4003,
        ),
    ],
)
async def test_what_the_relay_does_not_take(
    world: World, body: bytes, status: int, code: int
) -> None:
    """Rubbish gets a fault, several recipients or another operation their own answer."""
    await world.start(relay={"accounts": (VaspAccount(vasp_id="v"),)})
    url = f"http://127.0.0.1:{world.port}/"
    async with ClientSession() as session, session.post(url, data=body) as answer:
        found = mm7.read_message("", await answer.read()).operation
        assert answer.status == status
    if isinstance(found, mm7.Fault):
        assert isinstance(found.error, mm7.RsErrorRsp)
        found = found.error
    assert isinstance(found, mm7.Response)
    assert found.status.code == code


@pytest.mark.parametrize(
    ("dialect", "namespace", "version"),
    [
        (mm7.Dialect(namespace=mm7.REL_5, version="5.3.0", prefix="mm7"), mm7.REL_5, "5.3.0"),
        (mm7.Dialect(namespace="urn:odd", version="6.5.0"), mm7.REL_6, "6.5.0"),
        (mm7.Dialect(namespace="", version=""), mm7.REL_6, "6.8.0"),
    ],
)
async def test_an_answer_in_the_release_of_the_request(
    world: World, dialect: mm7.Dialect, namespace: str, version: str
) -> None:
    """Of the standard's namespaces; who has none, or another, gets that of the relay."""
    await world.start(relay={"accounts": (VaspAccount(vasp_id="v"),)})
    body = mm7.write_envelope(mm7.CancelReq(sender=V, message_id="m"), "t", dialect)
    url = f"http://127.0.0.1:{world.port}/"
    async with ClientSession() as session, session.post(url, data=body) as answer:
        found = mm7.read_message("", await answer.read())
    assert (found.namespace, found.version, found.transaction_id) == (namespace, version, "t")


async def test_certificates(world: World, tmp_path: Path) -> None:
    """A relay that asks for the application's certificate, and gets it."""
    certificate, key = self_signed(tmp_path)
    files = TlsFiles(ca=certificate, cert=certificate, key=key)
    await world.start({"tls": files}, url="https://localhost:{}/mm7", tls=files)
    assert isinstance(await world.submit(), t.Accepted)
    await world.start({"tls": files}, url="https://localhost:{}/mm7", tls=TlsFiles(ca=certificate))
    assert not isinstance(await world.submit(), t.Accepted)
