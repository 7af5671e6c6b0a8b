"""Answers that are a page, and what stands in for one."""

from collections.abc import Awaitable, Callable, Mapping
from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from magpie.kit.blobs import BlobMissing
from magpie.kit.db import DatabaseUnavailable
from magpie.kit.rest import NotFound
from magpie.links.limits import Limiter
from magpie.links.page.document import notice
from magpie.links.page.html import Html
from magpie.links.page.style import ICON, POLICY

Address = Callable[[Request], str]
"""Gives the address of the client, behind whatever proxies."""

ROBOTS: Final = "noindex, nofollow, noarchive"
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": ROBOTS,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_DAY: Final = 86400
_PATIENCE: Final = 2.0


class Away(Exception):  # noqa: N818 - what a visitor finds
    """There is no page; `title` and `text` say why."""

    def __init__(self, status: int, title: str, text: str, wait: float = 0.0) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.wait = wait


def unknown() -> Away:
    return Away(
        404,
        "There is nothing here",
        "The address may not have been copied whole. Open the link from the message again.",
    )


def over() -> Away:
    return Away(
        410,
        "This link has ended",
        "Links end after a while, or when they are taken back. Ask whoever sent it for a new one.",
    )


def too_many(wait: float) -> Away:
    return Away(
        429, "Too many requests", "Wait a minute, then open the link from the message again.", wait
    )


def page(content: Html, status: int = 200) -> Response:
    return HTMLResponse(content, status, _HEADERS)


def away(why: Away) -> Response:
    answer = page(notice(why.title, why.text), why.status)
    if why.wait:
        answer.headers["Retry-After"] = str(ceil(why.wait))
    return answer


async def guarded(answer: Awaitable[Response]) -> Response:
    """Whatever is wrong, a person reads a page."""
    try:
        return await answer
    except Away as why:
        return away(why)
    except (NotFound, BlobMissing):
        return away(unknown())
    except (DatabaseUnavailable, TimeoutError):
        text = "Try again in a moment."
        return away(Away(503, "This page cannot be shown right now", text, _PATIENCE))


async def robots(_request: Request) -> Response:
    """For /robots.txt: links are for those to whom they were sent (RFC 9309)."""
    headers = {"Cache-Control": f"public, max-age={_DAY}"}
    return PlainTextResponse("User-agent: *\nDisallow: /m/\n", headers=headers)


async def icon(_request: Request) -> Response:
    headers = {
        "Cache-Control": f"public, max-age={_DAY}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(ICON, media_type="image/svg+xml", headers=headers)


class Turnstile:
    """Lets an address through as often as the limits say; raises Away with 429."""

    def __init__(self, limiter: Limiter, address: Address) -> None:
        self._limiter = limiter
        self._address = address

    def enter(self, request: Request) -> None:
        wait = self._limiter.wait(self._address(request))
        if wait > 0:
            raise too_many(wait)

    def found(self, request: Request) -> None:
        self._limiter.hit(self._address(request))

    def missed(self, request: Request) -> None:
        self._limiter.missed(self._address(request))
