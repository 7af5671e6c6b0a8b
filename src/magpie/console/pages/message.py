"""One message: its whole story, what was sent of its media, and what can be done with it."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from starlette.responses import Response

from magpie import sids
from magpie.console import headers, same
from magpie.console.gantt import bars
from magpie.console.page import Place, Route
from magpie.console.request import Came, came
from magpie.console.visit import Visit
from magpie.console.wire import Wire
from magpie.errors import Refused, text_of
from magpie.kit.blobs import BlobMissing
from magpie.kit.db import Database
from magpie.links import store as links
from magpie.links.shorten import as_written
from magpie.media import store as media_store
from magpie.media.model import VERDICTS, Media, State
from magpie.media.shelf import Shelf
from magpie.messages import store, timeline
from magpie.messages.change import Change
from magpie.messages.lifecycle import FINISHED, Status, may_move
from magpie.messages.model import Message
from magpie.messages.raw import masks
from magpie.messages.raw import store as raw_requests
from magpie.messages.story import Hop, is_held, tell
from magpie.users.model import Role

_DIGEST: Final = re.compile("[0-9a-f]{64}")
_MOST_LINKS: Final = 50


class MessagePage:
    place: Place | None = None

    def __init__(
        self, database: Database, shelf: Shelf, change: Change, wire: Wire, base_url: str
    ) -> None:
        self._database = database
        self._wire = wire
        self._shelf = shelf
        self._change = change
        self._base_url = base_url

    def routes(self) -> Sequence[Route]:
        at = "/messages/{sid}"
        return (
            Route(at, self.show),
            Route(f"{at}/media/{{digest}}", self.media),
            Route(f"{at}/cancel", self.cancel, "POST", Role.AGENT),
            Route(f"{at}/redact", self.redact, "POST", Role.OPERATOR),
            Route(f"{at}/delete", self.delete, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        message = await self._find(visit)
        hops = await self._hops(message)
        media = await media_store.of_message(self._database, message.account_sid, message.id)
        shown = {"sid": message.sid, "to": message.to, "status": message.status}
        story = tell(shown | {"error_code": message.error_code}, hops)
        found = await links.page(self._database, message.account_sid, message.id, most=_MOST_LINKS)
        written = replace(message, body=as_written(message.body, found))
        fields = same.fields_of(written, media)
        return visit.page(
            "message.html",
            message=message,
            story=story,
            bars=bars(hops),
            media=pairs(media, hops),
            wired=self._wire.of(message, hops),
            links=found,
            came=await self._came(message),
            callbacks=[hop for hop in hops if hop.name == "webhook"],
            error=text_of(message.error_code) if message.error_code else "",
            again=_again(message, fields) if visit.may(Role.AGENT) else {},
            snippets=_safe(same.snippets(fields, self._base_url, message.account_sid)),
            row=masks.urls(msgspec.json.format(msgspec.json.encode(message), indent=2).decode()),
            callback=masks.urls(message.status_callback or ""),
            held=is_held(message.status, hops),
            cancelable=may_move(Status(message.status), Status.CANCELED),
            finished=Status(message.status) in FINISHED,
        )

    async def media(self, visit: Visit) -> Response:
        """Bytes that belong to the message: as they were sent to us, or as they went on."""
        message = await self._find(visit)
        digest = visit.path["digest"]
        media = await media_store.of_message(self._database, message.account_sid, message.id)
        types = {item.digest: item.content_type for item in media if item.digest}
        types |= made_types(await self._hops(message))
        if not _DIGEST.fullmatch(digest) or digest not in types:
            raise Refused(20404)
        try:
            content = await self._shelf.get(digest)
        except BlobMissing:
            raise Refused(20404, "These bytes are not kept any more.") from None
        kind = types[digest]
        shown = kind in VERDICTS and kind.startswith(("image/", "audio/", "video/"))
        disposition = {"Content-Disposition": "inline" if shown else "attachment"}
        return Response(content, 200, {**headers.of_media(), **disposition}, kind)

    async def cancel(self, visit: Visit) -> Response:
        message = await self._change.cancel(await self._find(visit))
        return visit.see(f"/messages/{message.sid}", "It will not be sent.")

    async def redact(self, visit: Visit) -> Response:
        message = await self._change.redact(await self._find(visit))
        return visit.see(f"/messages/{message.sid}", "Its text is gone for good.")

    async def delete(self, visit: Visit) -> Response:
        await self._change.delete(await self._find(visit))
        return visit.see("/messages", "The message and its media are deleted.")

    async def _find(self, visit: Visit) -> Message:
        sid = visit.path["sid"]
        if sids.is_sid(sid, "SM", "MM"):
            found = await store.get(self._database, visit.account_sid, sids.uuid_of(sid))
            if found is not None and found.sid == sid:
                return found
        raise Refused(20404, "There is no such message in this account.")

    async def _came(self, message: Message) -> Came | None:
        request = await raw_requests.get(self._database, message.account_sid, message.id)
        return came(message, request) if request else None

    async def _hops(self, message: Message) -> list[Hop]:
        rows = await timeline.of_message(self._database, message.account_sid, message.id)
        return [Hop(row.at, row.hop, row.detail or {}) for row in rows]


def _safe(snippets: dict[str, str]) -> dict[str, str]:
    """Without passwords in URLs: who may look may not call."""
    return {language: masks.urls(text) for language, text in snippets.items()}


def _again(message: Message, fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What the form to send begins with: the same, or what a phone said turned round."""
    if not message.inbound:
        return dict(reversed(fields))
    return {"To": message.from_ or "", "From": message.to}


class Pair(msgspec.Struct, frozen=True):
    """A medium as it came, and each form in which it went on: for whom, and by which rule."""

    media: Media
    stored: bool
    made: list[dict[str, Any]]


def pairs(media: Sequence[Media], hops: Sequence[Hop]) -> list[Pair]:
    told = [hop.detail for hop in hops if hop.name == "adapted"]
    told += [hop.detail["adapted"] for hop in hops if isinstance(hop.detail.get("adapted"), dict)]
    found = []
    for place, item in enumerate(media):
        made = [
            detail["parts"][place] | {"for": detail.get("for", ""), "budget": detail.get("budget")}
            for detail in told
            if place < len(detail.get("parts", ()))
        ]
        found.append(Pair(item, item.state == State.STORED, made))
    return found


def made_types(hops: Sequence[Hop]) -> dict[str, str]:
    """Content types of what was made, by its digest."""
    return {
        form["digest"]: form["content_type"]
        for hop in hops
        for detail in (hop.detail, hop.detail.get("adapted") or {})
        for part in detail.get("parts", ())
        if (form := part.get("is")) and "digest" in form
    }
