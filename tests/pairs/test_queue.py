"""The queue on a real store: what is put comes out, once, in order, also past refusals."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import magpie
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.queue import Done, Job, Lane, Put, Queue, Wakes, Worker
from magpie.kit.queue.wake import Wake

MIGRATIONS = Path(magpie.__file__).parent / "migrations"
LANE = Lane("AC1", "one")


@pytest.fixture
async def store(database: Database) -> Database:
    return database


def queue_on(database: Database, *, paced: bool = False, node: str = "a") -> Queue:
    return Queue("work", database, Wakes(database, node, alone=True), paced=paced, node=node)


@pytest.fixture(params=[False, True], ids=["unpaced", "paced"])
def queue(store: Database, request: pytest.FixtureRequest) -> Queue:
    return queue_on(store, paced=request.param)


def a_put(lane: Lane = LANE, **values: object) -> Put:
    given = {"id": clock.uuid7(), "payload": b"x", **values}
    return Put(account_sid=lane.account_sid, lane=lane.name, **given)  # type: ignore[arg-type]


async def put(queue: Queue, *puts: Put) -> None:
    async with queue.database.transaction() as connection:
        await queue.put(connection, puts)


class Taker:
    """A handler that keeps what it gets, and finishes it unless it is told not to."""

    def __init__(self, queue: Queue, *, finish: bool = True) -> None:
        self.queue = queue
        self.jobs: list[Job] = []
        self.finish = finish
        self.changed = asyncio.Condition()

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        async with self.changed:
            self.jobs += jobs
            self.changed.notify_all()
        if not self.finish:
            await asyncio.Event().wait()
        async with self.queue.database.transaction() as connection:
            assert await self.queue.finish(connection, jobs) == {job.id for job in jobs}
        for job in jobs:
            done(job)

    async def got(self, count: int) -> list[Job]:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.jobs) >= count)
        return self.jobs


class Running:
    """A worker at work for the length of a block."""

    def __init__(self, queue: Queue, handler: Taker | None = None, **options: Any) -> None:
        self.taker = handler or Taker(queue)
        self.worker = Worker(queue, self.taker, **options)

    async def __aenter__(self) -> Taker:
        self.task = asyncio.create_task(self.worker.run())
        return self.taker

    async def __aexit__(self, *_: object) -> None:
        await self.worker.stop(within=0.5)
        await self.task


async def left(queue: Queue) -> int:
    count: int = await queue.database.fetchval("select count(*) from jobs")
    return count


async def emptied(queue: Queue, *, but: int = 0) -> None:
    async with asyncio.timeout(20):
        while await left(queue) > but:
            await asyncio.sleep(0.01)


@pytest.fixture
async def running(queue: Queue) -> AsyncIterator[Taker]:
    async with Running(queue) as taker:
        yield taker


async def test_a_lane_is_a_fifo(queue: Queue) -> None:
    """Jobs of a lane come out in the order of their ids, whichever way they were put."""
    puts = [a_put() for _ in range(100)]
    await put(queue, *puts[50:])
    await put(queue, *puts[:50])
    async with Running(queue) as taker:
        assert [job.id for job in await taker.got(100)] == [p.id for p in puts]
        await emptied(queue)


async def test_a_put_wakes_the_worker(queue: Queue, running: Taker) -> None:
    """A job put while the worker is idle comes with its payload, and leaves nothing behind."""
    await put(queue, a_put(payload=b"hello", cost=3))
    (job,) = await running.got(1)
    assert (job.payload, job.cost, job.claim, job.place) == (b"hello", 3, 1, LANE)
    await emptied(queue)


async def test_what_is_rolled_back_was_never_put(queue: Queue, running: Taker) -> None:
    """A job of a transaction that fails is not seen by any worker."""

    async def fail() -> None:
        async with queue.database.transaction() as connection:
            await queue.put(connection, [a_put(payload=b"no")])
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    await put(queue, a_put(payload=b"yes"))
    assert [job.payload for job in await running.got(1)] == [b"yes"]


async def test_a_due_time_is_kept(queue: Queue, running: Taker) -> None:
    """A job due later does not hold up one that is ready, and comes when its time does."""
    due_at = clock.now() + timedelta(seconds=0.3)
    await put(queue, a_put(due_at=due_at, payload=b"later"), a_put(payload=b"now"))
    assert [job.payload for job in await running.got(1)] == [b"now"]
    await running.got(2)
    assert clock.now() >= due_at


async def test_what_became_due_while_nobody_looked_is_found(queue: Queue) -> None:
    """A worker that starts finds jobs that are due, or will be, without being told."""
    await put(queue, a_put(due_at=clock.now() + timedelta(seconds=0.2)), a_put())
    async with Running(queue) as taker:
        await taker.got(2)


async def test_held_jobs_wait_for_release(queue: Queue, running: Taker) -> None:
    """A held job stays until it is released, and only those named are."""
    puts = [a_put(held=True) for _ in range(3)]
    await put(queue, *puts, a_put(payload=b"free"))
    assert [job.payload for job in await running.got(1)] == [b"free"]
    for p in (puts[1], puts[0]):
        async with queue.database.transaction() as connection:
            await queue.release(connection, [(p.account_sid, p.id)])
    assert {job.id for job in (await running.got(3))[1:]} == {p.id for p in puts[:2]}
    await emptied(queue, but=1)


async def test_a_retry_keeps_its_place(queue: Queue) -> None:
    """A job given back comes before those put after it, with the next fencing number."""
    first, second = a_put(), a_put()
    await put(queue, first)
    taker = Taker(queue, finish=False)
    async with Running(queue, taker):
        await taker.got(1)
    await put(queue, second)
    async with Running(queue) as after:
        jobs = await after.got(2)
    assert [(job.id, job.claim) for job in jobs] == [(first.id, 2), (second.id, 1)]


async def test_a_serial_is_one_at_a_time(queue: Queue) -> None:
    """Of each serial never two jobs are held at once, and they come in order."""
    serials = [clock.uuid7() for _ in range(5)]
    held: dict[object, int] = dict.fromkeys(serials, 0)
    seen: list[Job] = []

    async def one(job: Job, done: Done) -> None:
        held[job.serial] += 1
        assert held[job.serial] == 1
        seen.append(job)
        await asyncio.sleep(clock.chance().random() / 200)
        held[job.serial] -= 1
        async with queue.database.transaction() as connection:
            await queue.finish(connection, [job])
        done(job)

    async def handler(jobs: Sequence[Job], done: Done) -> None:
        await asyncio.gather(*(one(job, done) for job in jobs))

    puts = [a_put(serial=serials[n % 5]) for n in range(50)]
    worker = Worker(queue, handler)
    task = asyncio.create_task(worker.run())
    for start in range(0, 50, 10):
        await put(queue, *puts[start : start + 10])
    await emptied(queue)
    await worker.stop()
    await task
    for serial in serials:
        assert [j.id for j in seen if j.serial == serial] == [
            p.id for p in puts if p.serial == serial
        ]


async def test_capacity_refuses_what_is_over_and_keeps_the_rest(store: Database) -> None:
    """Earlier puts have precedence, a smaller later one may still fit, refusals leave no trace."""
    queue = queue_on(store, paced=True)
    other = Lane("AC1", "other")
    async with store.transaction() as connection:
        await queue.configure(connection, [(LANE, 1000.0, 10)])
    puts = [a_put(cost=6), a_put(cost=6), a_put(cost=4), a_put(other, cost=99), a_put(cost=1)]
    async with store.transaction() as connection:
        refused = await queue.put_within(connection, puts)
    assert refused == {puts[1].id, puts[4].id}
    assert [lane.units for lane in await queue.lanes_of("AC1")] == [10, 99]
    async with Running(queue) as taker:
        await taker.got(3)
        await emptied(queue)
    async with store.transaction() as connection:
        assert await queue.put_within(connection, [a_put(cost=10)]) == set()


async def test_a_retry_is_counted_once(store: Database) -> None:
    """A job that was claimed, given back and claimed again takes its units once."""
    queue = queue_on(store, paced=True)
    await put(queue, a_put(cost=2), a_put(held=True, cost=3))
    for finish in (False, False, True):
        taker = Taker(queue, finish=finish)
        async with Running(queue, taker):
            await taker.got(1)
            if finish:
                await emptied(queue, but=1)
    assert [lane.units for lane in await queue.lanes_of("AC1")] == [3]


async def test_a_lane_can_be_paused(store: Database) -> None:
    """A paused lane gives nothing, its neighbour does; resumed, it goes on at once."""
    queue = queue_on(store, paced=True)
    other = Lane("AC1", "other")
    async with store.transaction() as connection:
        await queue.pause(connection, [LANE])
    async with Running(queue) as taker:
        await put(queue, a_put(), a_put(other))
        assert [job.place for job in await taker.got(1)] == [other]
        one, two = await queue.lanes_of("AC1")
        assert (one.name, one.paused, one.jobs, one.units) == ("one", True, 1, 1)
        assert one.oldest_at is not None
        assert (two.name, two.paused, two.jobs, two.oldest_at) == ("other", False, 0, None)
        async with store.transaction() as connection:
            await queue.resume(connection, [LANE])
        await taker.got(2)


async def test_a_lane_can_be_drained(store: Database) -> None:
    """What waits goes, nothing comes, though there is room; reopened, it takes again."""
    queue = queue_on(store, paced=True)
    await put(queue, a_put())
    async with store.transaction() as connection:
        await queue.drain(connection, [LANE])
        late = a_put()
        assert await queue.put_within(connection, [late]) == {late.id}
        other = a_put(Lane("AC1", "other"))
        assert await queue.put_within(connection, [other]) == set()
    async with Running(queue) as taker:
        await taker.got(2)
    assert [one.draining for one in await queue.lanes_of("AC1")] == [True, False]
    async with store.transaction() as connection:
        await queue.reopen(connection, [LANE])
        assert await queue.put_within(connection, [a_put()]) == set()


async def test_another_pace_counts_at_once(store: Database) -> None:
    """A lane that was to wait for an hour goes on when its limit is raised."""
    queue = queue_on(store, paced=True)
    async with store.transaction() as connection:
        await queue.configure(connection, [(LANE, 1 / 3600, None)])
    async with Running(queue) as taker:
        await put(queue, a_put(), a_put(), a_put())
        await taker.got(1)
        async with store.transaction() as connection:
            await queue.configure(connection, [(LANE, 1000.0, None)])
        await taker.got(3)
    assert [lane.rate for lane in await queue.lanes_of("AC1")] == [1000.0]


async def test_lanes_are_listed_by_account_and_in_pages(queue: Queue) -> None:
    """Lanes with jobs are listed by name, those of other accounts are not."""
    lanes = [Lane("AC2", f"lane{n}") for n in range(5)]
    await put(queue, *(a_put(lane) for lane in lanes for _ in range(2)), a_put())
    listed = await queue.lanes_of("AC2", most=3)
    assert [(lane.name, lane.jobs) for lane in listed] == [(f"lane{n}", 2) for n in range(3)]
    rest = await queue.lanes_of("AC2", after=listed[-1].name)
    assert [lane.name for lane in rest] == ["lane3", "lane4"]


async def test_a_width_is_kept(queue: Queue) -> None:
    """No more jobs of a lane are held than its width, and all of them come in the end."""
    held = most = 0

    async def one(job: Job, done: Done) -> None:
        nonlocal held, most
        held += 1
        most = max(most, held)
        await asyncio.sleep(0.001)
        held -= 1
        async with queue.database.transaction() as connection:
            await queue.finish(connection, [job])
        done(job)

    async def handler(jobs: Sequence[Job], done: Done) -> None:
        await asyncio.gather(*(one(job, done) for job in jobs))

    worker = Worker(queue, handler, width=3)
    task = asyncio.create_task(worker.run())
    await put(queue, *(a_put() for _ in range(40)))
    await emptied(queue)
    await worker.stop()
    await task
    assert most == 3


async def test_a_failed_handler_gets_its_jobs_again(queue: Queue) -> None:
    """Jobs of a handler that raised come back after a while, and are then done."""
    taker = Taker(queue)
    fails = 1

    async def handler(jobs: Sequence[Job], done: Done) -> None:
        nonlocal fails
        if fails:
            fails -= 1
            raise RuntimeError
        await taker(jobs, done)

    worker = Worker(queue, handler)
    task = asyncio.create_task(worker.run())
    await put(queue, a_put())
    assert [job.claim for job in await taker.got(1)] == [2]
    await worker.stop()
    await task


async def test_a_wake_after_a_gap_looks_everywhere(queue: Queue, running: Taker) -> None:
    """A worker that is told that wakes were lost finds what nobody told it of."""
    silent = queue_on(queue.database, paced=queue.paced, node="silent")
    await put(silent, a_put())
    queue.wakes.wake(queue.name, Wake(lost=True))
    await running.got(1)
