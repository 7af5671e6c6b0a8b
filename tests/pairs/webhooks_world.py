"""A platform at work, and a customer's server that is called by it."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

import aiohttp
import uvicorn
from aiohttp import web

from magpie.app.platform import Platform
from magpie.settings import Rates, Secret, Settings

PHONE: Final = "+15558675310"
OWN: Final = "+15017122661"
TOKEN: Final = "7f" * 16
_SECONDS: Final = 20.0


class Heard(NamedTuple):
    path: str
    params: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    status: int = 200
    body: bytes = b""
    kind: str = "text/xml"
    headers: Mapping[str, str] = MappingProxyType({})


class World:
    """`answers` are by path; `there` is the customer's address."""

    def __init__(self, platform: Platform, there: str) -> None:
        self.platform = platform
        self.there = there
        self.heard: list[Heard] = []
        self.answers: dict[str, Answer] = {}
        self.auth = (platform.account.sid, TOKEN)

    async def ask(self, method: str, path: str, **form: str) -> tuple[int, Any]:
        return await self.ask_as(self.auth, method, path, **form)

    async def ask_as(
        self, auth: tuple[str, str], method: str, path: str, **form: str
    ) -> tuple[int, Any]:
        pair = base64.b64encode(":".join(auth).encode()).decode()
        query = f"?{urlencode(form)}" if form and method == "GET" else ""
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                method,
                f"{self.platform.base_url}{path}{query}",
                data=form if method == "POST" else None,
                headers={"Authorization": f"Basic {pair}"},
            ) as answer,
        ):
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def webhooks(self, **filters: str) -> list[dict[str, Any]]:
        status, listed = await self.ask("GET", "/magpie/v1/Webhooks", **filters)
        assert status == 200, listed
        found: list[dict[str, Any]] = listed["webhooks"]
        return found

    async def send(self, callback: str, body: str = "Hello") -> str:
        """Give the SID once its callbacks were all tried."""
        at = f"/2010-04-01/Accounts/{self.auth[0]}/Messages.json"
        form = {"From": OWN, "To": PHONE, "Body": body, "StatusCallback": callback}
        _, message = await self.ask("POST", at, **form)
        sid: str = message["sid"]
        async with asyncio.timeout(_SECONDS):
            while not await self.webhooks(MessageSid=sid, Event="delivered"):
                await asyncio.sleep(0.02)
        return sid

    async def listen_at(self, path: str) -> None:
        """What is said to our number is told to the customer there."""
        numbers = f"/2010-04-01/Accounts/{self.auth[0]}/IncomingPhoneNumbers"
        _, listed = await self.ask("GET", f"{numbers}.json", PhoneNumber=OWN)
        [number] = listed["incoming_phone_numbers"]
        await self.ask("POST", f"{numbers}/{number['sid']}.json", SmsUrl=f"{self.there}{path}")

    async def say(self, body: str) -> None:
        simulated = self.platform.simulated
        assert simulated is not None
        await simulated.network.send(PHONE, OWN, body, [])

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        params = parse_qsl(body.decode(), keep_blank_values=True)
        self.heard.append(Heard(request.path, params, request.headers.copy(), body))
        told = self.answers.get(request.path, Answer())
        headers = {"Content-Type": told.kind, **told.headers}
        return web.Response(status=told.status, body=told.body, headers=headers)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(_SECONDS):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def world(database_url: str, folder: Path, **changes: Any) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        given = {
            "data": folder,
            "database_url": Secret(database_url),
            "auth_token": Secret(TOKEN),
            "account_sid": "AC" + "6d" * 16,
            "rates": Rates(local=500.0),
            **changes,
        }
        platform = await Platform.open(Settings(**given), port, stack)
        server = uvicorn.Server(
            uvicorn.Config(
                platform.application,
                log_level="warning",
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        serving = asyncio.create_task(server.serve([listener]))
        await platform.start(stack)
        there = await stack.enter_async_context(_customer())
        made = World(platform, there.url)
        there.answer = made.answer
        yield made
        server.should_exit = True
        await serving


class _Customer:
    url = ""
    answer: Any

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await self.answer(request)
        return response


@asynccontextmanager
async def _customer() -> AsyncIterator[_Customer]:
    customer = _Customer()
    runner = web.ServerRunner(web.Server(customer))  # type: ignore[arg-type]
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server
    assert server is not None
    customer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
    yield customer
    await runner.cleanup()


async def another(world: World) -> tuple[str, str]:
    """The name and token of an account that has nothing to do with the first."""
    status, made = await world.ask("POST", "/2010-04-01/Accounts.json", FriendlyName="other")
    assert status in {200, 201}, made
    return made["sid"], made["auth_token"]
