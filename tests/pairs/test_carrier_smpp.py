"""The SMPP carrier against a message centre made from the same session, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from magpie.carriers import traffic as t
from magpie.carriers.smpp import Host, LinkOptions, SmppCarrier
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.protocols.smpp import Status
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import Secret

FROM, TO = "+15017122661", "+15558675310"
LONG = "x" * 400  # three parts
Answer = Callable[[smpp.SubmitSm, int], Pdu | None]


def accept(pdu: smpp.SubmitSm, number: int) -> Pdu:
    return smpp.reply(pdu, message_id=f"id{number}")


def refuse(status: int) -> Answer:
    return lambda pdu, _: smpp.reply(pdu, status)


def silent(_pdu: smpp.SubmitSm, _number: int) -> None:
    return None


class Wire(asyncio.Protocol):
    def __init__(self, smsc: "Smsc") -> None:
        self.smsc = smsc
        self.session = smpp.Session(
            smpp.Role.SMSC, clock.monotonic(), smpp.SessionConfig(inbound_window=100_000)
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.smsc.wires.append(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.smsc.wires.remove(self)

    def send(self, pdu: Pdu, token: object = None) -> None:
        self.transport.write(self.session.send(pdu, clock.monotonic(), token))

    def data_received(self, data: bytes) -> None:
        if self.smsc.deaf:
            return
        for event in self.session.receive(data, clock.monotonic()):
            match event:
                case smpp.BytesToSend(data=octets):
                    self.transport.write(octets)
                case smpp.RequestReceived(pdu=smpp.SubmitSm() as pdu):
                    self.smsc.submitted(self, pdu)
                case smpp.RequestReceived(pdu=pdu):
                    self.smsc.binds.append(pdu)
                    self.send(smpp.reply(pdu, next(self.smsc.bind_answers, 0), system_id="centre"))
                case smpp.ResponseReceived(token=asyncio.Future() as token, response=response):
                    token.set_result(response)
                case smpp.Closed():
                    self.transport.close()
                case _:
                    pass


class Smsc:
    """Answers as it is told; keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = accept
        self.bind_answers: Any = iter(())
        self.binds: list[Pdu] = []
        self.submits: list[smpp.SubmitSm] = []
        self.wires: list[Wire] = []
        self.deaf = False
        self.largest = 0
        self._numbers = count(1)

    async def listen(self) -> int:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Wire(self), "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        self.server.close()
        for wire in list(self.wires):
            wire.transport.abort()
        await self.server.wait_closed()

    def submitted(self, wire: Wire, pdu: smpp.SubmitSm) -> None:
        self.submits.append(pdu)
        self.largest = max(self.largest, wire.session.unanswered)
        response = self.answer(pdu, next(self._numbers))
        if response is not None:
            wire.send(response)

    async def deliver(self, pdu: smpp.Message) -> int:
        """Give the status of the answer."""
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        receiving = {smpp.State.BOUND_RX, smpp.State.BOUND_TRX}
        wire = next(wire for wire in self.wires if wire.session.state in receiving)
        wire.send(pdu, answer)
        return (await answer).status


class Taken:
    """Keeps what the carrier hands in; `before` stands for the commit."""

    def __init__(self) -> None:
        self.receipts: list[t.Receipt] = []
        self.inbounds: list[t.Inbound] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    async def receipt(self, receipt: t.Receipt) -> None:
        if self.before:
            await self.before()
        self.receipts.append(receipt)

    async def inbound(self, inbound: t.Inbound) -> None:
        if self.before:
            await self.before()
        self.inbounds.append(inbound)


class Rig:
    def __init__(self, smsc: Smsc, port: int) -> None:
        self.smsc = smsc
        self.port = port
        self.traffic = Taken()
        self.carrier = SmppCarrier(options(port))

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not true():  # noqa: ASYNC110 - what is awaited tells nobody
                await asyncio.sleep(0.002)

    async def bound(self) -> None:
        await self.until(lambda: self.carrier.state().bound)

    def has_binds(self, number: int) -> bool:
        return len(self.smsc.binds) == number

    async def start(self, **changes: Any) -> None:
        self.carrier = SmppCarrier(msgspec.structs.replace(self.carrier.options, **changes))
        await self.carrier.start(self.traffic)
        await self.bound()


def options(port: int, **changes: Any) -> LinkOptions:
    return msgspec.structs.replace(
        LinkOptions(
            name="north",
            hosts=(Host("127.0.0.1", port),),
            system_id="magpie",
            password=Secret("secret"),
            reconnect=(0.02, 0.1),
            throttle=(0.02, 0.1),
            down_patience=0.1,
            drain=1.0,
            unbind=0.5,
        ),
        **changes,
    )


@asynccontextmanager
async def rigged() -> AsyncIterator[Rig]:
    smsc = Smsc()
    rig = Rig(smsc, await smsc.listen())
    try:
        yield rig
    finally:
        await rig.carrier.stop()
        await smsc.close()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


def message(body: str = "hello", number: int = 1, **more: Any) -> t.Submission:
    return t.Submission(
        account_sid="AC" + "0" * 32,
        message_id=UUID(int=number << 80 | 7 << 76 | 2 << 62 | number),
        attempt=more.pop("attempt", 1),
        kind=t.Kind.SMS,
        from_=FROM,
        to=TO,
        body=body,
        **more,
    )


def address(number: str) -> smpp.Address:
    return smpp.Address(1, 1, number.removeprefix("+"))


def receipt_for(message_id: str, state: smpp.MessageState, error: str = "000") -> smpp.DeliverSm:
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    return smpp.build_receipt(
        address(TO), address(FROM), message_id, state, submitted=at, done=at, error=error
    )


# Submits


async def test_a_text_is_taken_over(rig: Rig) -> None:
    """A short text is one submit_sm, and its outcome carries the id of the answer."""
    await rig.start()
    assert await rig.carrier.submit(message()) == t.Accepted(("id1",))
    (submit,) = rig.smsc.submits
    assert submit.short_message == b"hello"
    assert (submit.source, submit.destination) == (address(FROM), address(TO))
    assert submit.tlv_number(smpp.Tag.USER_MESSAGE_REFERENCE) == 1
    assert rig.carrier.state().counters.accepted == 1


async def test_ids_are_folded(rig: Rig) -> None:
    """Where answers write hexadecimal and receipts decimal, both name the same message."""
    await rig.start(response_ids=smpp.Notation.HEXADECIMAL, receipt_ids=smpp.Notation.DECIMAL)
    rig.smsc.answer = lambda pdu, _: smpp.reply(pdu, message_id="0FF")
    assert await rig.carrier.submit(message()) == t.Accepted(("255",))
    await rig.smsc.deliver(receipt_for("0000255", smpp.MessageState.DELIVERED))
    assert rig.traffic.receipts[0].carrier_id == "255"


async def test_a_transmitter_and_a_receiver(rig: Rig) -> None:
    """With separate binds, submits leave by one and receipts come by the other."""
    await rig.start(bind="tx+rx")
    assert [type(bind) for bind in rig.smsc.binds] == [smpp.BindReceiver, smpp.BindTransmitter]
    assert await rig.carrier.submit(message()) == t.Accepted(("id1",))
    assert await rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED)) == 0
    assert len(rig.traffic.receipts) == 1


async def test_binds_of_a_pair_end_together(rig: Rig) -> None:
    """When the receiver is lost the transmitter says good-bye, and both come back."""
    await rig.start(bind="tx+rx")
    rig.smsc.wires[0].transport.abort()
    await rig.until(lambda: len(rig.smsc.binds) == 4)
    await rig.bound()
    assert len(rig.smsc.wires) == 2


async def test_the_window_is_kept_and_used(rig: Rig) -> None:
    """No more submits wait for answers than the window allows, and all get through."""
    await rig.start(window=4)
    waiting: list[smpp.SubmitSm] = []

    def later(pdu: smpp.SubmitSm, _number: int) -> None:
        waiting.append(pdu)
        if len(waiting) == 4:
            for one in waiting:
                rig.smsc.wires[0].send(smpp.reply(one, message_id="m"))
            waiting.clear()

    rig.smsc.answer = later
    outcomes = await asyncio.gather(*(rig.carrier.submit(message(number=n)) for n in range(40)))
    assert outcomes == [t.Accepted(("m",))] * 40
    assert rig.smsc.largest == 4


async def test_no_room_in_time(rig: Rig) -> None:
    """What finds no room before its deadline goes back to the queue, and never leaves later."""
    await rig.start(window=1, patience=0.05)
    rig.smsc.answer = silent
    first = asyncio.create_task(rig.carrier.submit(message(number=1)))
    await rig.until(lambda: rig.smsc.submits)
    outcome = await rig.carrier.submit(message(number=2))
    assert isinstance(outcome, t.Deferred)
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="a"))
    assert await first == t.Accepted(("a",))
    assert len(rig.smsc.submits) == 1


async def test_whoever_gave_up_is_not_sent(rig: Rig) -> None:
    """A submission that is cancelled while it waits for room never leaves."""
    await rig.start(window=1)
    rig.smsc.answer = silent
    first = asyncio.create_task(rig.carrier.submit(message(number=1)))
    second = asyncio.create_task(rig.carrier.submit(message(number=2)))
    await rig.until(lambda: rig.smsc.submits)
    second.cancel()
    await asyncio.wait({second})
    rig.smsc.answer = accept
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="a"))
    await first
    assert await rig.carrier.submit(message(number=3)) == t.Accepted(("id2",))
    assert len(rig.smsc.submits) == 2


async def test_a_throttle_pauses_the_link(rig: Rig) -> None:
    """A throttled text is deferred, the link pauses, and the same text passes afterwards."""
    await rig.start()
    rig.smsc.answer = refuse(Status.RTHROTTLED)
    outcome = await rig.carrier.submit(message())
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert outcome.after
    state = rig.carrier.state()
    assert (state.share, state.counters.throttled) == (0.5, 1)
    rig.smsc.answer = accept
    assert await rig.carrier.submit(message(attempt=2)) == t.Accepted(("id2",))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.RINVDSTADR, t.Rejected(30005, "ESME_RINVDSTADR")),
        (Status.RINVSRCADR, t.Rejected(30024, "ESME_RINVSRCADR")),
        (Status.RINVMSGLEN, t.Rejected(30019, "ESME_RINVMSGLEN")),
        (Status.RX_R_APPN, t.Rejected(30007, "ESME_RX_R_APPN")),
        (Status.RINVESMCLASS, t.Rejected(30008, "ESME_RINVESMCLASS")),
        (0x0410, t.Rejected(30008, "0x00000410")),
        (0x0411, t.Rejected(30022, "0x00000411")),
        (0x0412, t.Deferred("0x00000412", after=5.0)),
        (Status.RSYSERR, t.Deferred("ESME_RSYSERR", after=5.0)),
        (Status.RINVBNDSTS, t.Deferred("ESME_RINVBNDSTS", after=5.0)),
    ],
)
async def test_a_refusal(rig: Rig, status: int, outcome: t.Outcome) -> None:
    """Each status becomes a rejection with a code of ours, or a later try; a carrier's map wins."""
    await rig.start(codes={0x0411: 30022}, classes={0x0412: smpp.StatusClass.TEMPORARY})
    rig.smsc.answer = refuse(status)
    assert await rig.carrier.submit(message()) == outcome


async def test_not_bound_says_the_peer(rig: Rig) -> None:
    """A peer that has forgotten our bind gets a new one."""
    await rig.start()
    rig.smsc.answer = refuse(Status.RINVBNDSTS)
    await rig.carrier.submit(message())
    await rig.until(lambda: len(rig.smsc.binds) == 2)


async def test_a_sender_that_fits_no_field(rig: Rig) -> None:
    """What cannot be written is refused here, and nothing leaves."""
    await rig.start()
    outcome = await rig.carrier.submit(msgspec.structs.replace(message(), to="+" + "1" * 30))
    assert isinstance(outcome, t.Rejected)
    assert not rig.smsc.submits


# Long texts


async def test_a_throttled_part_is_tried_again(rig: Rig) -> None:
    """Of three parts only the throttled one is sent twice, and the ids keep their order."""
    await rig.start()

    def second_throttled(pdu: smpp.SubmitSm, number: int) -> Pdu:
        return smpp.reply(pdu, Status.RMSGQFUL) if number == 2 else accept(pdu, number)

    rig.smsc.answer = second_throttled
    assert await rig.carrier.submit(message(LONG)) == t.Accepted(("id1", "id4", "id3"))
    assert [submit.short_message[5] for submit in rig.smsc.submits] == [1, 2, 3, 2]


async def test_the_next_attempt_continues(rig: Rig) -> None:
    """After a lost answer, the next attempt sends only the part whose fate was unknown."""
    await rig.start(response_timeout=0.1)
    rig.smsc.answer = lambda pdu, n: None if n == 3 else accept(pdu, n)
    outcome = await rig.carrier.submit(message(LONG))
    assert outcome == t.Unknown("part 3: no answer in time")
    rig.smsc.answer = accept
    assert await rig.carrier.submit(message(LONG, attempt=2)) == t.Accepted(("id1", "id2", "id4"))
    references = [submit.tlvs for submit in rig.smsc.submits]
    assert references[2] == references[3]


async def test_a_late_answer_spares_a_resend(rig: Rig) -> None:
    """When the answer comes after its time, the next attempt has nothing to send."""
    await rig.start(response_timeout=0.05)
    rig.smsc.answer = silent
    assert await rig.carrier.submit(message()) == t.Unknown("no answer in time")
    rig.smsc.wires[0].send(smpp.reply(rig.smsc.submits[0], message_id="late"))
    await rig.until(lambda: rig.carrier.state().counters.late)
    assert await rig.carrier.submit(message(attempt=2)) == t.Accepted(("late",))
    assert len(rig.smsc.submits) == 1


async def test_one_part_refused(rig: Rig) -> None:
    """A text of which one part is refused for good is refused whole."""
    await rig.start()
    rig.smsc.answer = lambda p, n: smpp.reply(p, 0x0B) if n == 2 else accept(p, n)
    outcome = await rig.carrier.submit(message(LONG))
    assert outcome == t.Rejected(30005, "part 2: ESME_RINVDSTADR")


# The end of a connection


class Cut:
    """A proxy that carries so many octets of the server's, then drops the connection."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.left: int | None = None

    async def listen(self) -> int:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection("127.0.0.1", self.target)
        ways = self._carry(reader, there, cut=False), self._carry(back, writer, cut=True)
        await asyncio.gather(*ways)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, cut: bool
    ) -> None:
        while data := await reader.read(4096):
            if cut and self.left is not None:
                writer.write(data[: self.left])
                await writer.drain()
                break
            writer.write(data)
        writer.close()


RESPONSE = len(smpp.encode(smpp.SubmitSmResp(message_id="id1")))


@pytest.mark.parametrize("octets", range(RESPONSE))
async def test_a_cut_inside_the_answer(rig: Rig, octets: int) -> None:
    """Wherever the answer is cut the outcome is unknown, and the link comes back."""
    cut = Cut(rig.port)
    await rig.start(hosts=(Host("127.0.0.1", await cut.listen()),))
    cut.left = octets
    assert isinstance(await rig.carrier.submit(message()), t.Unknown)
    cut.left = None
    await rig.bound()
    assert await rig.carrier.submit(message(number=2)) == t.Accepted(("id2",))
    cut.server.close()


async def test_a_silent_server(rig: Rig) -> None:
    """An answer that does not come in time leaves the outcome unknown, and the link stays."""
    await rig.start(response_timeout=0.05)
    rig.smsc.answer = silent
    assert await rig.carrier.submit(message()) == t.Unknown("no answer in time")
    assert rig.carrier.state().bound
    assert rig.carrier.state().outstanding == 0


async def test_a_half_open_connection(rig: Rig) -> None:
    """A peer that hears nothing any more is found by enquire_link; its window is unknown."""
    await rig.start(enquire_link=0.05, control_timeout=0.05)
    rig.smsc.deaf = True
    outcome = await rig.carrier.submit(message())
    assert outcome == t.Unknown("EnquireLink was not answered")
    rig.smsc.deaf = False
    await rig.bound()
    assert await rig.carrier.submit(message(number=2)) == t.Accepted(("id1",))


async def test_the_peer_unbinds_during_traffic(rig: Rig) -> None:
    """What is unanswered then is unknown, what waits is sent after the next bind."""
    await rig.start(window=2)
    rig.smsc.answer = silent
    tasks = [asyncio.create_task(rig.carrier.submit(message(number=n))) for n in range(4)]
    await rig.until(lambda: len(rig.smsc.submits) == 2)
    rig.smsc.answer = accept
    rig.smsc.wires[0].send(smpp.Unbind())
    outcomes = await asyncio.gather(*tasks)
    assert [type(outcome) for outcome in outcomes] == [t.Unknown] * 2 + [t.Accepted] * 2


async def test_answers_after_an_unbind_do_not_leave_submits_behind(rig: Rig) -> None:
    """A submit that was to follow an answer, but met the peer's unbind, never left."""
    await rig.start(window=1, reconnect=(20.0, 20.0))
    rig.smsc.answer = silent
    tasks = [asyncio.create_task(rig.carrier.submit(message(number=n))) for n in range(2)]
    await rig.until(lambda: rig.smsc.submits)
    wire = rig.smsc.wires[0]
    answer = wire.session.send(accept(rig.smsc.submits[0], 1), 0)
    wire.transport.write(answer + wire.session.send(smpp.Unbind(), 0))
    first, second = await asyncio.gather(*tasks)
    assert first == t.Accepted(("id1",))
    assert isinstance(second, t.Deferred)
    assert len(rig.smsc.submits) == 1


async def test_a_link_that_is_down(rig: Rig) -> None:
    """Without a bind a text goes back to the queue soon, and is told to use up no try."""
    await rig.start()
    await rig.smsc.close()
    await rig.until(lambda: not rig.carrier.state().bound)
    outcome = await rig.carrier.submit(message())
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled


async def test_several_hosts(rig: Rig) -> None:
    """A host that does not answer is passed over for the next."""
    dead = Smsc()
    port = await dead.listen()
    await dead.close()
    await rig.start(hosts=(Host("127.0.0.1", port), Host("127.0.0.1", rig.port)))
    assert rig.carrier.state().host == f"127.0.0.1:{rig.port}"


async def test_bad_credentials_wait_long(rig: Rig) -> None:
    """After a wrong password the next try is a minute off, then two; then all is well again."""
    statuses = [Status.RINVPASWD, Status.RINVSYSID, Status.ROK]
    rig.smsc.bind_answers = iter(statuses)
    with clock.use(clock.ManualClock()) as manual:
        await rig.carrier.start(rig.traffic)
        for least, binds in ((60.0, 2), (120.0, 3)):
            await rig.until(lambda: rig.carrier.state().reconnects_in)
            wait = rig.carrier.state().reconnects_in
            assert wait is not None
            assert least <= wait <= least * 1.25
            manual.advance(wait)
            await rig.until(partial(rig.has_binds, binds))
        await rig.bound()
        stopping = asyncio.create_task(rig.carrier.stop())
        await rig.until(stopping.done)
    assert "secret" not in repr(rig.carrier.trace(personal=True)) + repr(rig.carrier.options)


async def test_a_graceful_stop(rig: Rig) -> None:
    """A stop waits for outstanding answers, answers the peer meanwhile, then unbinds."""
    await rig.start()
    rig.smsc.answer = silent
    task = asyncio.create_task(rig.carrier.submit(message()))
    await rig.until(lambda: rig.smsc.submits)
    stopping = asyncio.create_task(rig.carrier.stop())
    await asyncio.sleep(0)
    assert isinstance(await rig.carrier.submit(message(number=2)), t.Deferred)
    wire = rig.smsc.wires[0]
    answered: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
    wire.send(smpp.EnquireLink(), answered)
    await answered
    assert await rig.smsc.deliver(receipt_for("x", smpp.MessageState.DELIVERED)) == 0
    wire.send(accept(rig.smsc.submits[0], 9))
    assert await task == t.Accepted(("id9",))
    await stopping
    assert wire.session.state is smpp.State.CLOSED
    assert wire.session.outstanding == 0


# What comes in


@pytest.mark.parametrize(
    ("state", "error", "told", "code"),
    [
        (smpp.MessageState.DELIVERED, "000", t.ReceiptState.DELIVERED, None),
        (smpp.MessageState.ENROUTE, "000", t.ReceiptState.PENDING, None),
        (smpp.MessageState.ACCEPTED, "000", t.ReceiptState.PENDING, None),
        (smpp.MessageState.EXPIRED, "000", t.ReceiptState.UNDELIVERED, 30003),
        (smpp.MessageState.UNDELIVERABLE, "001", t.ReceiptState.UNDELIVERED, 30005),
        (smpp.MessageState.UNDELIVERABLE, "027", t.ReceiptState.UNDELIVERED, 30003),
        (smpp.MessageState.UNDELIVERABLE, "999", t.ReceiptState.UNDELIVERED, 30034),
        (smpp.MessageState.UNDELIVERABLE, "0x1", t.ReceiptState.UNDELIVERED, 30008),
        (smpp.MessageState.DELETED, "000", t.ReceiptState.UNDELIVERED, 30008),
        (smpp.MessageState.REJECTED, "000", t.ReceiptState.UNDELIVERED, 30007),
    ],
)
async def test_a_receipt(
    rig: Rig, state: smpp.MessageState, error: str, told: t.ReceiptState, code: int | None
) -> None:
    """Each state and error of a receipt becomes one of ours, with the carrier's own date."""
    await rig.start(receipt_codes={"999": 30034})
    assert await rig.smsc.deliver(receipt_for("abc", state, error)) == Status.ROK
    (receipt,) = rig.traffic.receipts
    assert (receipt.carrier, receipt.carrier_id) == ("north", "abc")
    assert (receipt.state, receipt.code, receipt.done_date) == (told, code, "2601020304")


async def test_a_receipt_before_the_answer(rig: Rig) -> None:
    """A receipt that overtakes the answer is handed in; the answer still counts."""
    await rig.start()
    rig.smsc.answer = silent
    task = asyncio.create_task(rig.carrier.submit(message()))
    await rig.until(lambda: rig.smsc.submits)
    await rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED))
    assert [receipt.carrier_id for receipt in rig.traffic.receipts] == ["id1"]
    rig.smsc.wires[0].send(accept(rig.smsc.submits[0], 1))
    assert await task == t.Accepted(("id1",))


async def test_an_answer_that_comes_twice(rig: Rig) -> None:
    """The second of two answers has no effect."""
    await rig.start()
    await rig.carrier.submit(message())
    rig.smsc.wires[0].transport.write(smpp.encode(accept(rig.smsc.submits[0], 7)))
    await rig.until(lambda: rig.carrier.state().counters.odd)
    assert await rig.carrier.submit(message(number=2)) == t.Accepted(("id2",))


async def test_a_receipt_without_an_id(rig: Rig) -> None:
    """It is answered, since it would come again for ever, and handed to nobody."""
    await rig.start()
    pdu = smpp.DeliverSm(esm_class=smpp.EsmClass.RECEIPT, short_message=b"stat:DELIVRD")
    assert await rig.smsc.deliver(pdu) == Status.ROK
    assert not rig.traffic.receipts


async def test_the_answer_follows_the_commit(rig: Rig) -> None:
    """A deliver_sm is answered when its commit is done and not before."""
    await rig.start()
    commit = asyncio.Event()
    begun = asyncio.Event()

    async def committing() -> None:
        begun.set()
        await commit.wait()

    rig.traffic.before = committing
    delivery = asyncio.create_task(
        rig.smsc.deliver(receipt_for("id1", smpp.MessageState.DELIVERED))
    )
    await begun.wait()
    answered: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
    rig.smsc.wires[0].send(smpp.EnquireLink(), answered)
    await answered
    assert not delivery.done()
    commit.set()
    assert await delivery == Status.ROK


async def test_a_commit_that_fails_or_hangs(rig: Rig) -> None:
    """The peer is asked to come again when a message could not be committed, or not in time."""
    await rig.start(commit_timeout=0.05)

    async def failing() -> None:
        raise ConnectionError("no database")

    async def hanging() -> None:
        await asyncio.Event().wait()

    for rig.traffic.before in (failing, hanging):
        pdu = smpp.DeliverSm(source=address(TO), destination=address(FROM), short_message=b"yes")
        assert await rig.smsc.deliver(pdu) == Status.RX_T_APPN
    assert not rig.traffic.inbounds


async def test_too_many_unanswered(rig: Rig) -> None:
    """Beyond the window for incoming messages the peer is throttled."""
    await rig.start(inbound_window=2)
    commit = asyncio.Event()

    async def committing() -> None:
        await commit.wait()

    rig.traffic.before = committing
    receipt = receipt_for("id1", smpp.MessageState.DELIVERED)
    deliveries = [asyncio.create_task(rig.smsc.deliver(receipt)) for _ in range(3)]
    await rig.until(deliveries[2].done)
    commit.set()
    assert await asyncio.gather(*deliveries) == [0, 0, Status.RTHROTTLED]


async def test_a_text_from_a_phone(rig: Rig) -> None:
    """Its numbers get their plus, its text is decoded, and its copy within 5 s has its key."""
    await rig.start()
    pdu = smpp.DeliverSm(
        source=address(TO),
        destination=address(FROM),
        data_coding=8,
        short_message="grüße 🙂".encode("utf-16-be"),
    )
    assert [await rig.smsc.deliver(pdu) for _ in range(2)] == [0, 0]
    first, second = rig.traffic.inbounds
    assert (first.from_, first.to, first.body) == (TO, FROM, "grüße 🙂")
    assert first.key == second.key


@pytest.mark.parametrize("how", [smpp.LongText.UDH_8, smpp.LongText.UDH_16, smpp.LongText.SAR])
async def test_a_long_text_from_a_phone(rig: Rig, how: smpp.LongText) -> None:
    """Each part is handed in with its place, however it was cut."""
    await rig.start()
    body = "".join(f"{n:03} " for n in range(100))
    parts = smpp.build_submits(
        TO, FROM, body, options=smpp.TextOptions(long_text=how), reference=77
    )
    for part in parts:
        fields = {name: getattr(part, name) for name in part.__struct_fields__}
        await rig.smsc.deliver(smpp.DeliverSm(**fields))
    assert [inbound.fragment for inbound in rig.traffic.inbounds] == [
        t.Fragment(reference=77, total=3, index=index) for index in (1, 2, 3)
    ]
    assert "".join(inbound.body for inbound in rig.traffic.inbounds) == body
    assert len({inbound.key for inbound in rig.traffic.inbounds}) == 3


async def test_a_text_by_data_sm(rig: Rig) -> None:
    """Texts come by data_sm as well."""
    await rig.start()
    payload = smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"hi")
    pdu = smpp.DataSm(source=address(TO), destination=address(FROM), tlvs=(payload,))
    assert await rig.smsc.deliver(pdu) == 0
    assert rig.traffic.inbounds[0].body == "hi"


async def test_the_trace_shows_no_people(rig: Rig) -> None:
    """An operator sees what went over the wire, but numbers and texts only on demand."""
    await rig.start()
    await rig.carrier.submit(message("my secret"))
    shown = rig.carrier.trace()
    assert [(one.direction, one.name) for one in shown] == [
        ("out", "BindTransceiver"),
        ("in", "BindTransceiverResp"),
        ("out", "SubmitSm"),
        ("in", "SubmitSmResp"),
    ]
    assert b"my secret".hex() not in repr(shown)
    assert TO[1:] not in repr(shown)
    assert TO[1:] in repr(rig.carrier.trace(personal=True))
