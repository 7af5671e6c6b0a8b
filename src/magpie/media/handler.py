"""Works off the media queue: a job is a message whose pictures have yet to come."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Done, Job, Queue
from magpie.media import store
from magpie.media.fetch import Copy, Fetcher, FetchFailed, shown
from magpie.media.model import Media, State
from magpie.media.outcome import Again, Broken, Fetched, Whole, Wrong, decide, passing
from magpie.media.recipe import Unusable
from magpie.media.sandbox import SandboxFailed

_UNKNOWN: Final = 30008

Settle = Callable[[Connection, Sequence[Fetched | Broken]], Awaitable[None]]
"""Decides what happens with the messages, in the transaction that finishes their jobs."""


Adapt = Callable[[str, UUID, Sequence[Media]], Awaitable[Mapping[str, Any] | None]]
"""Makes ahead what a message will need; tells of it. Raises Unusable or SandboxFailed."""


class _End(msgspec.Struct, frozen=True, kw_only=True):
    """What a job came to: rows to write, and a result for the message or a time to try again."""

    job: Job
    rows: Sequence[Media] = ()
    result: Fetched | Broken | None = None
    again_at: datetime | None = None


class MediaHandler:
    def __init__(
        self, database: Database, queue: Queue, fetcher: Fetcher, adapt: Adapt, settle: Settle
    ) -> None:
        self._database = database
        self._queue = queue
        self._fetcher = fetcher
        self._adapt = adapt
        self._settle = settle
        self._ends: GroupCommit[_End, None] = GroupCommit(database, self._write, most=256)

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        keys = [(job.account_sid, job.id) for job in jobs]
        known = await store.of_messages(self._database, keys)
        ended = await asyncio.gather(
            *(self._work(job, known.get((job.account_sid, job.id), []), done) for job in jobs),
            return_exceptions=True,
        )
        # Only now: the queue takes back every job that is not done when an exception reaches it.
        for error in ended:
            if isinstance(error, BaseException):
                raise error

    async def _work(self, job: Job, media: Sequence[Media], done: Done) -> None:
        pending = [item for item in media if item.state == State.PENDING]
        results = await asyncio.gather(*(self._fetch(item) for item in pending))
        end = _end(job, media, dict(zip(_sids(pending), results, strict=True)))
        if isinstance(end.result, Fetched):
            end = await self._adapted(end, end.result)
        await self._ends.write(end)
        done(job)

    async def _adapted(self, end: _End, fetched: Fetched) -> _End:
        try:
            told = await self._adapt(fetched.account_sid, fetched.message_id, fetched.media)
        except Unusable as unusable:
            return replace(end, result=_broken(fetched, unusable.code, unusable.why))
        except SandboxFailed as failed:
            again = passing(end.job.claim, clock.chance().random())
            if again is None:
                return replace(end, result=_broken(fetched, _UNKNOWN, str(failed)))
            at = clock.now() + timedelta(seconds=again.delay)
            return replace(end, result=None, again_at=at)
        return replace(end, result=replace(fetched, adapted=told))

    async def _fetch(self, item: Media) -> Copy | FetchFailed:
        try:
            return await self._fetcher.fetch(item.account_sid, item.source_url or "")
        except FetchFailed as failed:
            return failed

    async def _write(self, connection: Connection, ends: Sequence[_End]) -> list[Exception | None]:
        """An end whose lease has passed has no effect."""
        over = [end.job for end in ends if end.again_at is None]
        back = [(end.job, end.again_at) for end in ends if end.again_at is not None]
        ours = await self._queue.finish(connection, over) if over else set()
        if back:
            ours |= await self._queue.again(connection, back)
        valid = [end for end in ends if end.job.id in ours]
        await store.save(connection, [row for end in valid for row in end.rows])
        results = [end.result for end in valid if end.result is not None]
        if results:
            await self._settle(connection, results)
        return [None] * len(ends)


def _sids(media: Sequence[Media]) -> list[str]:
    return [item.sid for item in media]


def _end(job: Job, media: Sequence[Media], results: dict[str, Copy | FetchFailed]) -> _End:
    """A message without media was deleted meanwhile: nobody waits for it."""
    if not media:
        return _End(job=job)
    now = clock.now()
    stored = sum(item.size for item in media if item.state == State.STORED)
    decision = decide([*results.values()], stored, job.claim, clock.chance().random())
    rows = {item.sid: _row(item, results[item.sid], now) for item in media if item.sid in results}
    if isinstance(decision, Again):
        kept = [row for row in rows.values() if row.state == State.STORED]
        return _End(job=job, rows=kept, again_at=now + timedelta(seconds=decision.delay))
    after = [rows.get(item.sid, item) for item in media]
    result = _result(job, after, decision, [*results.values()])
    return _End(job=job, rows=[*rows.values()], result=result)


def _result(
    job: Job,
    media: Sequence[Media],
    decision: Whole | Wrong,
    results: Sequence[Copy | FetchFailed],
) -> Fetched | Broken:
    traces = [result.trace for result in results]
    if isinstance(decision, Whole):
        return Fetched(account_sid=job.account_sid, message_id=job.id, media=media, traces=traces)
    return Broken(
        account_sid=job.account_sid,
        message_id=job.id,
        code=decision.code,
        detail=decision.detail,
        url=decision.url,
        traces=traces,
    )


def _broken(fetched: Fetched, code: int, why: str) -> Broken:
    return Broken(
        account_sid=fetched.account_sid,
        message_id=fetched.message_id,
        code=code,
        detail=why,
        traces=fetched.traces,
    )


def _row(item: Media, result: Copy | FetchFailed, now: datetime) -> Media:
    url = shown(item.source_url or "")
    if isinstance(result, FetchFailed):
        return replace(item, state=State.FAILED, source_url=url, date_updated=now)
    return replace(
        item,
        state=State.STORED,
        content_type=result.content_type,
        size=result.size,
        digest=result.digest,
        source_url=url,
        file_name=result.file_name,
        date_updated=now,
    )
