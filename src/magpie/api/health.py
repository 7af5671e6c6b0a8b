import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.kit import telemetry
from magpie.kit.rest import NotAllowed, respond

Health: TypeAlias = Callable[[], Awaitable[Mapping[str, str]]]
"""What is wrong, by the name of the part; nothing when all is well."""

_SECONDS: Final = 5.0
_TEXT: Final = "text/plain; version=0.0.4"
_ALLOWED: Final = ("GET", "HEAD")


class Probes:
    """/livez says that the process turns, /readyz that it can serve."""

    paths: Final = frozenset(("/livez", "/readyz", "/metrics"))

    def __init__(self, health: Health) -> None:
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in _ALLOWED:
            raise NotAllowed(request.method, _ALLOWED)
        match request.scope["path"]:
            case "/livez":
                return Response("ok\n", media_type="text/plain")
            case "/readyz":
                return await self._ready()
        return Response(telemetry.exposition(), media_type=_TEXT)

    async def _ready(self) -> Response:
        try:
            async with asyncio.timeout(_SECONDS):
                problems = dict(await self._health())
        except TimeoutError:
            problems = {"health": f"no answer in {_SECONDS:.0f} s"}
        return respond.json({"ready": not problems, "problems": problems}, 503 if problems else 200)
