"""Signing in, by a password or by a link that works once, and out."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from magpie.accounts.throttle import Throttle
from magpie.audit import actions as audit
from magpie.console import headers, visitor
from magpie.console.browsers import browser
from magpie.console.render import render
from magpie.console.visit import Outlook
from magpie.console.visitor import Visitor
from magpie.kit.db import Database
from magpie.users import actions
from magpie.users.model import User

_AT: Final = "/console/sign-in"
_LINK: Final = "/console/sign-in/"
_OUT: Final = "/console/sign-out"
_HOME: Final = "/console"


class SignIn:
    """`account_sid` is whose book says who came and went: that of the platform."""

    def __init__(self, database: Database, account_sid: str) -> None:
        self._database = database
        self._account_sid = account_sid
        self._throttle = Throttle()

    async def answer(
        self, request: Request, who: Visitor | None, outlook: Outlook, nonce: str
    ) -> Response | None:
        """None for a path of somebody else."""
        path: str = request.scope["path"]
        if path == _OUT and request.method == "POST":
            return await self._out(who, outlook, nonce)
        if path.startswith(_LINK):
            return await self._link(request, path.removeprefix(_LINK), outlook, nonce)
        if path != _AT:
            return None
        if request.method == "POST":
            return await self._enter(request, outlook, nonce)
        return _form(nonce, to=request.query_params.get("to", ""))

    async def _enter(self, request: Request, outlook: Outlook, nonce: str) -> Response:
        form = await visitor.form_of(request)
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        to = str(form.get("to", ""))
        guess = (name, outlook.address)
        if wait := self._throttle.wait(guess):
            return _form(nonce, 429, name, to, f"Too many tries. Wait {wait:.0f} seconds.")
        user = await actions.by_password(self._database, name, password)
        if user is None:
            self._throttle.failed(guess)
            return _form(nonce, 401, name, to, "Name or password is wrong.")
        self._throttle.succeeded(guess)
        return await self._in(request, user, outlook, nonce, to)

    async def _link(self, request: Request, secret: str, outlook: Outlook, nonce: str) -> Response:
        """Asks first: programs that look at links before people do must not use it up."""
        if request.method != "POST":
            return _html("link.html", nonce, secret=secret, to=request.query_params.get("to", ""))
        user = await actions.by_link(self._database, secret)
        if user is None:
            return _form(nonce, 410, error="This link has been used, or is older than an hour.")
        to = str((await visitor.form_of(request)).get("to", ""))
        return await self._in(request, user, outlook, nonce, to)

    async def _in(
        self, request: Request, user: User, outlook: Outlook, nonce: str, to: str
    ) -> Response:
        agent = request.headers.get("user-agent", "")
        _, secret = await actions.begin(self._database, user, outlook.address, agent)
        how = "link" if request.scope["path"].startswith(_LINK) else "password"
        await self._note(_AT, user, outlook, {"by": how, "browser": browser(agent)})
        response = RedirectResponse(_inside(to), 303, dict(headers.of_page(nonce)))
        visitor.give(response, secret, secure=outlook.secure)
        return response

    async def _out(self, who: Visitor | None, outlook: Outlook, nonce: str) -> Response:
        if who is not None:
            await actions.end(self._database, who.session.id, who.user)
            await self._note(_OUT, who.user, outlook, {})
        response = RedirectResponse(_AT, 303, dict(headers.of_page(nonce)))
        visitor.take_back(response)
        return response

    async def _note(self, path: str, user: User, outlook: Outlook, detail: dict[str, str]) -> None:
        await audit.note(
            self._database,
            account_sid=self._account_sid,
            who=f"{user.name} (console)",
            address=outlook.address,
            action=f"POST {path}",
            detail=detail,
        )


def _inside(to: str) -> str:
    """Only to a page of ours: no scheme, no host, no backslash."""
    ours = to.startswith(f"{_HOME}/") and "\\" not in to and "//" not in to and to.isprintable()
    return to if ours else _HOME


def _form(nonce: str, status: int = 200, name: str = "", to: str = "", error: str = "") -> Response:
    return _html("sign_in.html", nonce, status, name=name, to=to, error=error)


def _html(template: str, nonce: str, status: int = 200, **values: str) -> Response:
    text = render(template, {"nonce": nonce, **values})
    return HTMLResponse(text, status, dict(headers.of_page(nonce)))
