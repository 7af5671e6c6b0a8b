"""The console as a part of this platform."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import magpie
from magpie.api.base_url import Outside
from magpie.api.visit import Visit
from magpie.app.parts import Parts
from magpie.console.live import Live
from magpie.console.page import Page
from magpie.console.pages.handsets import Handsets
from magpie.console.pages.message import MessagePage
from magpie.console.pages.messages import Messages
from magpie.console.pages.you import You
from magpie.console.shell import Shell
from magpie.console.site import AT, Site
from magpie.console.visit import Outlook
from magpie.senders.seed import TUTORIAL

__all__ = ["AT", "Console"]


class Console:
    """In front of `otherwise`, which gets all but the console's paths; `/` leads to it."""

    def __init__(self, parts: Parts, outside: Outside, otherwise: ASGIApp) -> None:
        self._parts = parts
        self._outside = outside
        self._otherwise = otherwise
        simulated = parts.simulated is not None and not parts.settings.routes
        shell = Shell(
            parts.database, parts.account.sid, simulated=simulated, version=magpie.__version__
        )
        self._site = Site(parts.database, self._pages(), shell, self._outlook)

    def _pages(self) -> list[Page]:
        p = self._parts
        pages: list[Page] = [
            Live(),
            Messages(p.database),
            MessagePage(p.database, p.shelf, p.change, p.base_url),
            You(p.database),
        ]
        if p.simulated is not None:
            pages.append(Handsets(p.database, p.simulated.network, p.blobs, TUTORIAL))
        return pages

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
