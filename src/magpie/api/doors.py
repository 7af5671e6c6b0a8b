"""The way in for networks that call us: `/carriers/v1/{name}/...` goes to the link of that name."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.api.base_url import Outside
from magpie.api.limits import capped
from magpie.api.visit import Visit
from magpie.carriers.door import Door, Knock
from magpie.kit.rest import NotFound

PRODUCT: Final = "carriers"
# A link says yes after its commit; a network that gets no answer comes again.
_SECONDS: Final = 30.0


class Doors:
    """An ASGI application. `find` gives the link of a name, which judges who may call."""

    def __init__(self, find: Callable[[str], object], outside: Outside) -> None:
        self._find = find
        self._outside = outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, _, name, *rest = [*scope["path"].split("/", 3), "", ""][:4]
        door = self._find(name)
        if not isinstance(door, Door):
            raise NotFound.at(scope["path"])
        visit = Visit.of(scope)
        assert visit is not None
        request = Request(scope, capped(receive, visit.headers, door.most_bytes))
        knock = await self._knock(request, visit, rest[0])
        async with asyncio.timeout(_SECONDS):
            given = await door.answer(knock)
        response = Response(given.body, given.status, dict(given.headers), given.content_type)
        await response(scope, receive, send)

    async def _knock(self, request: Request, visit: Visit, path: str) -> Knock:
        query = request.scope["query_string"].decode("latin-1")
        url = self._outside.base(request.scope, visit) + request.scope["path"]
        return Knock(
            method=request.method,
            path=path,
            query=query,
            headers={
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in visit.headers.items()
            },
            body=await request.body(),
            peer=self._outside.client(request.scope, visit.headers),
            url=f"{url}?{query}" if query else url,
        )
