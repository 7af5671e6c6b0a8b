"""The console as a part of this platform."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import magpie
from magpie.api.mounts import Mounts
from magpie.api.visit import Visit
from magpie.app.pages import pages_of
from magpie.app.parts import Parts
from magpie.console.shell import Shell
from magpie.console.site import AT, Site
from magpie.console.visit import Outlook

__all__ = ["AT", "Console"]


class Console:
    """In front of `otherwise`, which gets all but the console's paths; `/` leads to it."""

    def __init__(self, parts: Parts, mounts: Mounts, otherwise: ASGIApp) -> None:
        self._parts = parts
        self._outside = mounts.outside
        self._otherwise = otherwise
        shell = Shell(
            parts.database,
            parts.account.sid,
            simulated=lambda: parts.simulated is not None and not parts.fleet.routes,
            version=magpie.__version__,
        )
        self._site = Site(
            parts.database,
            pages_of(parts, partial(mounts.described, parts.base_url)),
            shell,
            self._outlook,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if path == "/" and scope["type"] == "http":
            await RedirectResponse(AT, 303)(scope, receive, send)
            return
        ours = path == AT or path.startswith(f"{AT}/")
        app = self._site if scope["type"] == "http" and ours else self._otherwise
        await app(scope, receive, send)

    def _outlook(self, request: Request) -> Outlook:
        headers = dict(request.scope["headers"])
        visit = Visit(headers, "", 0.0, "", "", by_host=False)
        origin = self._outside.base(request.scope, visit)
        address = self._outside.client(request.scope, headers)
        return Outlook(origin, address, secure=origin.startswith("https://"))
