"""Our SMPP server and our link, among other people's clients and servers, and through many cuts."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import smpplib.client
import smpplib.consts
from tests.pairs.carrier_smpp import Faulty, Rig, Smsc, Taken, message, options, rigged
from tests.pairs.esme_world import FROM, TO, Client, World, world

from magpie.carriers import traffic as t
from magpie.carriers.smpp import Host, SmppCarrier
from magpie.settings import Secret

_NODE = Path(__file__).parents[1] / "sdk" / "node"
_EACH = 40


@pytest.fixture
async def smsc(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def _node(port: int, name: str, password: str) -> int:
    started = await asyncio.create_subprocess_exec(
        *("node", "smpp_client.js", str(port), name, password, str(_EACH)),
        cwd=_NODE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        told, _ = await started.communicate()
    return int(told)


def _smpplib(port: int, name: str, password: str) -> int:
    """One after another, as it reads only when it is asked to."""
    client = smpplib.client.Client("127.0.0.1", port, timeout=30)
    statuses: list[int] = []
    client.set_message_sent_handler(lambda pdu: statuses.append(pdu.status))
    client.set_message_received_handler(lambda _: 0)
    client.connect()
    client.bind_transceiver(system_id=name, password=password)
    for number in range(1, _EACH + 1):
        client.send_message(
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=FROM[1:],
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=TO[1:],
            short_message=b"smpplib",
        )
        while len(statuses) < number:
            client.read_once()
    client.unbind()
    client.disconnect()
    return statuses.count(0)


async def _link(port: int, name: str, password: str) -> int:
    carrier = SmppCarrier(options(port, system_id=name, password=Secret(password)))
    await carrier.start(Taken())
    try:
        async with asyncio.timeout(60):
            while not carrier.state().bound:
                await asyncio.sleep(0.01)
            texts = [carrier.submit(message("link", number)) for number in range(1, _EACH + 1)]
            return sum(isinstance(one, t.Accepted) for one in await asyncio.gather(*texts))
    finally:
        await carrier.stop()


async def _raw(client: Client) -> int:
    answers = await asyncio.gather(*(client.submit("raw") for _ in range(_EACH)))
    return sum(answer.status == 0 for answer in answers)


async def test_four_clients_at_once(smsc: World) -> None:
    """Smpp of npm, smpplib, our own link and our codec: each text of each is accepted, once."""
    names = [await smsc.esme(system_id=name) for name in ("node", "smpplib", "link")]
    node, other, link = ((smsc.port, esme.system_id, password) for esme, password in names)
    raw = await smsc.client(system_id="raw")
    accepted = await asyncio.gather(
        _node(*node), asyncio.to_thread(_smpplib, *other), _link(*link), _raw(raw)
    )
    assert list(accepted) == [_EACH] * 4
    bodies = Counter(message.body for message in await smsc.messages())
    assert bodies == dict.fromkeys(("node", "smpplib", "link", "raw"), _EACH)


async def test_our_link_against_a_server_of_node() -> None:
    """Each text has an id, none the same."""
    server = await asyncio.create_subprocess_exec(
        "node", "smpp_server.js", cwd=_NODE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    carrier = None
    try:
        async with asyncio.timeout(30):
            carrier = SmppCarrier(options(int(await server.stdout.readline())))
            await carrier.start(Taken())
            while not carrier.state().bound:
                await asyncio.sleep(0.01)
            texts = [carrier.submit(message(number=number)) for number in range(1, 301)]
            answers = await asyncio.gather(*texts)
        assert all(isinstance(one, t.Accepted) for one in answers)
        assert len({str(one) for one in answers}) == 300
    finally:
        if carrier is not None:
            await carrier.stop()
        server.kill()
        await server.wait()


async def _through(carrier: SmppCarrier, number: int) -> int:
    """Submit until it is accepted; give how often the outcome was unknown."""
    unknown = 0
    for attempt in count(1):
        match await carrier.submit(message(str(number), number, attempt=attempt)):
            case t.Accepted():
                break
            case t.Unknown():
                unknown += 1
            case _:
                await asyncio.sleep(0.01)
    return unknown


async def test_five_hundred_cuts(rig: Rig) -> None:
    """At random octets: nothing is lost, and what came twice was an unknown outcome before."""
    # Each connection takes two from the proxy's count, one for either way.
    cut = Faulty(rig.port, 1000, random.Random(4))
    await rig.start(hosts=(Host("127.0.0.1", await cut.listen()),), reconnect=(0.005, 0.02))
    numbers = iter(range(1, 50_000))
    unknown: Counter[str] = Counter()

    async def work() -> None:
        while cut.cuts > 0:
            number = next(numbers)
            unknown[str(number)] = await _through(rig.carrier, number)

    async with asyncio.timeout(100):
        await asyncio.gather(*(work() for _ in range(10)))
    _check(rig.smsc, unknown)
    cut.server.close()


def _check(smsc: Smsc, unknown: Counter[str]) -> None:
    arrived = Counter(pdu.short_message.decode() for pdu in smsc.submits)
    assert set(unknown) == set(arrived)
    assert {body: n for body, n in arrived.items() if n > 1 + unknown[body]} == {}
