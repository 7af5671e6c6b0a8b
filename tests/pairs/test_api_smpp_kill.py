"""Magpie killed while a client submits: what was answered is there, what is sent again is known."""

import asyncio
import json
import os
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
from tests.pairs.esme_world import FROM, TO, Client
from tests.ports import free_port
from tests.rig import http
from tests.rig.system import ACCOUNT, TOKEN, System

from magpie.protocols import smpp

_TEXTS = 60


def text(n: int) -> list[smpp.SubmitSm]:
    body = f"number {n} " + "x" * 300
    options = smpp.TextOptions(long_text=smpp.LongText.UDH_16)
    return smpp.build_submits(FROM, TO, body, options=options, reference=n)


async def esme(system: System) -> tuple[str, str]:
    connection = await http.Connection.open("127.0.0.1", system.port)
    form = urlencode({"Window": 500}).encode()
    host = f"127.0.0.1:{system.port}"
    asked = http.request("POST", "/magpie/v1/Esmes", host, auth=(ACCOUNT, TOKEN), body=form)
    made = json.loads((await connection.ask(asked))[1])
    return made["system_id"], made["password"]


async def bound(port: int, who: tuple[str, str]) -> Client:
    made: Client
    _, made = await asyncio.get_running_loop().create_connection(
        lambda: Client(window=500), "127.0.0.1", port
    )
    answer = await made.ask(smpp.BindTransceiver(system_id=who[0], password=who[1]))
    assert answer.status == 0
    return made


async def answered(client: Client, asked: dict[str, smpp.SubmitSm]) -> set[str]:
    """Submit all at once; gives the names of those that were taken."""
    ends = await asyncio.gather(*map(client.ask, asked.values()), return_exceptions=True)
    taken = set()
    for name, end in zip(asked, ends, strict=True):
        if not isinstance(end, BaseException) and end.status == 0:
            taken.add(name)
    return taken


async def in_the_middle(client: Client, most: int) -> None:
    """Looks in each turn of the loop: on a quiet machine it is over within a few of them."""
    async with asyncio.timeout(15):
        while not 0 < client.session.outstanding < most:
            await asyncio.sleep(0)


async def test_a_kill_in_the_middle(tmp_path: Path) -> None:
    """No answered part is lost, and a text whose parts are sent again is there once."""
    port = free_port()
    os.chmod(tmp_path, 0o755)  # noqa: PTH101 - the database's own user must come through
    system = System(
        tmp_path / "data", {"MAGPIE_SMPP_PORT": str(port), "MAGPIE_ROLES": "api,simulator"}
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(system.stop)
        await system.start()
        who = await esme(system)
        client = await bound(port, who)
        every = {f"{n}.{part}": pdu for n in range(_TEXTS) for part, pdu in enumerate(text(n))}
        submitting = asyncio.create_task(answered(client, every))
        await in_the_middle(client, len(every) * 2 // 3)
        system.kill_platform()
        first = await submitting
        assert 0 < len(first) < len(every)
        await system.start()
        client = await bound(port, who)
        rest = {name: pdu for name, pdu in every.items() if name not in first}
        assert await answered(client, rest) == rest.keys()
        client.close()
        connection = await asyncpg.connect(system.database_url)
        stack.push_async_callback(connection.close)
        rows = await connection.fetch("select body from messages where direction <> 'inbound'")
    bodies = sorted(row[0].split()[1] for row in rows)
    assert bodies == sorted(str(n) for n in range(_TEXTS))
