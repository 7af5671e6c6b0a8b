"""The console as an ASGI application: who may come in, and to which page."""

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.routing import Route as Matcher
from starlette.types import Receive, Scope, Send

from magpie.audit import actions as audit
from magpie.console import headers, static, visitor
from magpie.console.back import way_back
from magpie.console.page import Page, Place, Route
from magpie.console.render import render
from magpie.console.shell import Shell
from magpie.console.sign_in import SignIn
from magpie.console.visit import Outlook, Visit
from magpie.console.visitor import Visitor
from magpie.errors import Refused
from magpie.kit.db import Database, DatabaseUnavailable, Overloaded
from magpie.kit.rest import Failure, Mistake
from magpie.users import actions

log = structlog.get_logger(__name__)

AT: Final = "/console"
_SAFE: Final = frozenset(("GET", "HEAD"))
_WRONG: Final = 400


class Gone(Exception):  # noqa: N818 - what a visitor finds
    """There is no such page, or no such thing on it."""


class Site:
    """`outlook` tells how we look to a request from outside."""

    def __init__(
        self,
        database: Database,
        pages: Sequence[Page],
        shell: Shell,
        outlook: Callable[[Request], Outlook],
    ) -> None:
        self._database = database
        self._outlook = outlook
        self._shell = shell
        self._places = [page.place for page in pages if page.place is not None]
        self._sign_in = SignIn(database, shell.main_sid)
        self._routes = [
            (Matcher(AT + route.path, _never, methods=[route.method]), route)
            for page in pages
            for route in page.routes()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        nonce = visitor.nonce()
        try:
            response = await self._answer(request, nonce)
        except Exception as wrong:  # noqa: BLE001 - one place decides what each means
            response = self._failed(wrong, request, nonce)
        await response(scope, receive, send)

    async def _answer(self, request: Request, nonce: str) -> Response:
        path: str = request.scope["path"]
        if path.startswith(f"{AT}/static/"):
            accepted = request.headers.get("accept-encoding", "")
            name = path.removeprefix(f"{AT}/static/")
            return static.answer(name, accepted) or self._gone(request, nonce)
        outlook = self._outlook(request)
        who = await self._admitted(request, outlook)
        if (entrance := await self._sign_in.answer(request, who, outlook, nonce)) is not None:
            return entrance
        if who is None:
            return await self._stranger(request, nonce)
        return await self._page(request, who, outlook, nonce)

    async def _admitted(self, request: Request, outlook: Outlook) -> Visitor | None:
        """Whoever it is; what is not ours, or could not be kept, ends here."""
        path, query = request.scope["path"], request.query_params
        visitor.refuse_nul(path, *query.keys(), *query.values())
        who = await self._visitor(request)
        if request.method in _SAFE:
            return who
        if not await visitor.is_ours(request, who, outlook.origin):
            raise Refused(20403, "This was not asked for by a page of the console. Load it again.")
        await visitor.form_of(request)
        return who

    async def _stranger(self, request: Request, nonce: str) -> Response:
        route = self._match(request)
        if route is not None and route.open is not None:
            return await route.open(request, nonce)
        return _to_sign_in(request, nonce)

    async def _page(self, request: Request, who: Visitor, outlook: Outlook, nonce: str) -> Response:
        route = self._match(request)
        if route is None:
            raise Gone
        if not who.may(route.role):
            raise Refused(20403, f"This needs the role {route.role.name.lower()}.")
        context = await self._shell.context(request, who, self._seen(who))
        visit = Visit(request, who, outlook, context["account"], context["main"], nonce, context)
        response = await route.answer(visit)
        if route.method == "POST" and route.changes and response.status_code < _WRONG:
            await self._note(visit)
        return response

    async def _note(self, visit: Visit) -> None:
        """Every change by a person is in the book."""
        form = (await visit.form()).multi_items()
        await audit.note(
            self._database,
            account_sid=visit.account_sid,
            who=f"{visit.visitor.user.name} (console)",
            address=visit.outlook.address,
            action=f"POST {visit.request.scope['path']}",
            detail=audit.told((name, value) for name, value in form if isinstance(value, str)),
        )

    def _match(self, request: Request) -> Route | None:
        scope = {**request.scope, "type": "http"}
        if request.method == "HEAD":
            scope["method"] = "GET"
        for matcher, route in self._routes:
            match, found = matcher.matches(scope)
            if match is Match.FULL:
                request.scope["path_params"] = found["path_params"]
                return route
        return None

    def _is_page(self, path: str) -> bool:
        asked = {"type": "http", "method": "GET", "path": path}
        return any(matcher.matches(asked)[0] is Match.FULL for matcher, _ in self._routes)

    def _seen(self, who: Visitor) -> list[Place]:
        return [place for place in self._places if who.may(place.role)]

    async def _visitor(self, request: Request) -> Visitor | None:
        secret = visitor.secret_of(request)
        found = await actions.find(self._database, secret) if secret else None
        return Visitor(found[1], found[0], secret) if found and secret else None

    def _gone(self, request: Request, nonce: str) -> Response:
        return self._failed(Gone(), request, nonce)

    def _failed(self, wrong: Exception, request: Request, nonce: str) -> Response:
        meaning = _meaning(wrong)
        if meaning is None:
            log.error("console.failed", path=request.scope["path"], exc_info=wrong)
            meaning = 500, "This went wrong", "It is in the log."
        status, title, text = meaning
        back = way_back(request, self._is_page)
        values = {"title": title, "text": text, "nonce": nonce, "back": back}
        told = dict(headers.of_notice(nonce, title))
        return HTMLResponse(render("notice.html", values), status, told)


def _meaning(wrong: Exception) -> tuple[int, str, str] | None:
    """The status, what is said, and what more; None for what nobody has foreseen."""
    match wrong:
        case Gone():
            return 404, "There is no such page", "It may have been deleted."
        case Refused() | Failure():
            return wrong.status, wrong.message, f"Error {wrong.code}"
        case Mistake():
            return 400, f"{wrong.name} {wrong.why}", f"Error {wrong.code}"
        case DatabaseUnavailable() | Overloaded() | TimeoutError():
            return 503, "The database does not answer", "Try again in a moment."
    return None


async def _never(_request: Request) -> Response:
    raise RuntimeError("only its path is asked for")


def _to_sign_in(request: Request, nonce: str) -> Response:
    """Whoever is away comes back to the same page."""
    path: str = request.scope["path"]
    query = request.url.query
    wanted = f"{path}?{query}" if query else path
    where = f"{AT}/sign-in?{urlencode({'to': wanted})}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303, dict(headers.of_page(nonce)))
