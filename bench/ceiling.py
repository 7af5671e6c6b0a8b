"""The bare ceiling of accepting, a process of its own: the least that has to be done.

A Starlette handler reads the form and commits the same three rows, message, job and first hop, by
the same group commit. No authentication, no checks, no limits, no media, no representation.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.rig.processes import announce
from tests.rig.system import ACCOUNT

from magpie.app.port import bind
from magpie.app.server import server_for, started
from magpie.app.store import open_store
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Put
from magpie.kit.queue import store as queue
from magpie.messages import store, timeline
from magpie.messages.model import Hop, Message
from magpie.settings import Settings


async def write(connection: Connection, messages: Sequence[Message]) -> list[Exception | None]:
    await queue.put(connection, "outbound", [_job(message) for message in messages])
    await store.insert(connection, messages)
    await timeline.add(connection, [_hop(message) for message in messages])
    return [None] * len(messages)


def application(database: Database) -> Starlette:
    commit: GroupCommit[Message, None] = GroupCommit(database, write, most=256, at_once=2)

    async def create(request: Request) -> Response:
        message = message_of(dict(parse_qsl((await request.body()).decode())))
        await commit.write(message)
        return Response(b'{"sid": "%b"}' % message.sid.encode(), 201)

    return Starlette(routes=[Route("/messages", create, methods=["POST"])])


def message_of(form: dict[str, str]) -> Message:
    now = clock.now()
    return Message(
        account_sid=ACCOUNT,
        id=clock.uuid7(),
        mms=False,
        direction="outbound-api",
        status="queued",
        from_=form["From"],
        to=form["To"],
        body=form["Body"],
        num_segments=1,
        num_media=0,
        messaging_service_sid=None,
        price=None,
        price_unit="USD",
        error_code=None,
        error_message=None,
        date_created=now,
        date_updated=now,
        date_sent=None,
        expires_at=now + timedelta(hours=10),
        status_callback=form.get("StatusCallback"),
        options=None,
    )


def _job(message: Message) -> Put:
    return Put(account_sid=ACCOUNT, lane=message.from_ or "", id=message.id, payload=b"")


def _hop(message: Message) -> Hop:
    detail = {"segments": 1, "media": 0}
    at = message.date_created
    return Hop(account_sid=ACCOUNT, message_id=message.id, at=at, hop="accepted", detail=detail)


async def _main(data: Path) -> None:
    async with AsyncExitStack() as stack:
        database = await open_store(Settings(data=data), stack)
        server = server_for(application(database))
        listener = bind("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await started(server, serving)
        announce(listener.getsockname()[1])
        await serving


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    uvloop.run(_main(folder))
