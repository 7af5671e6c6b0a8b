"""What comes due by itself: messages that expire, receipts that waited, things to forget."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from magpie.alerts import store as alerts
from magpie.dispatch import inbound_store, store
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts
from magpie.kit import clock
from magpie.kit.db import Database, DatabaseUnavailable
from magpie.kit.queue import Done, Job, Queue
from magpie.links import store as links
from magpie.links.model import KEPT_AFTER_END
from magpie.media.shelf import Shelf
from magpie.messages import store as message_store
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status
from magpie.messages.raw import store as raw_requests
from magpie.services.book import ServiceBook
from magpie.webhooks import store as sessions
from magpie.webhooks.log import store as webhook_log

log = structlog.get_logger(__name__)

_IDEMPOTENCY_KEPT = timedelta(hours=24)
_ARRIVALS_KEPT = timedelta(hours=48)
_ALERTS_KEPT = timedelta(days=30)
_CALLS_KEPT = timedelta(days=7)


class Expiry:
    """The handler of the timers queue."""

    def __init__(self, database: Database, timers: Queue, advance: Advance) -> None:
        self._database = database
        self._timers = timers
        self._advance = advance

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        """The job in the sender's lane stays: it finds the message failed and is dropped."""
        now = clock.now()
        async with self._database.transaction() as connection:
            ours = await self._timers.finish(connection, jobs)
            keys = [(job.account_sid, job.id) for job in jobs if job.id in ours]
            waiting = await message_store.lock(connection, keys) if keys else {}
            await self._advance.write(
                connection,
                [
                    Event(
                        account_sid=message.account_sid,
                        message_id=message.id,
                        at=now,
                        hop="expired",
                        status=Status.FAILED,
                        code=30036,
                    )
                    for message in waiting.values()
                    if message.status in {Status.QUEUED, Status.ACCEPTED}
                ],
            )
        for job in jobs:
            done(job)


class Housekeeping:
    """Small things done now and then on every node; doing them twice does no harm."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        receipts: Receipts,
        inbounds: Inbounds,
        services: ServiceBook,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._receipts = receipts
        self._inbounds = inbounds
        self._services = services

    async def run(self) -> None:
        await asyncio.gather(
            _every(1.0, self._receipts.match_parked),
            _every(60.0, self._inbounds.flush),
            _every(300.0, self._forget),
        )

    async def _forget(self) -> None:
        now = clock.now()
        await message_store.forget_answers(self._database, now - _IDEMPOTENCY_KEPT)
        for arrived in (store, inbound_store):
            await arrived.prune(self._database, now - _ARRIVALS_KEPT)
        await sessions.prune_cookies(self._database, now)
        await self._shelf.tidy()
        await links.prune(self._database, now - KEPT_AFTER_END)
        await self._services.tidy()
        await alerts.prune(self._database, now - _ALERTS_KEPT)
        for log_ in (webhook_log, raw_requests):
            while await log_.prune(self._database, now - _CALLS_KEPT):
                pass


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await clock.sleep(seconds * (0.9 + clock.chance().random() / 5))
        try:
            await work()
        except DatabaseUnavailable:
            continue
        except Exception:
            log.exception("timers.failed", work=getattr(work, "__name__", "?"))
