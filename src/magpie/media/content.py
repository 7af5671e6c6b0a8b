"""The bytes of media over HTTP, served so that nothing in them can run."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from magpie import sids
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing
from magpie.kit.db import Database
from magpie.kit.rest import Caller, NotFound
from magpie.media import store
from magpie.media.links import Signer
from magpie.media.model import VERDICTS, Media, State
from magpie.media.ranges import Unsatisfiable, byte_range, matches
from magpie.media.shelf import Shelf

MessageSid = Callable[[str, UUID], Awaitable[str | None]]
"""Gives the SM or MM sid of an account's message, None if there is none."""

PATH: Final = "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}"

_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-site",
    "Cache-Control": "private, no-cache",  # to be asked for again: what is deleted is gone
    "Referrer-Policy": "no-referrer",
}
# What a browser shows by itself; the rest, and what is on no list of ours, is saved to a file.
_INLINE: Final = ("image/", "audio/", "video/")
_STREAMED: Final = ("audio/", "video/")


class Content:
    """GET and HEAD .../Media/ME..: with credentials, or by a signed URL."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        signer: Signer,
        authorize: Callable[[Request], Awaitable[Caller]],
        message_sid: MessageSid,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._signer = signer
        self._authorize = authorize
        self._message_sid = message_sid

    async def get(self, request: Request) -> Response:
        """Raises NotFound, or what `authorize` raises."""
        media = await self._media(await self._account(request), request)
        if media is None or media.state != State.STORED or media.digest is None:
            raise NotFound.at(request.scope["path"])
        return await serve(self._shelf, request, media)

    async def _account(self, request: Request) -> str:
        path, query = request.path_params, request.query_params
        account_sid: str = path["AccountSid"]
        names = (account_sid, path["MessageSid"], path["Sid"])
        signed = (query.get("Expires", ""), query.get("Signature", ""))
        if self._signer.allows(*names, *signed, clock.now()):
            return account_sid
        return (await self._authorize(request)).account_sid

    async def _media(self, account_sid: str, request: Request) -> Media | None:
        message, sid = request.path_params["MessageSid"], request.path_params["Sid"]
        if not sids.is_sid(message, "SM", "MM"):
            return None
        id_ = sids.uuid_of(message)
        if await self._message_sid(account_sid, id_) != message:
            return None
        return await store.get(self._database, account_sid, id_, sid)


async def serve(shelf: Shelf, request: Request, media: Media, **more: str) -> Response:
    """Bytes that are stored, or the range of them that is asked for; raises NotFound.

    `more` headers go before the usual ones; their names are written with underscores.
    """
    headers = headers_of(media) | {name.replace("_", "-"): said for name, said in more.items()}
    if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        part = _part(request, media, headers["ETag"])
    except Unsatisfiable:
        headers["Content-Range"] = f"bytes */{media.size}"
        return Response(status_code=416, headers=headers)
    first, end = part or (0, media.size)
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{media.size}"
    headers["Content-Type"] = media.content_type
    headers["Content-Length"] = str(end - first)
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    try:
        content = await shelf.get(media.digest or "")
    except BlobMissing:
        raise NotFound.at(request.scope["path"]) from None
    return Response(content[first:end], status, headers)


def headers_of(media: Media) -> dict[str, str]:
    shown = media.content_type in VERDICTS and media.content_type.startswith(_INLINE)
    kind = "inline" if shown else "attachment"
    name = f'; filename="{media.file_name}"' if media.file_name else ""
    headers = {**_HEADERS, "ETag": f'"{media.digest}"', "Content-Disposition": kind + name}
    if media.content_type.startswith(_STREAMED):
        headers["Accept-Ranges"] = "bytes"
    return headers


def _part(request: Request, media: Media, etag: str) -> tuple[int, int] | None:
    """A range of other bytes than these (If-Range) is not a range of these."""
    streamed = media.content_type.startswith(_STREAMED)
    if not streamed or request.headers.get("if-range", etag) != etag:
        return None
    return byte_range(request.headers.get("range", ""), media.size)
