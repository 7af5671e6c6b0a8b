import asyncio
import contextlib
import random
from pathlib import Path

import pytest
from tests.rig.fault_proxy import Fault, Proxy, Way
from tests.rig.ledger import Ledger
from tests.rig.run import judge, world

CUTS = 20


@pytest.mark.timeout(360)
async def test_cuts_of_the_carrier_session_lose_nothing(tmp_path: Path) -> None:
    """The link is cut 20 times after any byte of either direction, once in five it goes silent."""
    chance = random.Random(11)
    spoiled = [
        Fault(
            cut_after=chance.randrange(1, 4000),
            way=chance.choice(list(Way)),
            silent=chance.random() < 0.2,
        )
        for _ in range(CUTS)
    ]
    async with world(
        tmp_path, dedupes=True, faults=lambda n: spoiled[n] if n < CUTS else None
    ) as around:
        book = Ledger(tmp_path / "client")
        keeping = asyncio.create_task(book.keep())
        client = around.client(11, book)
        offered = dict.fromkeys(around.senders, 4.0)
        async with asyncio.timeout(150):
            await client.run(offered, lambda: around.proxy.connections > CUTS)
        verdict = await judge(around, paced=False)
        keeping.cancel()
    assert verdict.violations == []
    assert around.proxy.cuts == CUTS
    # Who met one cut after the other may be left for a person to decide.
    assert verdict.acknowledged == verdict.finished + verdict.held
    assert verdict.finished > CUTS


async def test_the_proxy_cuts_where_it_is_told() -> None:
    """After the last byte that may pass both ends see a reset, and no byte more."""
    got = bytearray()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            got.extend(data)
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with (
        server,
        Proxy.open(server.sockets[0].getsockname()[1], lambda _: Fault(cut_after=7)) as proxy,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"0123456789")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
    assert bytes(got) == b"0123456"
    assert proxy.cuts == 1


async def test_a_silent_link_looks_alive_and_carries_nothing() -> None:
    """A blackhole is worse than a reset: only a deadline tells."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionResetError):
            while data := await reader.read(100):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    silent = Fault(cut_after=3, silent=True, way=Way.DOWN, latency=0.01)
    async with (
        server,
        Proxy.open(server.sockets[0].getsockname()[1], lambda _: silent) as proxy,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"0123456789")
        assert await reader.readexactly(3) == b"012"
        try:
            async with asyncio.timeout(0.2):
                assert not await reader.read(1), "a byte came through"
                raise AssertionError("the connection ended")
        except TimeoutError:
            pass
        writer.close()
