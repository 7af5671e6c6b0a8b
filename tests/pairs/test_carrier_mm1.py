"""A link as a handset has it, and the centre that it is on, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from msgspec import structs, to_builtins
from tests.pairs.simulator_rig import (
    DOZEN,
    NO_MMS,
    PHONE,
    Platform,
    Rig,
    first_start,
    insisted,
    picture,
    rigged,
)

from magpie.carriers import traffic as t
from magpie.carriers.door import Knock
from magpie.carriers.mm1 import LinkOptions, Mm1Carrier
from magpie.carriers.mms import Contents
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.egress import Policy
from magpie.protocols import mm1
from magpie.simulator import store
from magpie.simulator.mmsc import mm1_server
from magpie.simulator.mmsc.mm1_server import Mm1Server, Subscriber
from magpie.simulator.profile import BY_NAME, Faults

OWN = "+15017122661"


class Pair:
    """A centre on a port, a link to it, and the platform behind the link."""

    def __init__(self, rig: Rig, server: Mm1Server, link: Mm1Carrier) -> None:
        self.rig = rig
        self.server = server
        self.link = link
        self.platform = Platform()

    async def behave(self, **faults: object) -> None:
        """From now on the carrier of the phones has these faults."""
        profile = structs.replace(BY_NAME["simulator"], faults=Faults(**faults))  # type: ignore[arg-type]
        await store.put_profile(self.rig.database, "simulator", to_builtins(profile), clock.now())
        self.rig.directory.forget()


@pytest.fixture
async def pair(database: Database) -> AsyncIterator[Pair]:
    await first_start(database)
    async with rigged(database) as rig:
        server = Mm1Server((Subscriber(OWN, "http://127.0.0.1:9/"),), rig.network, rig.blobs)
        port = await server.start()
        options = LinkOptions(
            name="north",
            url=f"http://127.0.0.1:{port}/",
            number=OWN,
            headers={mm1_server.HEADER: OWN},
            timeout=2.0,
            drain=0.5,
        )
        link = Mm1Carrier(options, Contents(rig.blobs), Policy(allow_loopback=True))
        made = Pair(rig, server, link)
        await link.start(made.platform)
        yield made
        await link.stop()
        await server.stop()


def knock(octets: bytes, method: str = "POST") -> Knock:
    return Knock(
        method=method, path="", query="", headers={}, body=octets, peer="127.0.0.1", url="http://x/"
    )


async def test_a_picture_goes(pair: Pair) -> None:
    """Through m-send-req to the phone, which shows the very bytes; the centre names it."""
    outcome = await pair.link.submit(picture(PHONE))
    assert isinstance(outcome, t.Accepted)
    assert outcome.ids[0].startswith("simulator-")
    (got,) = await pair.rig.phone(PHONE)
    assert (got.from_, got.body, got.type) == (OWN, "look", "mms")
    assert got.parts[0]["size"] == 3


async def test_an_operator_looks(pair: Pair) -> None:
    """What went and came is traced without people, and counted."""
    await pair.link.submit(picture(PHONE))
    out, answer = pair.link.trace()
    assert (out.direction, out.what) == ("out", "send-req")
    assert (answer.direction, answer.what, answer.sequence) == ("in", "send-conf", out.sequence)
    assert PHONE[1:].encode() not in out.octets
    assert PHONE[1:].encode() in pair.link.trace(personal=True)[0].octets
    state = pair.link.state()
    assert (state.counters.submitted, state.counters.accepted, state.down) == (1, 1, "")


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ({"throttle": 1.0}, t.Deferred),
        ({"temporary": 1.0}, t.Deferred),
        ({"refuse": 1.0, "refuse_code": 30007}, t.Rejected),
        ({"disconnect": 1.0}, t.Unknown),
    ],
)
async def test_a_centre_with_faults(pair: Pair, faults: dict[str, object], outcome: type) -> None:
    """Not now, never, or nobody knows: each is told as what it is."""
    await pair.behave(**faults)
    assert isinstance(await pair.link.submit(picture(PHONE)), outcome)


async def test_a_silent_centre(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that does not come in time leaves the message unknown."""
    monkeypatch.setattr("magpie.simulator.network._SILENCE_SECONDS", 5.0)
    await pair.behave(silence=1.0)
    assert isinstance(await pair.link.submit(picture(PHONE)), t.Unknown)


@pytest.mark.parametrize("fault", ["disconnect", "garbage", "cut"])
async def test_spoiled_answers(pair: Pair, fault: str) -> None:
    """Half of the answers are none: sent again, each message is on the phone once."""
    await pair.behave(**{fault: 0.5})
    one = picture(PHONE)
    assert await insisted(lambda id_, _: pair.link.submit(structs.replace(one, message_id=id_))) > 3
    assert len(await pair.rig.phone(PHONE)) == len(DOZEN)
    assert not pair.link.state().down


async def test_a_centre_that_talks_nonsense(pair: Pair) -> None:
    """Perhaps it has the message."""
    pair.server._garbage = True
    outcome = await pair.link.submit(picture(PHONE))
    assert isinstance(outcome, t.Unknown)
    assert "cannot be read" in outcome.detail


async def test_what_a_link_cannot_carry(pair: Pair) -> None:
    """Texts, and pictures for a carrier without MMS."""
    rejected = await pair.link.submit(picture(NO_MMS))
    assert isinstance(rejected, t.Rejected)


async def test_nobody_listens(pair: Pair) -> None:
    """A centre that is away gets nothing; the message is kept for later."""
    await pair.server.stop()
    assert isinstance(await pair.link.submit(picture(PHONE)), t.Deferred)


async def test_reports(pair: Pair) -> None:
    """A delivery and a reading are handed in; the same again is the platform's to know."""
    for pdu in (
        mm1.DeliveryInd(message_id="M1", status=mm1.Status.RETRIEVED),
        mm1.ReadOrigInd(message_id="M1", read_status=mm1.ReadStatus.READ),
    ):
        assert (await pair.link.answer(knock(mm1.encode(pdu)))).status == 204
    states = [receipt.state for receipt in pair.platform.receipts]
    assert states == [t.ReceiptState.DELIVERED, t.ReceiptState.READ]


async def test_a_notification_is_fetched(pair: Pair) -> None:
    """The picture comes in by what the push tells of, and is acknowledged after the commit."""
    submission = t.Submission(
        account_sid="",
        message_id=UUID(int=1),
        attempt=1,
        kind=t.Kind.MMS,
        from_=PHONE,
        to=OWN,
        body="Hello",
    )
    media = [t.InboundMedia(content_type="image/png", content=b"PNG", name="a.png")]
    told = pair.server._centre.hold(submission, media, "M9")
    octets = mm1.push.wrap(mm1.encode(told), 1)
    assert (await pair.link.answer(knock(octets))).status == 204
    (inbound,) = pair.platform.inbounds
    assert (inbound.from_, inbound.to, inbound.body, inbound.key) == (PHONE, OWN, "Hello", "M9")
    assert [one.content for one in inbound.media] == [b"PNG"]
    assert pair.server._centre._waiting == {}
    # It is gone from the centre: the same notification again is told to come later.
    assert (await pair.link.answer(knock(octets))).status == 503


@pytest.mark.parametrize(
    ("octets", "method", "status"),
    [
        (b"\x8c\x82", "POST", 400),
        (b"nonsense", "POST", 400),
        (mm1.encode(mm1.AcknowledgeInd(transaction_id="T")), "POST", 400),
        (b"", "GET", 405),
    ],
)
async def test_what_is_no_push(pair: Pair, octets: bytes, method: str, status: int) -> None:
    """It is refused with a reason, and nothing comes of it."""
    assert (await pair.link.answer(knock(octets, method))).status == status
    assert pair.platform.inbounds == []


async def test_a_commit_that_fails(pair: Pair) -> None:
    """Whoever pushes is told to come again."""
    pair.platform.deaf = 1
    report = knock(mm1.encode(mm1.DeliveryInd(message_id="M1", status=mm1.Status.RETRIEVED)))
    assert (await pair.link.answer(report)).status == 503
    assert (await pair.link.answer(report)).status == 204


async def test_a_hundred_at_once(pair: Pair) -> None:
    """Through a window of ten, each once."""
    outcomes = await asyncio.gather(*(pair.link.submit(picture(PHONE)) for _ in range(100)))
    assert all(isinstance(one, t.Accepted) for one in outcomes)
    assert len(await pair.rig.phone(PHONE)) == 100
