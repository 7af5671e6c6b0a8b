"""Short links as a part of this platform: the page, the redirect, and the resources about both."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace
from starlette.requests import Request
from starlette.types import ASGIApp

from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.app.parts import Parts
from magpie.kit.db import Connection
from magpie.kit.rest import Router
from magpie.links import resources as links
from magpie.links.domains import resources as domains
from magpie.links.domains.own import Domains
from magpie.links.landing import Landing, Words
from magpie.links.limits import Limiter
from magpie.links.model import Link
from magpie.links.redirect import Redirect
from magpie.media.model import Media
from magpie.media.recipe import Unusable
from magpie.media.sandbox import SandboxFailed
from magpie.messages import store as messages
from magpie.messages import timeline
from magpie.messages.model import Hop

# A minute, of one address: all phones of a carrier may come from one.
_CLICKS: Final = 6_000


class ShortLinks:
    def __init__(self, parts: Parts, mounts: Mounts) -> None:
        self._parts = parts
        self._mounts = mounts

    def hang(self) -> None:
        """The resources about links."""
        p, mounts = self._parts, self._mounts
        mounts.hang(
            places.version("magpie"),
            links.Links(p.database, p.link_url),
            links.Opens(p.database),
            Domains(p.database),
        )
        mounts.hang(
            places.version("messaging"), *domains.collections(p.database, self._has_service)
        )

    def site(self) -> ASGIApp:
        """What stands outside of the API: the pages behind links, and the redirects."""
        p = self._parts
        landing = Landing(
            p.database,
            p.shelf,
            self._words,
            address=self._address,
            limiter=Limiter(),
            present=self._present,
            opened=opened,
        )
        return Redirect(
            p.database,
            p.links,
            p.queues.webhooks,
            Router(landing.routes(), failure=self._mounts.failure),
            host=self._host,
            address=self._address,
            limiter=Limiter(hits=_CLICKS),
            opened=opened,
        )

    async def _words(self, account_sid: str, message_id: UUID) -> Words | None:
        message = await messages.get(self._parts.database, account_sid, message_id)
        return Words(body=message.body, sender=message.from_) if message else None

    async def _present(self, _account_sid: str, media: Media) -> Media:
        """What cannot be made for a browser is offered as it was sent."""
        try:
            (part,) = (await self._parts.adaptation.for_page([media])).parts
        except Unusable:
            return media
        except SandboxFailed as failed:
            raise TimeoutError from failed
        if part.result is None:
            return media
        return replace(media, content_type=part.content_type, size=part.size, digest=part.digest)

    async def _has_service(self, account_sid: str, sid: str) -> bool:
        return await self._parts.services.find(account_sid, sid) is not None

    def _address(self, request: Request) -> str:
        return self._mounts.outside.client(request.scope, dict(request.scope["headers"]))

    def _host(self, request: Request) -> str:
        headers = dict(request.scope["headers"])
        return self._mounts.outside.host(request.scope, headers).decode("latin-1")


async def opened(connection: Connection, link: Link, at: datetime, user_agent: str) -> None:
    detail = {"link": link.token, "kind": link.kind, "count": link.opens, "user_agent": user_agent}
    hop = Hop(
        account_sid=link.account_sid,
        message_id=link.message_id,
        at=at,
        hop="opened",
        detail=detail,
    )
    await timeline.add(connection, [hop])
