"""One request to the console, and the ways to answer it."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from magpie.accounts.model import Account
from magpie.console import headers
from magpie.console.note import told
from magpie.console.render import render
from magpie.console.visitor import Visitor, form_of
from magpie.users.model import Role


class Outlook(NamedTuple):
    """How we look to this visitor: `origin` without a slash, `address` is his, `secure` for TLS."""

    origin: str
    address: str
    secure: bool


class Visit:
    """`account` is the one that he looks at, one of those that `main` owns, or itself."""

    def __init__(
        self,
        request: Request,
        visitor: Visitor,
        outlook: Outlook,
        account: Account,
        main: Account,
        nonce: str,
        shell: Mapping[str, Any],
    ) -> None:
        self.request = request
        self.visitor = visitor
        self.outlook = outlook
        self.account = account
        self.main = main
        self.nonce = nonce
        self._shell = shell

    @property
    def account_sid(self) -> str:
        return self.account.sid

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    @property
    def path(self) -> Mapping[str, str]:
        return self.request.path_params

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a piece of the page."""
        return "hx-request" in self.request.headers and "hx-boosted" not in self.request.headers

    async def form(self) -> FormData:
        return await form_of(self.request)

    def may(self, role: Role) -> bool:
        return self.visitor.may(role)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A whole page, or with `partial` the same template's block `content`."""
        values = {**self._shell, "visit": self, "nonce": self.nonce, **context}
        block = "content" if self.partial else None
        return self._html(render(template, values, block), status)

    def piece(self, template: str, block: str, status: int = 200, **context: Any) -> Response:
        """One block of a template."""
        values = {**self._shell, "visit": self, "nonce": self.nonce, **context}
        return self._html(render(template, values, block), status)

    def see(self, path: str, note: str = "", **query: str) -> Response:
        """After a change, elsewhere; `note` is shown there once."""
        given = query | told(note, self.visitor.csrf)
        where = f"/console{path}" + (f"?{urlencode(given)}" if given else "")
        if "hx-request" in self.request.headers:
            return Response(status_code=204, headers={"HX-Redirect": where})
        return RedirectResponse(where, 303, dict(headers.of_page(self.nonce)))

    def nothing(self) -> Response:
        """It was done, and the page stays as it is."""
        return Response(status_code=204)

    def _html(self, text: str, status: int) -> Response:
        return HTMLResponse(text, status, dict(headers.of_page(self.nonce)))
