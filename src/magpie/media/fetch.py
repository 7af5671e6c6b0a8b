"""Fetches what MediaUrls name, once a version of a URL (media-and-mms.md section 3)."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.egress import Egress, EgressError, Failure, Limits, Reply
from magpie.kit.joined import Joined
from magpie.media.cache import store as cache
from magpie.media.cache.freshness import freshness, may_keep
from magpie.media.cache.model import Cached
from magpie.media.check import TOO_LARGE, check
from magpie.media.model import MOST_BYTES, Media, plain_type
from magpie.media.names import name_of
from magpie.media.own import Own
from magpie.media.shelf import Shelf

LIMITS: Final = Limits(connect=5.0, read=15.0, total=30.0, most_bytes=MOST_BYTES)
_REDIRECTS: Final = 5
_AT_ONCE: Final = 32
_GENERIC: Final = 11200

_CODES: Final[Mapping[Failure, int]] = {
    Failure.HOST_NOT_FOUND: 11210,
    Failure.REFUSED: 11202,
    Failure.UNREACHABLE: 11205,
    Failure.CONNECT_TIMEOUT: 11201,
    Failure.READ_TIMEOUT: 11205,
    Failure.TOTAL_TIMEOUT: 11205,
    Failure.LOST: 11205,
    Failure.TLS_HANDSHAKE: 11220,
    Failure.CERTIFICATE_HOST: 11235,
    Failure.CERTIFICATE_EXPIRED: 11236,
    Failure.CERTIFICATE_PATH: 11237,
    Failure.PROTOCOL: 11206,
    Failure.TOO_LARGE: TOO_LARGE,
    Failure.REDIRECT_LOOP: 11215,
    Failure.BAD_REDIRECT: 11216,
}
_PASSING: Final = frozenset(
    {
        Failure.HOST_NOT_FOUND,
        Failure.REFUSED,
        Failure.UNREACHABLE,
        Failure.CONNECT_TIMEOUT,
        Failure.READ_TIMEOUT,
        Failure.LOST,
    }
)


class Trace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person is told of a fetch: the URL without its secrets, what came and in what time.

    A `cached` copy was used; with a status 304 its server was asked whether it still is the same.
    """

    url: str
    ms: float
    bytes: int = 0
    cached: bool = False
    status: int | None = None


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What a URL gave."""

    content_type: str
    size: int
    digest: str
    file_name: str | None
    trace: Trace


class FetchFailed(Exception):  # noqa: N818 - what became of it
    """`code` is of errors.md; what is `passing` may be tried again."""

    def __init__(self, code: int, detail: str, trace: Trace, *, passing: bool = False) -> None:
        self.code = code
        self.detail = detail
        self.trace = trace
        self.passing = passing
        super().__init__(f"{code}: {detail}")


class Fetcher:
    """Whoever of an account wants the same URL at the same time waits for one fetch."""

    def __init__(
        self, egress: Egress, database: Database, shelf: Shelf, own: Own | None = None
    ) -> None:
        self._own = own
        self._egress = egress
        self._database = database
        self._shelf = shelf
        self._joined: Joined[tuple[str, str], Copy] = Joined()
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, account_sid: str, url: str) -> Copy:
        """Raises FetchFailed. A fetch that others wait for outlives the one who began it."""
        return await self._joined.run((account_sid, url), lambda: self._fetch(account_sid, url))

    async def _fetch(self, account_sid: str, url: str) -> Copy:
        async with self._places:
            began = clock.monotonic()
            if (own := await self._own.find(account_sid, url) if self._own else None) is not None:
                return await self._again(own, _trace(url, began, cached=True))
            known = await cache.find(self._database, account_sid, url)
            if known is not None and known.fresh_until > clock.now():
                return _copy(known, _trace(url, began, cached=True))
            reply = await self._ask(url, known, began)
            trace = _trace(url, began, reply)
            if reply.status == HTTPStatus.NOT_MODIFIED and known is not None:
                kept = _renewed(known, reply)
                await cache.keep(self._database, kept)
                return _copy(kept, msgspec.structs.replace(trace, cached=True))
            return await self._store(account_sid, url, reply, trace)

    async def _again(self, own: Media, trace: Trace) -> Copy:
        """What a phone sent may be of a type that is not sent on."""
        digest = own.digest or ""
        wrong = check(own.content_type, await self._shelf.get(digest))
        if wrong is not None:
            raise FetchFailed(*wrong, trace)
        return Copy(
            content_type=own.content_type,
            size=own.size,
            digest=digest,
            file_name=own.file_name,
            trace=trace,
        )

    async def _ask(self, url: str, known: Cached | None, began: float) -> Reply:
        try:
            reply = await self._egress.request(
                "GET",
                url,
                headers=_conditions(known),
                limits=LIMITS,
                redirects=_REDIRECTS,
                repeatable=True,
            )
        except EgressError as error:
            raise FetchFailed(
                _CODES.get(error.failure, _GENERIC),
                error.message,
                _trace(url, began),
                passing=error.failure in _PASSING,
            ) from error
        if reply.status != HTTPStatus.OK and (known is None or reply.status != 304):  # noqa: PLR2004
            raise FetchFailed(
                _GENERIC,
                f"answered {reply.status}",
                _trace(url, began, reply),
                passing=reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            )
        return reply

    async def _store(self, account_sid: str, url: str, reply: Reply, trace: Trace) -> Copy:
        content_type = plain_type(reply.headers.get("Content-Type", ""))
        wrong = check(content_type, reply.body)
        if wrong is not None:
            raise FetchFailed(*wrong, trace)
        now = clock.now()
        kept = Cached(
            account_sid,
            cache.url_digest(url),
            reply.headers.get("ETag"),
            reply.headers.get("Last-Modified"),
            await self._shelf.put(reply.body),
            content_type,
            len(reply.body),
            name_of(reply.headers.get("Content-Disposition"), url),
            now + freshness(reply.headers, now),
            now,
        )
        if may_keep(reply.headers):
            await cache.keep(self._database, kept)
        return _copy(kept, trace)


def shown(url: str) -> str:
    """Without userinfo, query and fragment, which may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _conditions(known: Cached | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _renewed(known: Cached, reply: Reply) -> Cached:
    """A 304 brings new headers for the copy that we have (RFC 9111, 3.2)."""
    now = clock.now()
    return msgspec.structs.replace(
        known,
        etag=reply.headers.get("ETag", known.etag),
        last_modified=reply.headers.get("Last-Modified", known.last_modified),
        fresh_until=now + freshness(reply.headers, now),
        fetched_at=now,
    )


def _trace(url: str, began: float, reply: Reply | None = None, *, cached: bool = False) -> Trace:
    return Trace(
        url=shown(url),
        ms=round((clock.monotonic() - began) * 1000, 1),
        bytes=len(reply.body) if reply else 0,
        cached=cached,
        status=reply.status if reply else None,
    )


def _copy(kept: Cached, trace: Trace) -> Copy:
    return Copy(
        content_type=kept.content_type,
        size=kept.size,
        digest=kept.digest,
        file_name=kept.file_name,
        trace=trace,
    )
