"""The SMPP carrier and connections that end, fall silent or never begin."""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import (
    Cut,
    Faulty,
    Rig,
    Smsc,
    Wire,
    accept,
    message,
    options,
    receipt_for,
    rigged,
    self_signed,
    silent,
)

from magpie.carriers import traffic as t
from magpie.carriers.smpp import Host, SmppCarrier
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.protocols.smpp import Status
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import TlsFiles


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


RESPONSE = len(smpp.encode(smpp.SubmitSmResp(message_id="id1")))


@pytest.mark.parametrize("octets", range(RESPONSE))
async def test_a_cut_inside_the_answer(rig: Rig, octets: int) -> None:
    """Wherever the answer is cut the outcome is unknown, and the link comes back."""
    cut = Cut(rig.port)
    await rig.start(hosts=(Host("127.0.0.1", await cut.listen()),))
    cut.left = octets
    assert isinstance(await rig.carrier.submit(message()), t.Unknown)
    cut.left = None
    async with asyncio.timeout(10):
        while isinstance(outcome := await rig.carrier.submit(message(number=2)), t.Deferred):
            await asyncio.sleep(0.01)
    assert outcome == t.Accepted(("id2",))
    cut.server.close()


@pytest.mark.parametrize("seed", range(4))
async def test_many_cuts(rig: Rig, seed: int) -> None:
    """Through all disconnects nothing is lost, and no text leaves again without an unknown."""
    cut = Faulty(rig.port, 60, random.Random(seed))
    text = smpp.TextOptions(reference_tag=0x1400)
    host = Host("127.0.0.1", await cut.listen())
    rig.carrier = SmppCarrier(options(rig.port, hosts=(host,), text=text, reconnect=(0.005, 0.005)))
    await rig.carrier.start(rig.traffic)
    unknowns: Counter[str] = Counter()

    async def deliver(number: int) -> None:
        for attempt in count(1):
            submission = message("y" * 200 if number % 3 else "y", number, attempt=attempt)
            outcome = await rig.carrier.submit(submission)
            if isinstance(outcome, t.Accepted):
                return
            assert isinstance(outcome, t.Unknown | t.Deferred)
            unknowns[submission.key] += isinstance(outcome, t.Unknown)
            await asyncio.sleep(0.001)

    await asyncio.gather(*(deliver(number) for number in range(1, 101)))
    parts = Counter(str(submit.tlv_string(0x1400)) for submit in rig.smsc.submits)
    assert len(parts) == sum(2 if number % 3 else 1 for number in range(1, 101))
    extra = {part: times for part, times in parts.items() if times > 1}
    assert all(times <= 1 + unknowns[part.split("-")[0]] for part, times in extra.items())
    assert rig.carrier.state().counters.disconnects > 10
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
    await rig.start(enquire_link=0.05, control_timeout=0.5)
    rig.smsc.deaf = True
    outcome = await rig.carrier.submit(message())
    assert outcome == t.Unknown("EnquireLink was not answered")
    rig.smsc.deaf = False
    await rig.until(lambda: rig.carrier.state().counters.connects == 2)
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


async def test_who_waits_for_a_bind(rig: Rig) -> None:
    """Is told when it is there, and no later than patience has it; who finds one does not wait."""
    await rig.start(down_patience=0.3, reconnect=(0.1, 0.1))
    await rig.carrier.ready()
    port = rig.smsc.server.sockets[0].getsockname()[1]
    await rig.smsc.close()
    await rig.until(lambda: not rig.carrier.state().bound)
    await rig.carrier.ready()
    assert not rig.carrier.state().bound
    waiting = asyncio.create_task(rig.carrier.ready())
    await rig.smsc.listen(port)
    await waiting
    await rig.until(lambda: rig.carrier.state().bound)


async def test_a_peer_that_does_not_read(rig: Rig) -> None:
    """While the peer reads nothing, submits stop to leave long before the window is full."""
    payload = smpp.TextOptions(long_text=smpp.LongText.PAYLOAD)
    await rig.start(window=1000, text=payload)
    rig.smsc.wires[0].transport.pause_reading()
    body = "z" * 30_000
    tasks = [asyncio.create_task(rig.carrier.submit(message(body, n))) for n in range(500)]
    await rig.until(lambda: rig.carrier.state().outstanding)
    for _ in range(10):
        await asyncio.sleep(0.01)
    state = rig.carrier.state()
    assert state.waiting > 100
    assert state.waiting + state.outstanding == 500
    rig.smsc.wires[0].transport.resume_reading()
    assert {type(outcome) for outcome in await asyncio.gather(*tasks)} == {t.Accepted}


async def test_a_secured_link(rig: Rig, tmp_path: Path) -> None:
    """With TLS the server's name is checked against its certificate."""
    certificate, key = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Wire(rig.smsc), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    await rig.start(
        tls=TlsFiles(ca=certificate),
        # The first has another name than the certificate.
        hosts=(Host("127.0.0.1", port), Host("localhost", port)),
    )
    assert rig.carrier.state().host == f"localhost:{port}"
    assert await rig.carrier.submit(message()) == t.Accepted(("id1",))
    await rig.carrier.stop()
    server.close()


async def test_certificates_that_are_none(tmp_path: Path) -> None:
    """A file that is not there shows when the link is made, with the carrier's name."""
    files = TlsFiles(ca=tmp_path / "nothing.pem")
    with pytest.raises(ValueError, match=r"^carrier north: its TLS files cannot be used"):
        SmppCarrier(options(1, tls=files))


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
