"""The description at its one path, for whoever asks: there is nothing secret in it."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.api.base_url import Outside
from magpie.api.visit import Visit
from magpie.kit.rest import NotAllowed
from magpie.media.ranges import matches

PATH: Final = "/openapi.json"
_ALLOWED: Final = ("GET", "HEAD")
# By which it is asked. Whoever makes them up has it written anew for each, in half a millisecond.
_HOSTS: Final = 8
Document: TypeAlias = Mapping[str, Any]


class Served:
    """Each host by which it is asked stands in it as the server."""

    def __init__(self, describe: Callable[[str], Document], outside: Outside) -> None:
        """`describe` is told where the API is reached, and asked once, by the first who asks."""
        self._describe = describe
        self._outside = outside
        self._written = lru_cache(maxsize=_HOSTS)(self._write)

    @cached_property
    def _document(self) -> Document:
        return self._describe("")

    def _write(self, url: str) -> tuple[bytes, str]:
        content = msgspec.json.encode({**self._document, "servers": [{"url": url}]})
        return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._answer(Request(scope))
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.method not in _ALLOWED:
            raise NotAllowed(request.method, _ALLOWED)
        content, etag = self._written(self._url(request.scope))
        told = {"ETag": etag, "Cache-Control": "no-cache"}
        if matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=told)
        return Response(content, headers=told, media_type="application/json")

    def _url(self, scope: Scope) -> str:
        visit = Visit.of(scope)
        assert visit is not None
        return self._outside.base(scope, visit)
