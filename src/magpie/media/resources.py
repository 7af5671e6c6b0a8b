"""The media of a message: list, fetch and delete what is known of them."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypedDict
from uuid import UUID

from magpie import sids
from magpie.errors import Refused
from magpie.kit.db import Connection, Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, Uri, span
from magpie.media import actions, store
from magpie.media.content import MessageSid
from magpie.media.model import Media

Deleted = Callable[[Connection, str, Media], Awaitable[None]]
"""Told, inside the transaction, that a message has one media less."""


class FindMedia(Params):
    created = Param("DateCreated", span, doc="Only media of this day, or of this second.")
    created_by = Param("DateCreated<", span, doc="Only media until the end of this day.")
    created_since = Param("DateCreated>", span, doc="Only media from this day on.")


class ShownMedia(TypedDict):
    sid: str
    account_sid: str
    parent_sid: str
    content_type: str | None
    date_created: Moment
    date_updated: Moment
    uri: Uri


class _OfMessage(Collection[Media]):
    doc: ClassVar[str] = "The media of a message; without a suffix GET gives the bytes themselves."
    path: ClassVar[str] = "/Messages/{MessageSid}/Media"
    key: ClassVar[str] = "media_list"
    element: ClassVar[str] = "Media"
    plural_element: ClassVar[str | None] = "MediaList"

    def __init__(self, database: Database, message_sid: MessageSid, deleted: Deleted) -> None:
        self._database = database
        self._message_sid = message_sid
        self._deleted = deleted

    def represent(self, record: Media, call: Call) -> ShownMedia:
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "parent_sid": call.path["MessageSid"],
            "content_type": record.content_type or None,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "uri": call.link(record.sid),
        }

    async def _message(self, call: Call) -> UUID:
        """The message above; the two letters of its sid belong to it."""
        sid = call.path["MessageSid"]
        if sids.is_sid(sid, "SM", "MM"):
            id_ = sids.uuid_of(sid)
            if await self._message_sid(call.account_sid, id_) == sid:
                return id_
        raise call.not_found()


class MediaList(_OfMessage):
    filters: ClassVar[type[Params]] = FindMedia

    async def list(self, call: Call, given: FindMedia, page: PageRequest) -> Page[Media]:
        for key in (page.after, page.before):
            if key is not None and not sids.is_sid(key, "ME"):
                raise Refused(21481)
        since, by = given.created or given.created_since, given.created or given.created_by
        rows = await store.of_message(
            self._database,
            call.account_sid,
            await self._message(call),
            since.start if since else None,
            by.end if by else None,
        )
        return Page.of(rows, page, self.identify)


class Removal(_OfMessage):
    """Without a suffix only DELETE is about the record: GET is answered with the bytes."""

    suffixes: ClassVar[tuple[str, ...] | None] = ("",)

    async def delete(self, call: Call, sid: str) -> None:
        id_ = await self._message(call)
        async with self._database.transaction() as connection:
            gone = await actions.delete_one(connection, call.account_sid, id_, sid)
            if gone is None:
                raise call.not_found()
            await self._deleted(connection, call.account_sid, gone)


class MediaOf(Removal):
    suffixes: ClassVar[tuple[str, ...] | None] = (".json", ".xml")

    async def fetch(self, call: Call, sid: str) -> Media:
        media = await store.get(self._database, call.account_sid, await self._message(call), sid)
        if media is None:
            raise call.not_found()
        return media


def collections(
    database: Database, message_sid: MessageSid, deleted: Deleted
) -> tuple[Collection[Any], ...]:
    """The bytes themselves are not a collection: see `content`."""
    return tuple(kind(database, message_sid, deleted) for kind in (MediaList, MediaOf, Removal))
