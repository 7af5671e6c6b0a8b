"""Who looks at the console, and how his browser proves it."""

import hmac
import secrets
from hashlib import sha256
from typing import Final

import msgspec
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from magpie.errors import Refused
from magpie.users.actions import LASTS
from magpie.users.model import Role, Session, User

_PLAIN, _SECURE = "magpie_session", "__Host-magpie_session"
_FIELD: Final = "csrf"
_HEADER: Final = "x-csrf-token"
_SAME: Final = frozenset(("same-origin", "none"))


class Visitor(msgspec.Struct, frozen=True):
    """`secret` is that of the session's cookie; `csrf` proves that a form came from our page."""

    user: User
    session: Session
    secret: str

    @property
    def csrf(self) -> str:
        return hmac.new(self.secret.encode(), b"csrf", sha256).hexdigest()

    def may(self, role: Role) -> bool:
        return self.user.may(role)


def secret_of(request: Request) -> str | None:
    return request.cookies.get(_SECURE) or request.cookies.get(_PLAIN)


def give(response: Response, secret: str, *, secure: bool) -> None:
    response.set_cookie(
        _SECURE if secure else _PLAIN,
        secret,
        max_age=int(LASTS.total_seconds()),
        path="/" if secure else "/console",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response) -> None:
    response.delete_cookie(_PLAIN, path="/console")
    response.delete_cookie(_SECURE, path="/", secure=True)


async def is_ours(request: Request, visitor: Visitor | None, origin: str) -> bool:
    """Whether a change was asked for by our own page (OWASP: token, Origin and Fetch Metadata).

    `origin` is how we look from outside. The sign-in page, which knows no session yet, has no
    token: there the browser's word must do.
    """
    told = request.headers.get("origin")
    if told is not None and told.lower() != origin.lower():
        return False
    if request.headers.get("sec-fetch-site", "same-origin") not in _SAME:
        return False
    if visitor is None:
        return told is not None
    given = request.headers.get(_HEADER)
    if given is None:
        given = str((await form_of(request)).get(_FIELD, ""))
    return hmac.compare_digest(given.encode(), visitor.csrf.encode())


async def form_of(request: Request) -> FormData:
    """With what a message may have at most; whatever breaks that is refused."""
    try:
        form = await request.form(max_files=10, max_part_size=8 * 2**20)
    except MultiPartException as wrong:
        raise Refused(20422, wrong.message, status=400) from None
    for name, value in form.multi_items():
        refuse_nul(name, value if isinstance(value, str) else value.filename or "")
    return form


def refuse_nul(*given: str) -> None:
    """No text column of PostgreSQL can hold it, and no browser writes it by itself."""
    if any("\0" in text for text in given):
        raise Refused(20422, "What was sent has a NUL in it.", status=400)


def nonce() -> str:
    return secrets.token_urlsafe(16)
