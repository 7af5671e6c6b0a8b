"""The handler of the queue `smpp`: hands receipts and texts to the clients that are bound here."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from magpie.api.smpp import forms, metrics
from magpie.api.smpp.bound import Clients
from magpie.dispatch.together import together
from magpie.esmes import due
from magpie.esmes.binds import NotTaken
from magpie.esmes.book import EsmeBook
from magpie.esmes.due import Due, ReceiptDue
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit, Overloaded
from magpie.kit.queue import Done, Job, Lane, Queue
from magpie.messages import smpp, timeline
from magpie.protocols.smpp import SmppError, Status, status_name

KEPT: Final = timedelta(hours=24)
_SECONDS: Final = 35.0
_FIRST, _LONGEST = 1.0, 300.0
_NEVER: Final = frozenset({Status.RX_P_APPN, Status.RX_R_APPN})


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """`again_at` is None when it is over, taken or not."""

    job: Job
    due: Due
    at: datetime
    answer: str
    ms: float
    again_at: datetime | None = None


class Deliveries:
    def __init__(self, database: Database, queue: Queue, book: EsmeBook, clients: Clients) -> None:
        self._database = database
        self._queue = queue
        self._book = book
        self._clients = clients
        self._ends: GroupCommit[Ended, None] = GroupCommit(database, self._write, most=256)

    def may(self, lane: Lane) -> bool:
        """Whether a bind of that client could take something here."""
        return self._clients.receiving(lane.name)

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        await together(*(self._deliver(job, done) for job in jobs))

    async def drop_overdue(self) -> None:
        """What nobody came for in a day is given up."""
        now = clock.now()
        async with self._database.transaction() as connection:
            gone = await self._queue.overdue(connection, now - KEPT)
            hops = [
                smpp.handed(
                    lane.account_sid, lane.name, due.decode(payload), now, {"why": "no bind"}
                )
                for lane, _, payload in gone
            ]
            await timeline.add(connection, hops)

    async def _deliver(self, job: Job, done: Done) -> None:
        what = due.decode(job.payload)
        began = clock.monotonic()
        answer, again = await self._hand(job, what)
        now = clock.now()
        wait = _wait(job.claim) if again else None
        end = Ended(
            job=job,
            due=what,
            at=now,
            answer=answer,
            ms=round((clock.monotonic() - began) * 1000, 1),
            again_at=now + wait if wait and _young(job, now) else None,
        )
        metrics.DELIVERIES.labels(_kind(what), answer).inc()
        await self._ends.write(end)
        done(job)

    async def _hand(self, job: Job, what: Due) -> tuple[str, bool]:
        """Give the answer, and whether to try again."""
        esme = await self._book.find(job.lane)
        if esme is None or esme.account_sid != job.account_sid:
            return "no such client", True
        if not self._clients.receiving(job.lane):
            return "no bind", True
        try:
            async with asyncio.timeout(_SECONDS):
                for pdu in forms.pdus(what, esme):
                    await self._clients.of(job.lane).deliver(pdu)
        except NotTaken as error:
            return str(error), error.status not in _NEVER
        except SmppError as error:
            return str(error), False
        except (TimeoutError, ConnectionError, Overloaded) as error:
            return str(error) or "no answer", True
        return status_name(Status.ROK), False

    async def _write(self, connection: Connection, ends: Sequence[Ended]) -> list[Exception | None]:
        over = [end.job for end in ends if end.again_at is None]
        back = [(end.job, end.again_at) for end in ends if end.again_at is not None]
        ours = await self._queue.finish(connection, over)
        ours |= await self._queue.again(connection, back)
        hops = []
        for end in ends:
            if end.job.id in ours:
                detail: dict[str, Any] = {"answer": end.answer, "ms": end.ms}
                if end.again_at is not None:
                    detail["again_at"] = end.again_at.isoformat()
                hops.append(smpp.handed(end.job.account_sid, end.job.lane, end.due, end.at, detail))
        await timeline.add(connection, hops)
        return [None] * len(ends)


def _kind(what: Due) -> str:
    return "receipt" if isinstance(what, ReceiptDue) else "text"


def _wait(claim: int) -> timedelta:
    seconds = min(_LONGEST, _FIRST * 2 ** min(claim - 1, 10))
    return timedelta(seconds=seconds * (0.75 + clock.chance().random() / 2))


def _young(job: Job, now: datetime) -> bool:
    return clock.born(job.id) > now - KEPT
