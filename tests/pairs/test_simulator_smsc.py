"""The message centre and the platform's own SMPP link, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.pairs.simulator_rig import (
    DOZEN,
    FROM,
    PHONE,
    Platform,
    first_start,
    insisted,
    rigged,
    text,
)

from magpie.carriers.smpp import Host, LinkOptions, SmppCarrier
from magpie.carriers.traffic import Accepted, Deferred, ReceiptState, Rejected, Submission, Unknown
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.protocols import smpp
from magpie.settings import Secret
from magpie.simulator.profile import Faults, Profile, When
from magpie.simulator.smsc import CentreOptions, Ledger, MemoryExchange, MessageCentre

TAG = 0x1400
TEXT = smpp.TextOptions(message_reference=True, reference_tag=TAG)
OPTIONS = CentreOptions(system_id="magpie", password="secret", reference_tag=TAG)
LONG = "Grüße aus der Zelle. " * 20


class Rig:
    """`link` is bound to the centre once `start` returns."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.links: list[SmppCarrier] = []
        self.centres: list[MessageCentre] = []

    async def start(
        self,
        profile: Profile | None = None,
        options: CentreOptions = OPTIONS,
        ledger: Ledger | None = None,
        **link: Any,
    ) -> None:
        self.exchange = MemoryExchange(profile or Profile(name="x"), [PHONE])
        await self.serve(MessageCentre(options, self.exchange, ledger), **link)

    async def serve(self, centre: MessageCentre, **changes: Any) -> None:
        self.centres.append(centre)
        self.port = await centre.start()
        self.link = self.linked(**changes)
        await self.link.start(self.platform)
        await self.until(lambda: self.link.state().bound)

    def linked(self, **changes: Any) -> SmppCarrier:
        usual = LinkOptions(
            name="north",
            hosts=(Host("127.0.0.1", self.port),),
            system_id="magpie",
            password=Secret("secret"),
            text=TEXT,
            reconnect=(0.02, 0.1),
            credentials=(0.02, 0.1),
            throttle=(0.02, 0.1),
            response_timeout=1.0,
            down_patience=0.1,
            drain=0.2,
            unbind=0.5,
        )
        link = SmppCarrier(msgspec.structs.replace(usual, **changes))
        self.links.append(link)
        return link

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.005)

    async def receipts(self, number: int) -> list[tuple[str, ReceiptState, int | None]]:
        await self.until(lambda: len(self.platform.receipts) >= number)
        return [(one.carrier_id, one.state, one.code) for one in self.platform.receipts]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    yield made
    for link in made.links:
        await link.stop()
    for centre in made.centres:
        await centre.stop()


def long_text(submission: Submission) -> Submission:
    return msgspec.structs.replace(submission, body=LONG)


async def test_a_text_and_its_receipt(rig: Rig) -> None:
    """A text is on the phone when it is answered, and its receipt names the answer's id."""
    await rig.start()
    outcome = await rig.link.submit(text())
    assert isinstance(outcome, Accepted)
    (got,) = rig.exchange.messages
    assert (got.from_, got.to, got.body) == (FROM, PHONE, "hello")
    assert await rig.receipts(1) == [(outcome.ids[0], ReceiptState.DELIVERED, None)]


@pytest.mark.parametrize("long", list(smpp.LongText))
async def test_long_texts(rig: Rig, long: smpp.LongText) -> None:
    """A long text is whole on the phone, by whichever of the ways its parts are sent."""
    await rig.start(text=msgspec.structs.replace(TEXT, long_text=long))
    outcome = await rig.link.submit(long_text(text()))
    assert isinstance(outcome, Accepted)
    assert [message.body for message in rig.exchange.messages] == [LONG]
    assert {id_ for id_, _, _ in await rig.receipts(len(outcome.ids))} == set(outcome.ids)


@pytest.mark.parametrize(("ids", "base"), [("hex", 16), ("decimal", 10)])
async def test_how_ids_are_written(rig: Rig, ids: Any, base: int) -> None:
    """Ids are hexadecimal or decimal, as asked, and grow."""
    await rig.start(options=msgspec.structs.replace(OPTIONS, ids=ids))
    first, second = await rig.link.submit(text()), await rig.link.submit(text())
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert int(second.ids[0], base) == int(first.ids[0], base) + 1


@pytest.mark.parametrize(("deduplicates", "on_phone"), [(True, 1), (False, 2)])
async def test_the_same_text_twice(rig: Rig, *, deduplicates: bool, on_phone: int) -> None:
    """A reference that was seen gets its old id again, unless the centre knows none."""
    await rig.start(Profile(name="x", deduplicates=deduplicates))
    message = text()
    first, second = await rig.link.submit(message), await rig.link.submit(message)
    assert (first == second) is deduplicates
    assert len(rig.exchange.messages) == on_phone


@pytest.mark.parametrize(
    ("faults", "outcome", "on_phone"),
    [
        (Faults(throttle=1.0), Deferred, 0),
        (Faults(temporary=1.0), Deferred, 0),
        (Faults(refuse=1.0), Rejected, 0),
        (Faults(silence=1.0), Unknown, 1),
        (Faults(duplicate=1.0), Accepted, 2),
        (Faults(undelivered=1.0), Accepted, 0),
    ],
)
async def test_faults(rig: Rig, faults: Faults, outcome: type[object], on_phone: int) -> None:
    """Each fault of a profile reaches the client as what it is on the wire."""
    await rig.start(Profile(name="x", faults=faults))
    assert isinstance(await rig.link.submit(text()), outcome)
    assert len(rig.exchange.messages) == on_phone


async def test_a_refusal_has_its_code(rig: Rig) -> None:
    """The code that a profile refuses with is the one that the platform reads from the status."""
    await rig.start(Profile(name="x", faults=Faults(refuse=1.0, refuse_code=30007)))
    outcome = await rig.link.submit(text())
    assert isinstance(outcome, Rejected)
    assert outcome.code == 30007


@pytest.mark.parametrize("code", [30003, 30004, 30005, 30006, 30007])
async def test_a_failure_has_its_code(rig: Rig, code: int) -> None:
    """The code that a profile fails with goes through the receipt's text and comes out again."""
    await rig.start(Profile(name="x", faults=Faults(undelivered=1.0, undelivered_code=code)))
    await rig.link.submit(text())
    assert [got for _, _, got in await rig.receipts(1)] == [code]


async def test_nobody_there(rig: Rig) -> None:
    """A number without a phone is reported as unknown."""
    await rig.start()
    await rig.link.submit(text("+15551230000"))
    ((_, state, code),) = await rig.receipts(1)
    assert (state, code) == (ReceiptState.UNDELIVERED, 30005)


async def test_hanging_up(rig: Rig) -> None:
    """A text on which the centre hangs up has no known outcome; sent again it is there once."""
    await rig.start(options=msgspec.structs.replace(OPTIONS, disconnect_after=2))
    await rig.link.submit(text())
    message = text()
    assert isinstance(await rig.link.submit(message), Unknown)
    # The link may not have seen yet that its first session is over.
    await rig.until(lambda: rig.link.state().counters.connects == 2)
    assert isinstance(await rig.link.submit(message), Accepted)
    assert len(rig.exchange.messages) == 2


@pytest.mark.parametrize("fault", ["disconnect", "garbage", "cut"])
async def test_spoiled_answers(rig: Rig, fault: str) -> None:
    """Half of the answers are none: the link binds anew, and each text is on the phone once."""
    await rig.start(Profile(name="x", faults=msgspec.convert({fault: 0.5}, Faults)))
    assert await insisted(lambda id_, _: rig.link.submit(text(id_=id_))) > 3
    assert rig.exchange.count == len(DOZEN)
    await rig.until(lambda: rig.link.state().bound)


async def test_throttled_at_first(rig: Rig) -> None:
    """A text that is throttled at its first try is taken at its second."""
    await rig.start(Profile(name="x", faults=Faults(throttle=When(attempts=1))))
    message = text()
    assert isinstance(await rig.link.submit(message), Deferred)
    await rig.until(lambda: rig.link.state().paused == 0)
    assert isinstance(await rig.link.submit(message), Accepted)


@pytest.mark.parametrize(("receipts", "number"), [("duplicate", 2), ("before_response", 1)])
async def test_odd_receipts(rig: Rig, receipts: Any, number: int) -> None:
    """Receipts come twice, or before the answer, from carriers that do so."""
    await rig.start(Profile(name="x", receipts=receipts))
    outcome = await rig.link.submit(text())
    if receipts == "before_response":
        assert len(rig.platform.receipts) == 1
    assert isinstance(outcome, Accepted)
    assert {id_ for id_, _, _ in await rig.receipts(number)} == set(outcome.ids)


async def test_no_receipts(rig: Rig) -> None:
    """A client that wants no receipts gets none."""
    wanted = msgspec.structs.replace(TEXT, registered_delivery=smpp.RegisteredDelivery.NONE)
    await rig.start(text=wanted)
    await rig.link.submit(text())
    await asyncio.sleep(0.1)
    assert rig.platform.receipts == []


async def test_a_receipt_that_is_turned_away(rig: Rig) -> None:
    """A receipt that the platform cannot commit is delivered again."""
    await rig.start()
    rig.platform.deaf = 1
    outcome = await rig.link.submit(text())
    assert isinstance(outcome, Accepted)
    assert [id_ for id_, _, _ in await rig.receipts(1)] == list(outcome.ids)


async def test_a_receipt_waits_for_a_bind(rig: Rig) -> None:
    """What falls due while the client is away is delivered when it is back."""
    await rig.start(Profile(name="x", receipt_delay=1.0))
    await rig.link.submit(text())
    await rig.link.stop()
    await asyncio.sleep(1.1)
    assert rig.platform.receipts == []
    again = rig.linked()
    await again.start(rig.platform)
    assert len(await rig.receipts(1)) == 1


def was_refused(link: SmppCarrier) -> bool:
    return "refused" in link.state().last_error


async def test_credentials(rig: Rig) -> None:
    """A wrong password is refused, and so is another's name."""
    await rig.start()
    for wrong in ({"password": Secret("guess")}, {"system_id": "other"}):
        link = rig.linked(**wrong)
        await link.start(rig.platform)
        await rig.until(partial(was_refused, link))
        assert not link.state().bound


async def test_the_ledger(rig: Rig, tmp_path: Path) -> None:
    """Every part that was accepted is a line on the disk before it is answered."""
    ledger = Ledger(tmp_path / "log", fsync=True)
    await rig.start(ledger=ledger)
    message = text()
    outcome = await rig.link.submit(message)
    await rig.link.submit(message)
    lines = [msgspec.json.decode(line) for line in (tmp_path / "log").read_bytes().splitlines()]
    assert isinstance(outcome, Accepted)
    assert [line["id"] for line in lines] == list(outcome.ids) * 2
    assert [line["known"] for line in lines] == [False, True]
    assert lines[0]["from"] == FROM
    assert lines[0]["reference"] == f"{message.key}-1"
    ledger.close()


async def test_on_the_stored_network(rig: Rig, database: Database) -> None:
    """On the platform's network, texts by SMPP are kept on the phone and receipts are owed jobs."""
    await first_start(database)
    async with rigged(database) as home:
        await rig.serve(MessageCentre(OPTIONS, home.network))
        outcome = await rig.link.submit(long_text(text()))
        assert [message.body for message in await home.phone(PHONE)] == [LONG]
        assert isinstance(outcome, Accepted)
        assert {id_ for id_, _, _ in await rig.receipts(len(outcome.ids))} == set(outcome.ids)


async def test_a_phone_texts_an_smpp_client(rig: Rig, database: Database) -> None:
    """A number that a bind asks for gets its texts by deliver_sm, in parts when they are long."""
    await first_start(database)
    async with rigged(database) as home:
        centre = MessageCentre(CentreOptions(), home.network)
        home.network.join_inbox(centre.claim)
        port = await centre.start()
        rig.centres.append(centre)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        session = smpp.Session(smpp.Role.ESME, clock.monotonic())
        bind = smpp.BindTransceiver(system_id="raw", address_range="1501.*")
        writer.write(session.send(bind, clock.monotonic()))
        got: list[str] = []

        async def read() -> None:
            while data := await reader.read(4096):
                for event in session.receive(data, clock.monotonic()):
                    if isinstance(event, smpp.RequestReceived):
                        assert isinstance(event.pdu, smpp.DeliverSm)
                        got.append(smpp.read_text(event.pdu).body or "")
                        writer.write(session.send(smpp.reply(event.pdu), clock.monotonic()))

        reading = asyncio.create_task(read())
        await rig.until(lambda: session.state is smpp.State.BOUND_TRX)
        await home.network.send(PHONE, FROM, LONG, [])
        assert "".join(got) == LONG
        assert home.platform.inbounds == []
        writer.close()
        await reading
