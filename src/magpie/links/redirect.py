"""Where a shortened link leads, and the callback that tells of a click.

A request is looked at only if its whole path is a token's ten characters and its Host is a domain
of somebody's; every other one goes on untouched.
"""

from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.queue import Put, Queue
from magpie.links import answers, store
from magpie.links.answers import Address, Turnstile
from magpie.links.book import LinkBook
from magpie.links.domains.model import Domain, host_of
from magpie.links.limits import Limiter
from magpie.links.model import Kind, Link, Open
from magpie.links.tokens import is_url_token
from magpie.links.visit import Opened, nobody, note, open_of
from magpie.webhooks.model import Delivery, lane_of

Params = list[tuple[str, str]]


class Redirect:
    """An ASGI application in front of `otherwise`, for what is no product's."""

    def __init__(
        self,
        database: Database,
        book: LinkBook,
        webhooks: Queue,
        otherwise: ASGIApp,
        *,
        host: Address,
        address: Address,
        limiter: Limiter,
        opened: Opened = nobody,
    ) -> None:
        """`host` gives the Host that the client named, behind whatever proxies."""
        self._database = database
        self._book = book
        self._webhooks = webhooks
        self._otherwise = otherwise
        self._host = host
        self._turnstile = Turnstile(limiter, address)
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _may_be_a_link(scope):
            try:
                response = await answers.guarded(self._answer(Request(scope)))
            except _ElsewhereError:
                pass
            else:
                await response(scope, receive, send)
                return
        await self._otherwise(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        domain = await self._domain(request)
        self._turnstile.enter(request)
        link = await store.find(self._database, request.scope["path"][1:])
        if link is None or (link.kind, link.domain_sid) != (Kind.URL, domain.sid):
            self._turnstile.missed(request)
            return _fallback(domain, answers.unknown())
        self._turnstile.found(request)
        if link.is_over(clock.now()):
            return _fallback(domain, answers.over())
        async with self._database.transaction() as connection:
            await self._note(connection, open_of(request, link), domain)
        return _to(link.target or "")

    async def _domain(self, request: Request) -> Domain:
        name = host_of(self._host(request))
        domain = await self._book.domain_named(name) if name else None
        if domain is None:
            raise _ElsewhereError
        return domain

    async def _note(self, connection: Connection, visit: Open, domain: Domain) -> None:
        link = await note(connection, visit, self._opened)
        if link is not None and visit.person and domain.callback_url:
            await self._webhooks.put(connection, [click_put(link, visit, domain.callback_url)])


class _ElsewhereError(Exception):
    """The request is not for a domain of links."""


def click_params(link: Link, visit: Open) -> Params:
    """As Twilio's click events are called (messaging-services.md section 9)."""
    return [
        ("event_type", "click"),
        ("sms_sid", link.message_sid),
        ("to", link.to or ""),
        ("from", link.from_ or ""),
        ("link", link.target or ""),
        ("click_time", f"{visit.at:%Y-%m-%dT%H:%M:%SZ}"),
        ("messaging_service_sid", link.messaging_service_sid or ""),
        ("account_sid", link.account_sid),
        ("user_agent", visit.user_agent),
    ]


def click_put(link: Link, visit: Open, url: str) -> Put:
    params = click_params(link, visit)
    delivery = Delivery(kind="status", resource=link.message_id, url=url, params=params)
    return Put(
        account_sid=link.account_sid,
        lane=lane_of(url),
        id=clock.uuid7(),
        payload=msgspec.json.encode(delivery),
    )


def location(target: str) -> str:
    """A header can say only ASCII: names in Punycode, the rest in percents (RFC 3987, 3.1)."""
    if target.isascii():
        return target
    try:
        return str(URL(target))
    except ValueError:
        return quote(target, safe="%/:=&?~#+!$,;'@()*[]")


def _may_be_a_link(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and is_url_token(scope["path"][1:])
        and scope["method"] in {"GET", "HEAD"}
    )


def _fallback(domain: Domain, why: answers.Away) -> Response:
    return _to(domain.fallback_url) if domain.fallback_url else answers.away(why)


def _to(target: str) -> Response:
    headers = {
        "Location": location(target),
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": answers.ROBOTS,
    }
    return Response(status_code=302, headers=headers)
