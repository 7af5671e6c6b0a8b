"""The bare ceiling of submits, a process of its own: our session, and the same rows committed.

Nobody proves himself, nothing is checked, read or counted. python -m bench.smpp_bare FOLDER
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop
from bench import ceiling
from tests.rig.processes import announce

from magpie.app.store import open_store
from magpie.esmes.wire import Wire
from magpie.kit.db import GroupCommit
from magpie.messages.model import Message
from magpie.protocols.smpp import SessionConfig, SubmitSm, reply
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import Settings


class Bare:
    def __init__(self, commit: GroupCommit[Message, None]) -> None:
        self._commit = commit
        self._tasks: set[asyncio.Task[None]] = set()

    def connected(self, wire: Wire) -> None: ...

    def closed(self, wire: Wire) -> None: ...

    def ready(self, wire: Wire) -> None: ...

    def requested(self, wire: Wire, pdu: Pdu, octets: bytes) -> None:  # noqa: ARG002 - as every owner
        if not isinstance(pdu, SubmitSm):
            wire.answer(reply(pdu))
            return
        task = asyncio.create_task(self._take(wire, pdu))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, wire: Wire, pdu: SubmitSm) -> None:
        to, from_, body = pdu.destination.addr, pdu.source.addr, pdu.short_message.decode()
        message = ceiling.message_of({"From": f"+{from_}", "To": f"+{to}", "Body": body})
        await self._commit.write(message)
        wire.answer(reply(pdu, message_id=message.sid))


async def _main(data: Path) -> None:
    async with AsyncExitStack() as stack:
        database = await open_store(Settings(data=data), stack)
        bare = Bare(GroupCommit(database, ceiling.write, most=256, at_once=2))
        config = SessionConfig(inbound_window=1000)
        server = await asyncio.get_running_loop().create_server(
            lambda: Wire(bare, config), "127.0.0.1", 0
        )
        announce(server.sockets[0].getsockname()[1])
        await server.serve_forever()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    uvloop.run(_main(folder))
