"""Receipts that carriers owe: each is a job, so that a restart loses none."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from magpie.kit import clock
from magpie.kit.queue import Done, Job, Put, Queue
from magpie.simulator.model import Owed

log = structlog.get_logger(__name__)

# The queue's tenant: the network belongs to no account.
ACCOUNT = "SIMULATOR"
_FIRST_DELAY, _LONGEST_DELAY = 0.5, 60.0
# Three days, at the longest delay.
_MOST_TRIES = 4320
_PATIENCE = 30.0

Hand = Callable[[Owed], Awaitable[None]]


class NobodyThere(Exception):  # noqa: N818 - a state of the network
    """The link for which a receipt is meant is not up."""


class Receipts:
    """Hands each receipt to the link of its carrier until that has taken it."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self._hands: dict[str, Hand] = {}

    def join(self, carrier: str, hand: Hand) -> None:
        self._hands[carrier] = hand

    async def handle(self, jobs: Sequence[Job], done: Done) -> None:
        owed = [msgspec.json.decode(job.payload, type=Owed) for job in jobs]
        ends = await asyncio.gather(*map(self.tell, owed), return_exceptions=True)
        told, late = [], []
        for job, end in zip(jobs, ends, strict=True):
            if isinstance(end, BaseException) and job.claim < _MOST_TRIES:
                late.append((job, _later(job)))
            else:
                told.append(job)
        _report(ends)
        async with self.queue.database.transaction() as connection:
            await self.queue.finish(connection, told)
            await self.queue.again(connection, late)
        for job in jobs:
            done(job)

    async def tell(self, owed: Owed) -> None:
        hand = self._hands.get(owed.receipt.carrier)
        if hand is None:
            raise NobodyThere(owed.receipt.carrier)
        async with asyncio.timeout(_PATIENCE):
            await hand(owed)


def put_of(owed: Owed, delay: float) -> Put:
    return Put(
        account_sid=ACCOUNT,
        lane=owed.receipt.carrier,
        id=clock.uuid7(),
        payload=msgspec.json.encode(owed),
        due_at=clock.now() + timedelta(seconds=delay) if delay else None,
    )


def _later(job: Job) -> datetime:
    wait = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(job.claim, 10))
    return clock.now() + timedelta(seconds=wait * (1 + clock.chance().random() / 4))


def _report(ends: Sequence[object]) -> None:
    errors = [end for end in ends if isinstance(end, Exception)]
    if errors:
        log.warning("simulator.receipts_not_taken", count=len(errors), first=repr(errors[0]))
