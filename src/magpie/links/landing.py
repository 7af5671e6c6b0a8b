"""What a link to media opens: a page for a phone, and below it the bytes (`/m/{token}`)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from magpie.kit import clock
from magpie.kit.blobs import BlobMissing
from magpie.kit.db import Database
from magpie.links import answers, store
from magpie.links.answers import Address, Turnstile
from magpie.links.limits import Limiter
from magpie.links.model import Kind, Link
from magpie.links.page import kinds
from magpie.links.page.document import Item, message_page
from magpie.links.page.style import ICON_PATH
from magpie.links.page.vcard import MOST_BYTES, Card, cards
from magpie.links.shorten import path_of, without_link
from magpie.links.tokens import is_media_token
from magpie.links.visit import Opened, nobody, note, open_of
from magpie.media import content
from magpie.media import store as media_store
from magpie.media.model import Media, State, plain_type
from magpie.media.names import renamed, safe_name
from magpie.media.shelf import Shelf

_PRESENT_SECONDS: Final = 20.0
_MOST_NUMBER: Final = 3  # digits


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says of a message beside its media."""

    body: str
    sender: str | None


WordsOf = Callable[[str, UUID], Awaitable[Words | None]]
"""Gives those of an account's message, None if there is none any more."""

Present = Callable[[str, Media], Awaitable[Media]]
"""Gives an account's medium in a form that browsers can show: itself, if there is none.

Raises TimeoutError when that form cannot be made now.
"""


async def as_it_is(_account_sid: str, media: Media) -> Media:
    return media


class Landing:
    """Knows a message by its link alone; what has ended or never was looks the same to guessers."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        words: WordsOf,
        *,
        address: Address,
        limiter: Limiter,
        present: Present = as_it_is,
        opened: Opened = nobody,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._words = words
        self._turnstile = Turnstile(limiter, address)
        self._present = present
        self._opened = opened

    def routes(self) -> list[Route]:
        methods = ["GET", "HEAD"]
        return [
            Route("/m/{token}", self.page, methods=methods),
            Route("/m/{token}/{n}", self.media, methods=methods),
            Route("/m/{token}/{n}/download", self.download, methods=methods),
            Route(ICON_PATH, answers.icon, methods=methods),
            Route("/robots.txt", answers.robots, methods=methods),
        ]

    async def page(self, request: Request) -> Response:
        return await answers.guarded(self._page(request))

    async def media(self, request: Request) -> Response:
        return await answers.guarded(self._shown(request))

    async def download(self, request: Request) -> Response:
        return await answers.guarded(self._saved(request))

    async def _page(self, request: Request) -> Response:
        link = await self._link(request)
        words = await self._words(link.account_sid, link.message_id)
        rows = await media_store.of_message(self._database, link.account_sid, link.message_id)
        if words is None or not rows:
            raise answers.over()
        items = await self._items(link, rows)
        async with self._database.transaction() as connection:
            await note(connection, open_of(request, link), self._opened)
        return answers.page(
            message_page(
                items,
                body=without_link(words.body, path_of(link)),
                sender=words.sender,
                sent=link.created_at,
                until=link.expires_at,
            )
        )

    async def _shown(self, request: Request) -> Response:
        link = await self._link(request)
        media = await self._presented(link, await self._medium(link, request))
        return await content.serve(self._shelf, request, media, X_Robots_Tag=answers.ROBOTS)

    async def _saved(self, request: Request) -> Response:
        """As it is shown: what a camera wrote into the file is not for whoever has the link."""
        link = await self._link(request)
        media = await self._presented(link, await self._medium(link, request))
        return await content.serve(
            self._shelf,
            request,
            media,
            X_Robots_Tag=answers.ROBOTS,
            Content_Disposition=f'attachment; filename="{_file_name(media)}"',
        )

    async def _link(self, request: Request) -> Link:
        self._turnstile.enter(request)
        token = request.path_params["token"]
        link = await store.find(self._database, token) if is_media_token(token) else None
        if link is None or link.kind != Kind.MEDIA:
            self._turnstile.missed(request)
            raise answers.unknown()
        self._turnstile.found(request)
        if link.is_over(clock.now()):
            raise answers.over()
        return link

    async def _medium(self, link: Link, request: Request) -> Media:
        text = request.path_params["n"]
        number = int(text) if text.isdecimal() and len(text) <= _MOST_NUMBER else 0
        rows = await media_store.of_message(self._database, link.account_sid, link.message_id)
        if not 0 < number <= len(rows) or rows[number - 1].state != State.STORED:
            raise answers.unknown()
        return rows[number - 1]

    async def _presented(self, link: Link, media: Media) -> Media:
        """Raises TimeoutError."""
        async with asyncio.timeout(_PRESENT_SECONDS):
            shown = await self._present(link.account_sid, media)
        return structs.replace(shown, file_name=renamed(media.file_name, shown.content_type))

    async def _items(self, link: Link, rows: Sequence[Media]) -> list[Item]:
        return await asyncio.gather(
            *(self._item(link, media, number) for number, media in enumerate(rows, 1))
        )

    async def _item(self, link: Link, media: Media, number: int) -> Item:
        shown = await self._ready(link, media)
        return Item(
            at=f"{link.token}/{number}",
            state=shown.state,
            content_type=plain_type(shown.content_type),
            size=shown.size,
            file_name=safe_name(shown.file_name),
            cards=await self._cards(shown) if shown.state == State.STORED else (),
        )

    async def _ready(self, link: Link, media: Media) -> Media:
        """What takes too long is told as still to come, as is what has to be fetched."""
        if media.state != State.STORED:
            return media
        try:
            return await self._presented(link, media)
        except TimeoutError:
            return structs.replace(media, state=State.PENDING)

    async def _cards(self, media: Media) -> list[Card]:
        if (
            kinds.kind_of(plain_type(media.content_type)) is not kinds.Kind.CARD
            or media.size > MOST_BYTES
        ):
            return []
        try:
            return cards(await self._shelf.get(media.digest or ""))
        except BlobMissing:
            return []


def _file_name(media: Media) -> str:
    ending = kinds.ending_of(media.content_type)
    usual = kinds.name_of(media.content_type).lower().replace(" ", "-")
    return safe_name(media.file_name) or (f"{usual}.{ending}" if ending else usual)
