"""What SMPP asks of the queue: jobs taken back, lanes that are not open here, what is too old."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.queue import Done, Job, Lane, Put, Queue, Wakes, Worker

ACCOUNT = "AC" + "0" * 32


@pytest.fixture
async def store(database: Database) -> Database:
    return database


def queue_of(store: Database, *, paced: bool = False) -> Queue:
    return Queue("smpp", store, Wakes(store, "n", alone=True), paced=paced, node="n")


def put(lane: str, **more: Any) -> Put:
    return Put(account_sid=ACCOUNT, lane=lane, id=clock.uuid7(), payload=b"x", **more)


@asynccontextmanager
async def working(queue: Queue, open_: set[str]) -> AsyncIterator[list[str]]:
    """Gives the lanes of the jobs in the order in which they were handled."""
    seen: list[str] = []

    async def handle(jobs: Sequence[Job], _done: Done) -> None:
        async with queue.database.transaction() as connection:
            await queue.finish(connection, jobs)
        seen.extend(job.lane for job in jobs)

    worker = Worker(queue, handle, open_=lambda lane: lane.name in open_)
    task = asyncio.create_task(worker.run())
    yield seen
    await worker.stop()
    await task


async def test_a_lane_that_is_not_open_waits(store: Database) -> None:
    """Its jobs are not even claimed; opened and stirred, they are handled at once."""
    queue, open_ = queue_of(store), {"one"}
    async with working(queue, open_) as seen:
        async with store.transaction() as connection:
            await queue.put(connection, [put("one"), put("two"), put("two")])
        async with asyncio.timeout(20):
            while seen != ["one"]:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert await store.fetchval("select max(claim) from jobs") == 0
        open_.add("two")
        queue.stir([Lane(ACCOUNT, "two")])
        async with asyncio.timeout(4):
            while seen != ["one", "two", "two"]:
                await asyncio.sleep(0.01)


async def test_what_is_taken_back_makes_room(store: Database) -> None:
    """A lane's capacity counts what waits; each job is taken back once."""
    queue = queue_of(store, paced=True)
    async with store.transaction() as connection:
        await queue.configure(connection, [(Lane(ACCOUNT, "one"), 1.0, 4)])
        first, second, third = (put("one", cost=2) for _ in range(3))
        assert await queue.put_within(connection, [first, second, third]) == {third.id}
        key = (ACCOUNT, first.id)
        assert await queue.withdraw(connection, [key]) == {first.id}
        assert await queue.withdraw(connection, [key]) == set()
        assert await queue.put_within(connection, [third]) == set()
        (lane,) = await queue.lanes_of(ACCOUNT, through=connection)
        assert (lane.units, lane.jobs) == (4, 2)


async def test_what_is_too_old_is_removed(store: Database) -> None:
    """By the time in the job's id; younger ones, and those that are due later, stay."""
    queue, now = queue_of(store), clock.now()
    with clock.use(clock.ManualClock(now - timedelta(hours=2))):
        old, later = put("one"), put("one", due_at=now + timedelta(hours=1))
    async with store.transaction() as connection:
        await queue.put(connection, [old, later, put("one")])
        gone = await queue.overdue(connection, now - timedelta(hours=1))
        assert gone == [(Lane(ACCOUNT, "one"), old.id, b"x")]
        assert await queue.overdue(connection, now - timedelta(hours=1)) == []
