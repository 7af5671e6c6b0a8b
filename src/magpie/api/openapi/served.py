"""The description at its one path, for whoever asks: there is nothing secret in it."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.api.base_url import Outside
from magpie.api.openapi.document import document
from magpie.api.places import Place
from magpie.api.visit import Visit
from magpie.kit.rest import Collection, NotAllowed
from magpie.media.ranges import matches

PATH: Final = "/openapi.json"
_ALLOWED: Final = ("GET", "HEAD")
# Hosts that it is asked by; whoever makes them up has each built anew, and keeps none of them.
_HOSTS: Final = 8


class Served:
    """Made once for each host by which it is asked, when it is first asked."""

    def __init__(
        self, hung: Iterable[tuple[Place, Collection[Any]]], version: str, outside: Outside
    ) -> None:
        self._outside = outside

        @lru_cache(maxsize=_HOSTS)
        def written(url: str) -> tuple[bytes, str]:
            content = msgspec.json.encode(document(hung, version=version, url=url))
            return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'

        self._written = written

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
