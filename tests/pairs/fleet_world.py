"""Whole platforms in this process, on one store, with message centres that do as they are told."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from tests.pairs.carrier_smpp import Smsc

from magpie.app.platform import Platform
from magpie.app.server import server_for, started
from magpie.kit.db import Database
from magpie.kit.egress import Egress, Policy
from magpie.settings import Rates, Secret, Settings

ACCOUNT, TOKEN = "AC" + "7" * 32, "0123456789abcdef0123456789abcdef"
SENDER = "+15125550100"
PASSWORD = "s3cret42"
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
JSON = dict[str, Any]


@dataclass
class Node:
    platform: Platform
    egress: Egress
    base: str

    async def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str] = (ACCOUNT, TOKEN),
    ) -> tuple[int, Any]:
        pair = b64encode(":".join(auth).encode()).decode()
        reply = await self.egress.request(
            method,
            self.base + path,
            headers={
                "Authorization": f"Basic {pair}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=urlencode(form or {}).encode() if method == "POST" else None,
        )
        return reply.status, msgspec.json.decode(reply.body) if reply.body else None

    async def get(self, path: str) -> Any:
        status, told = await self.ask("GET", path)
        assert status == 200, told
        return told

    async def post(self, path: str, **form: str) -> Any:
        status, told = await self.ask("POST", path, form)
        assert status < 300, told
        return told

    async def carrier(self, name: str) -> JSON:
        found: JSON = await self.get(f"/magpie/v1/Carriers/{name}")
        return found

    async def link(self, name: str, port: int, **configuration: Any) -> JSON:
        """Make a link by SMPP, and wait until it is bound."""
        made: JSON = await self.post(
            "/magpie/v1/Carriers", Name=name, Kind="smpp", Configuration=smpp(port, **configuration)
        )
        await self.state(name, "up")
        return made

    async def state(self, name: str, state: str) -> None:
        async def so() -> bool:
            return bool((await self.carrier(name))["state"] == state)

        await until(so)

    async def route(self, carrier: str, **more: str) -> JSON:
        made: JSON = await self.post("/magpie/v1/Routes", Carrier=carrier, **more)
        return made

    async def number(self) -> None:
        await self.post("/magpie/v1/Numbers", PhoneNumber=SENDER, AccountSid=ACCOUNT)

    async def send(self, body: str, to: str = "+15558675310", **more: str) -> str:
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        sid: str = (await self.post(path, To=to, From=SENDER, Body=body, **more))["sid"]
        return sid

    async def status(self, sid: str) -> str:
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json"
        told: str = (await self.get(path))["status"]
        return told

    async def reaches(self, sid: str, status: str) -> None:
        async def so() -> bool:
            return await self.status(sid) == status

        await until(so)

    async def hops(self, sid: str) -> list[JSON]:
        found: list[JSON] = (await self.get(f"/magpie/v1/Messages/{sid}/Timeline"))["timeline"]
        return found


def smpp(port: int, **more: Any) -> str:
    known = {"host": "127.0.0.1", "port": port, "system_id": "magpie", "password": PASSWORD}
    return msgspec.json.encode(known | more).decode()


def texts(smsc: Smsc) -> list[str]:
    return [pdu.short_message.decode() for pdu in smsc.submits]


async def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            so = true()
            if await so if asyncio.iscoroutine(so) else so:
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def node(
    database_url: str, folder: Path, name: str = "one", **more: Any
) -> AsyncIterator[Node]:
    settings = Settings(
        data=folder,
        database_url=Secret(database_url),
        secret_key=Secret(KEY),
        account_sid=ACCOUNT,
        auth_token=Secret(TOKEN),
        node=name,
        roles=more.pop("roles", ("api", "dispatch")),
        **{"rates": Rates(local=5000.0), **more},
    )
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        egress = Egress(Policy(allow_loopback=True))
        stack.push_async_callback(egress.close)
        platform = await Platform.open(settings, port, stack)
        server = server_for(platform.application)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await started(server, serving)
        await platform.start(stack)
        yield Node(platform, egress, f"http://127.0.0.1:{port}")
        server.end()
        await serving


@asynccontextmanager
async def centre() -> AsyncIterator[tuple[Smsc, int]]:
    smsc = Smsc()
    port = await smsc.listen()
    try:
        yield smsc, port
    finally:
        await smsc.close()


async def stored(database_url: str) -> str:
    """Everything that the store holds, as text."""
    database = await Database.open(database_url, size=1)
    try:
        names = await database.fetch(
            "select tablename from pg_tables where schemaname = 'public' order by 1"
        )
        rows = [await database.fetch(f'select t::text from "{name[0]}" t') for name in names]
        return "\n".join(str(row[0]) for table in rows for row in table)
    finally:
        await database.close()
