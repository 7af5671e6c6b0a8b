"""The queue when things go wrong: workers that stall, stop or die, and a store that goes away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import magpie
from magpie.kit import clock
from magpie.kit.db import Database, DatabaseUnavailable
from magpie.kit.db.embedded import Embedded
from magpie.kit.db.migrations import migrate
from magpie.kit.queue import Done, Job, Lane, Put, Queue, Wakes, Worker
from magpie.kit.queue.leases import Leases

MIGRATIONS = Path(magpie.__file__).parent / "migrations"


@pytest.fixture
async def store(database: Database) -> Database:
    return database


def queue_on(
    database: Database, node: str = "a", *, paced: bool = False, wakes: Wakes | None = None
) -> Queue:
    wakes = wakes or Wakes(database, node, alone=True)
    return Queue("work", database, wakes, paced=paced, node=node)


async def put(queue: Queue, count: int, *, lanes: int = 1) -> list[Put]:
    puts = [
        Put(account_sid="AC1", lane=f"lane{n % lanes}", id=clock.uuid7(), payload=b"")
        for n in range(count)
    ]
    async with queue.database.transaction() as connection:
        await queue.put(connection, puts)
    return puts


class Node:
    """A worker whose jobs end only when the test says so."""

    def __init__(self, queue: Queue, *, at_once: bool = False, most: int = 100) -> None:
        self.queue = queue
        self.got: asyncio.Queue[Job] = asyncio.Queue()
        self.may_end = asyncio.Event()
        if at_once:
            self.may_end.set()
        self.worker = Worker(queue, self._handle, most=most)
        self.task = asyncio.create_task(self.worker.run())

    async def _handle(self, jobs: Sequence[Job], done: Done) -> None:
        for job in jobs:
            self.got.put_nowait(job)
        await self.may_end.wait()
        while True:
            try:
                await self.finish(jobs)
                break
            except DatabaseUnavailable:
                await asyncio.sleep(0.05)
        for job in jobs:
            done(job)

    async def finish(self, jobs: Sequence[Job]) -> int:
        async with self.queue.database.transaction() as connection:
            return len(await self.queue.finish(connection, jobs))

    async def take(self, count: int) -> list[Job]:
        async with asyncio.timeout(20):
            return [await self.got.get() for _ in range(count)]

    async def stop(self, within: float = 0.2) -> None:
        await self.worker.stop(within=within)
        await self.task

    async def die(self) -> None:
        """End as by kill -9: nothing is given back."""
        self.worker._leases = Leases()  # so that no task finds anything to give back
        tasks = [self.task, *self.worker._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def emptied(database: Database) -> None:
    async with asyncio.timeout(20):
        while await database.fetchval("select count(*) from jobs"):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("paced", [False, True])
async def test_a_graceful_stop_gives_back(store: Database, *, paced: bool) -> None:
    """What has not ended in time is ready for the next worker at once, also what had a slot."""
    queue = queue_on(store, paced=paced)
    async with store.transaction() as connection:
        if paced:
            await queue.configure(connection, [(Lane("AC1", "lane0"), 20.0, None)])
    await put(queue, 4)
    node = Node(queue)
    await node.take(1)
    await node.stop()
    rows = await store.fetch("select lease_until, due_at from jobs")
    assert [tuple(row) for row in rows] == [(None, None)] * 4
    after = Node(queue_on(store, "b", paced=paced), at_once=True)
    await after.take(4)
    await emptied(store)
    await after.stop()


async def test_a_stop_waits_for_jobs_that_end(store: Database) -> None:
    """Jobs that end while the worker stops are finished, not given back."""
    node = Node(queue_on(store))
    await put(node.queue, 3)
    await node.take(3)
    stopping = asyncio.create_task(node.stop(within=10))
    await asyncio.sleep(0)
    node.may_end.set()
    await stopping
    assert await store.fetchval("select count(*) from jobs") == 0


async def test_a_stopping_worker_takes_no_more(store: Database) -> None:
    """A job put while the worker drains stays for others, with no lease."""
    node = Node(queue_on(store))
    await put(node.queue, 1)
    await node.take(1)
    stopping = asyncio.create_task(node.stop(within=0.3))
    await asyncio.sleep(0.05)
    await put(node.queue, 1)
    await stopping
    assert node.got.empty()
    assert await store.fetchval("select count(*) from jobs where lease_until is null") == 2


async def test_a_restarted_node_takes_its_own_leases_back(store: Database) -> None:
    """After a kill the same node has its jobs again at once, long before their leases end."""
    node = Node(queue_on(store, "a"))
    await put(node.queue, 5)
    await node.take(5)
    await node.die()
    again = Node(queue_on(store, "a"), at_once=True)
    assert {job.claim for job in await again.take(5)} == {2}
    await emptied(store)
    await again.stop()


async def test_a_living_nodes_leases_are_left_to_it(store: Database) -> None:
    """A second node does not touch what the first one holds."""
    first = Node(queue_on(store, "a"))
    await put(first.queue, 5)
    await first.take(5)
    second = Node(queue_on(store, "b"))
    await put(second.queue, 1)
    await second.take(1)
    assert second.got.empty()
    first.may_end.set()
    second.may_end.set()
    await emptied(store)
    await first.stop()
    await second.stop()


async def test_who_lost_a_lease_cannot_finish(store: Database) -> None:
    """When a lease has passed another node gets the job, and only that one may end it."""
    first = Node(queue_on(store, "a"))
    await put(first.queue, 1)
    lost = await first.take(1)
    await store.execute("update jobs set lease_until = now() - interval '1 second'")
    second = Node(queue_on(store, "b"))
    taken = await second.take(1)
    assert [job.claim for job in (*lost, *taken)] == [1, 2]
    assert await first.finish(lost) == 0
    async with store.transaction() as connection:
        assert await first.queue.again(connection, [(lost[0], clock.now())]) == set()
    assert await second.finish(taken) == 1
    first.may_end.set()
    second.may_end.set()
    await first.stop()
    await second.stop()


async def test_a_long_job_keeps_its_lease(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that takes longer than its lease is not given to anybody else."""
    monkeypatch.setattr("magpie.kit.queue.claims.LEASE", timedelta(seconds=2))
    monkeypatch.setattr("magpie.kit.queue.worker.LEASE", timedelta(seconds=2))
    monkeypatch.setattr("magpie.kit.queue.worker._RECHECK", 0.1)
    first = Node(queue_on(store, "a"))
    await put(first.queue, 1)
    await first.take(1)
    second = Node(queue_on(store, "b"))
    await asyncio.sleep(3)
    assert first.got.empty()
    assert second.got.empty()
    first.may_end.set()
    await emptied(store)
    await first.stop()
    await second.stop()


@pytest.mark.parametrize("paced", [False, True])
async def test_two_nodes_never_hold_one_job(store: Database, *, paced: bool) -> None:
    """Of a thousand jobs in many lanes each comes to one of two nodes, once."""
    nodes = [Node(queue_on(store, name, paced=paced), at_once=True, most=20) for name in "ab"]
    for _ in range(5):
        await put(nodes[0].queue, 200, lanes=7)
        nodes[1].worker._recover_at = 0.0
        nodes[1].worker._event.set()
    await emptied(store)
    jobs = [job for node in nodes for job in await node.take(node.got.qsize())]
    assert len(jobs) == len({job.id for job in jobs}) == 1000
    assert {job.claim for job in jobs} == {1}
    for node in nodes:
        await node.stop()


async def test_a_notification_wakes_the_other_node(store: Database, database_url: str) -> None:
    """A node without work of its own gets what another puts: ready, due later and resumed."""
    elsewhere = await Database.open(database_url)
    here = Wakes(store, "a", alone=False)
    there = Wakes(elsewhere, "b", alone=False)
    await there.listen()
    node = Node(queue_on(elsewhere, "b", wakes=there), at_once=True)
    await asyncio.sleep(0.1)
    node.worker._recover_at = float("inf")  # the safety net must not help
    queue = queue_on(store, "a", wakes=here)
    await put(queue, 300, lanes=100)
    await node.take(300)
    due = clock.now() + timedelta(seconds=0.2)
    async with store.transaction() as connection:
        later = Put(account_sid="AC1", lane="x", id=clock.uuid7(), payload=b"", due_at=due)
        await queue.put(connection, [later])
    assert [job.id for job in await node.take(1)] == [later.id]
    await emptied(store)
    await node.stop()
    await elsewhere.close()


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Embedded]:
    made = Embedded(tmp_path, {"fsync": "off"})
    yield made
    await made.stop()


async def test_a_worker_survives_its_store(embedded: Embedded) -> None:
    """While the store is away jobs in hand are kept; when it is back no job is lost or doubled."""
    url = await embedded.start()
    database = await Database.open(url)
    await migrate(database, url, MIGRATIONS)
    node = Node(queue_on(database))
    puts = await put(node.queue, 10)
    first = await node.take(10)
    await embedded.stop()
    with pytest.raises(DatabaseUnavailable):
        await put(node.queue, 1)
    node.may_end.set()
    await asyncio.sleep(0.5)
    await embedded.start()
    await emptied(database)
    more = await put(node.queue, 10)
    second = await node.take(10)
    assert [job.id for job in first + second] == [p.id for p in puts + more]
    assert {job.claim for job in first + second} == {1}
    await node.stop()
    await database.close()


async def test_claims_whose_answer_was_lost_come_back(store: Database) -> None:
    """Jobs leased to a node that does not know of them are taken back at its next look."""
    node = Node(queue_on(store, "a"), at_once=True)
    await asyncio.sleep(0.1)
    puts = await put(queue_on(store, "silent"), 3)
    await store.execute(
        "update jobs set claim = 1, claimed_by = 'a', lease_until = now() + interval '1 hour'"
    )
    node.worker._recover_at = 0.0
    node.worker._event.set()
    assert {job.id for job in await node.take(3)} == {p.id for p in puts}
    await emptied(store)
    await node.stop()


async def test_a_store_whose_clock_was_set_back_does_not_stop_a_lane(store: Database) -> None:
    """A lane whose last slot lies an hour ahead of the store's clock goes on at its pace."""
    queue = queue_on(store, paced=True)
    async with store.transaction() as connection:
        await queue.configure(connection, [(Lane("AC1", "lane0"), 50.0, None)])
    await put(queue, 5)
    await store.execute(
        "update lanes set tat = now() + interval '1 hour', laid_by = 'a',"
        " laid_at = now() + interval '1 hour'"
    )
    node = Node(queue, at_once=True)
    await node.take(5)
    await emptied(store)
    await node.stop()


async def test_a_lane_changes_hands_with_a_pause(store: Database) -> None:
    """Another node leaves a second after the last slot that was laid out by the first."""
    lane = Lane("AC1", "lane0")
    first, second = queue_on(store, "a", paced=True), queue_on(store, "b", paced=True)
    async with store.transaction() as connection:
        await first.configure(connection, [(lane, 10.0, None)])
    await put(first, 1)
    node = Node(first, at_once=True)
    (before,) = await node.take(1)
    await emptied(store)
    await node.stop()
    await put(second, 1)
    other = Node(second, at_once=True)
    (after,) = await other.take(1)
    assert after.slot - before.slot >= timedelta(seconds=1.1)
    await other.stop()
