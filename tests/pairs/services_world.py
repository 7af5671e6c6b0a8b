"""Messaging services over real HTTP and PostgreSQL, and what is published about their answers."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import uvicorn
from tests.contract import conform, spec

from magpie.accounts import actions as accounts
from magpie.accounts.auth import Authenticator
from magpie.accounts.model import Account
from magpie.accounts.seal import Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Wakes
from magpie.senders.actions import Senders
from magpie.senders.book import SenderBook
from magpie.senders.model import Item, Kind, Sender
from magpie.services.book import ServiceBook
from magpie.services.model import Service
from magpie.services.resources import collections
from magpie.settings import Settings

TOKEN: Final = "0123456789abcdef0123456789abcdef"
RATES: Final = {"local": 1.0, "mobile": 1.0, "toll-free": 3.0, "short-code": 30.0}


def item(
    address: str,
    kind: Kind = Kind.LOCAL,
    country: str = "US",
    *,
    sms: bool = True,
    mms: bool = True,
) -> Item:
    return Item(address, country, kind, sms, mms, kind is not Kind.SHORT_CODE, *[None] * 7)


class World:
    base: str

    def __init__(self, database: Database, account: Account, other: Account) -> None:
        self.database = database
        self.account = account
        self.other = other
        self.book = SenderBook(database)
        self.outbound = Queue(
            "outbound", database, Wakes(database, "n", alone=True), paced=True, node="n"
        )
        self.senders = Senders(self.outbound, self.book, RATES.__getitem__)
        self.services = ServiceBook(database, self.book)

    async def own(self, *items: Item, account: Account | None = None) -> list[Sender]:
        of = (account or self.account).sid
        async with self.database.transaction() as connection:
            return await self.senders.provide(connection, of, items)

    async def ask(self, method: str, path: str, **form: str) -> tuple[int, Any]:
        """`path` is below the services."""
        url = path if "://" in path else f"{self.base}/messaging/v1/Services{path}"
        query = f"?{urlencode(form)}" if form and method == "GET" else ""
        data = urlencode(form).encode() if method == "POST" else None
        request = Request(url + query, data, method=method)
        pair = f"{self.account.sid}:{TOKEN}"
        request.add_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
        return await asyncio.to_thread(_answer, request)

    async def made(self, **form: str) -> Service:
        """A service with this of its own, the rest as usual."""
        status, body = await self.ask("POST", "", **({"FriendlyName": "Shop"} | form))
        assert status == 201, body
        service = await self.services.find(self.account.sid, body["sid"])
        assert service is not None
        return service

    async def put(self, service: Service, *members: Sender | str) -> list[dict[str, Any]]:
        """Add numbers, short codes, and names."""
        added = []
        for one in members:
            if isinstance(one, str):
                path, form = "AlphaSenders", {"AlphaSender": one}
            elif one.kind == Kind.SHORT_CODE:
                path, form = "ShortCodes", {"ShortCodeSid": one.sid}
            else:
                path, form = "PhoneNumbers", {"PhoneNumberSid": one.sid}
            status, body = await self.ask("POST", f"/{service.sid}/{path}", **form)
            assert status == 201, body
            added.append(body)
        return added

    async def pick(self, service: Service, to: str, *, mms: bool = False) -> str | None:
        """The address of who is picked."""
        picked = await self.services.pick(self.account.sid, service, to, mms=mms)
        return picked.address if isinstance(picked, Sender) else picked


def _answer(request: Request) -> tuple[int, Any]:
    try:
        with urlopen(request, timeout=10) as answer:
            content = answer.read()
            return answer.status, json.loads(content) if content else None
    except HTTPError as wrong:
        with wrong:
            return wrong.code, json.loads(wrong.read())


async def _well() -> dict[str, str]:
    return {}


@asynccontextmanager
async def _serving(app: Any) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="off", proxy_headers=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


@asynccontextmanager
async def world(database: Database, folder: Path) -> AsyncIterator[World]:
    sealer = Sealer.of(folder)
    async with database.transaction() as connection:
        account = await accounts.ensure_main(connection, sealer, auth_token=TOKEN)
        other = await accounts.create_subaccount(connection, sealer, account, "Other")
    made = World(database, account, other)
    mounts = Mounts(Authenticator(database, sealer), Settings())
    mounts.hang(places.version("messaging"), *collections(database, made.services))
    async with _serving(mounts.app(_well)) as made.base:
        yield made


def assert_published(operation: str, body: Any) -> None:
    """What an operation of the messaging API answers, no property more and none less."""
    assert conform.mistakes(_schemas()[operation], body) == []


@cache
def _document() -> dict[str, Any]:
    text = (spec.FILES / "twilio_messaging_v1.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _schemas() -> dict[str, Any]:
    told = [one for path in _document()["paths"].values() for one in path.values()]
    operations = {one["operationId"]: one["responses"] for one in told if "operationId" in one}
    return {
        name: _whole(answer["content"]["application/json"]["schema"])
        for name, answers in operations.items()
        for status, answer in answers.items()
        if status in {"200", "201"} and "content" in answer
    }


def _whole(schema: Any) -> Any:
    """With what it refers to in place of the reference."""
    if isinstance(schema, list):
        return [_whole(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _whole(_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return {name: _whole(one) for name, one in schema.items()}
