"""Media on their way into a message: named by URL, handed in with the request, or from a phone."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from magpie import sids
from magpie.errors import Refused, text_of
from magpie.kit import clock
from magpie.kit.queue import Put
from magpie.media.check import NOT_HANDLED, check_all
from magpie.media.fit import Source
from magpie.media.model import Media, State, plain_type
from magpie.media.names import safe_name
from magpie.media.shelf import Shelf

_BAD_UPLOAD = 12301
# RFC 6838, 4.2: restricted-name.
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")


class File(Protocol):
    """Something with content that is already here."""

    @property
    def name(self) -> str | None: ...

    @property
    def content_type(self) -> str: ...

    @property
    def content(self) -> bytes: ...


def pending(
    account_sid: str,
    message_id: UUID,
    urls: Sequence[str],
    now: datetime,
    here: Sequence[Media] = (),
) -> tuple[tuple[Media, ...], Put | None]:
    """Give the rows of media that are still to be fetched, and the job that works on all of them.

    The job has the message's id and stands in the lane of the first URL's host; media that are
    `here` already have only to be adapted.
    """
    if not urls and not here:
        return (), None
    rows = tuple(
        media_row(account_sid, message_id, n, now, source_url=url) for n, url in enumerate(urls)
    )
    host = (urlsplit(urls[0]).hostname or "") if urls else ""
    return rows, Put(account_sid=account_sid, lane=host[:200], id=message_id, payload=b"")


def media_row(
    account_sid: str,
    message_id: UUID,
    position: int,
    now: datetime,
    *,
    source_url: str | None = None,
    content_type: str = "",
    size: int = 0,
    digest: str | None = None,
    file_name: str | None = None,
) -> Media:
    return Media(
        account_sid,
        message_id,
        sids.new("ME", clock.uuid7()),
        position,
        State.STORED if digest else State.PENDING,
        content_type,
        size,
        digest,
        source_url,
        file_name,
        now,
        now,
    )


class Uploads:
    """Stores files that are already here; their bytes are durable before any row names them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def posted(
        self, account_sid: str, message_id: UUID, files: Sequence[File]
    ) -> list[Media]:
        """Files of a request's `Media` fields; raises Refused 12301, 63019, 63021 or 11751."""
        _check(files)
        return await self._store(account_sid, message_id, files)

    async def loose(self, files: Sequence[File]) -> list[Source]:
        """Files that no message has: kept for an hour. Raises as `posted`."""
        _check(files)
        return [
            Source(
                content_type=_type(file.content_type),
                size=len(file.content),
                digest=await self._shelf.put(file.content),
            )
            for file in files
        ]

    async def inbound(
        self, account_sid: str, message_id: UUID, files: Sequence[File]
    ) -> list[Media]:
        """What a phone sent is kept as it is: it is served with care, not refused."""
        return await self._store(account_sid, message_id, files)

    async def _store(
        self, account_sid: str, message_id: UUID, files: Sequence[File]
    ) -> list[Media]:
        now = clock.now()
        return [
            media_row(
                account_sid,
                message_id,
                position,
                now,
                content_type=_type(file.content_type),
                size=len(file.content),
                digest=await self._shelf.put(file.content),
                file_name=safe_name(file.name),
            )
            for position, file in enumerate(files)
        ]


def _check(files: Sequence[File]) -> None:
    wrong = check_all([(file.content_type, file.content) for file in files])
    if wrong is not None:
        code = _BAD_UPLOAD if wrong[0] == NOT_HANDLED else wrong[0]
        raise Refused(code, f"{text_of(code)} ({wrong[1]})", status=400)


def _type(content_type: str) -> str:
    """What a carrier says is no header of ours before it looks like one."""
    plain = plain_type(content_type)
    return plain if _TYPE.fullmatch(plain) else "application/octet-stream"
