"""The queue's figures: throughput, latency, pacing and memory. Run with `python -m bench.queue`."""  # noqa: A005 - a module of the package bench

import argparse
import asyncio
import os
import tempfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

import uvloop

import magpie
from magpie.kit import clock
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.db.embedded import Embedded, running
from magpie.kit.db.migrations import migrate
from magpie.kit.queue import Done, Job, Lane, Put, Queue, Wakes, Worker

MIGRATIONS = Path(magpie.__file__).parent / "migrations"
TICK = os.sysconf("SC_CLK_TCK")


def server_pids(folder: Path) -> list[int]:
    server = running(folder / "postgres")
    assert server is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [server.pid, *map(int, children)]


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of user and system time, of ended children too."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:13]))
    return total / TICK


def memory_of(pids: Sequence[int]) -> float:
    """Megabytes; what processes share is counted once."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


class Bench:
    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.wakes = Wakes(database, "bench", alone=True)

    def queue(self, name: str, *, paced: bool = False) -> Queue:
        return Queue(name, self.database, self.wakes, paced=paced, node="bench")

    @asynccontextmanager
    async def costs(self, title: str, jobs: int) -> AsyncIterator[None]:
        ours, theirs = cpu_of([os.getpid()]), cpu_of(server_pids(self.folder))
        began = clock.monotonic()
        yield
        wall = clock.monotonic() - began
        ours = cpu_of([os.getpid()]) - ours
        theirs = cpu_of(server_pids(self.folder)) - theirs
        print(
            f"{title}: {jobs / wall:,.0f}/s; CPU per job {ours / jobs * 1e6:.0f} us here,"
            f" {theirs / jobs * 1e6:.0f} us in PostgreSQL; {ours / wall:.0%} and"
            f" {theirs / wall:.0%} of a core"
        )

    async def fill(self, queue: Queue, lanes: Sequence[Lane], jobs: int) -> None:
        for start in range(0, jobs, 5000):
            puts = [a_put(lanes[n % len(lanes)]) for n in range(start, min(start + 5000, jobs))]
            async with self.database.transaction() as connection:
                await queue.put(connection, puts)


def a_put(lane: Lane) -> Put:
    return Put(account_sid=lane.account_sid, lane=lane.name, id=clock.uuid7(), payload=b"x" * 100)


def lanes_of(count: int, accounts: int = 10) -> list[Lane]:
    return [Lane(f"AC{n % accounts:032x}", f"+1555{n:07d}") for n in range(count)]


class Finisher:
    """A handler that does nothing but finish its jobs, by a shared commit, and note when."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.times: list[tuple[Lane, float]] = []
        self.changed = asyncio.Event()
        self.commit: GroupCommit[Sequence[Job], None] = GroupCommit(
            queue.database, self._write, most=64
        )

    async def _write(
        self, connection: Connection, batches: Sequence[Sequence[Job]]
    ) -> list[Exception | None]:
        await self.queue.finish(connection, [job for batch in batches for job in batch])
        return [None] * len(batches)

    async def reach(self, count: int) -> None:
        while len(self.times) < count:
            self.changed.clear()
            await self.changed.wait()

    async def __call__(self, jobs: Sequence[Job], done: Done) -> None:
        now = clock.monotonic()
        self.times += [(job.place, now) for job in jobs]
        self.changed.set()
        await self.commit.write(jobs)
        for job in jobs:
            done(job)


@asynccontextmanager
async def working(
    queue: Queue, handler: Callable[[Sequence[Job], Done], Awaitable[None]], most: int
) -> AsyncIterator[Worker]:
    worker = Worker(queue, handler, most=most)
    task = asyncio.create_task(worker.run())
    yield worker
    await worker.stop()
    await task


async def throughput(bench: Bench, lanes: int, jobs: int) -> None:
    queue = bench.queue(f"through{lanes}")
    await bench.fill(queue, lanes_of(lanes), jobs)
    handler = Finisher(queue)
    title = f"claim and finish, {lanes} lanes"
    async with bench.costs(title, jobs), working(queue, handler, 1000):
        await handler.reach(jobs)
        await handler.commit.close()


async def puts(bench: Bench, jobs: int) -> None:
    for paced in (False, True):
        queue = bench.queue(f"puts{paced}", paced=paced)
        lanes = lanes_of(100)

        async def write(
            connection: Connection, items: Sequence[Put], queue: Queue = queue
        ) -> list[Exception | None]:
            if queue.paced:
                await queue.put_within(connection, items)
            else:
                await queue.put(connection, items)
            return [None] * len(items)

        group = GroupCommit(bench.database, write)
        left = iter(range(jobs))

        async def client() -> None:
            for n in left:  # noqa: B023 - used up before the next turn
                await group.write(a_put(lanes[n % 100]))  # noqa: B023 - likewise

        async with bench.costs(f"put, 64 writers, {'paced' if paced else 'unpaced'}", jobs):
            await asyncio.gather(*(client() for _ in range(64)))


async def latency(bench: Bench, count: int) -> None:
    for paced in (False, True):
        queue = bench.queue(f"latency{paced}", paced=paced)
        handler = Finisher(queue)
        taken = []
        async with working(queue, handler, 1000):
            await asyncio.sleep(0.2)
            for n in range(count):
                began = clock.monotonic()
                async with bench.database.transaction() as connection:
                    await queue.put(connection, [a_put(lanes_of(10)[n % 10])])
                await handler.reach(n + 1)
                taken.append(handler.times[-1][1] - began)
                await asyncio.sleep(0.01)
            bare = []
            for _ in range(count):
                began = clock.monotonic()
                await bench.database.execute("insert into seen values ($1, $1, now())", str(began))
                bare.append(clock.monotonic() - began)
                await asyncio.sleep(0.01)
        cuts, least = quantiles(taken, n=100), quantiles(bare, n=100)
        print(
            f"idle, put to handler, {'paced' if paced else 'unpaced'}:"
            f" p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms;"
            f" one bare commit p50 {least[49] * 1000:.1f} ms"
        )


async def pacing(bench: Bench, lanes: int, rate: float, seconds: float) -> None:
    queue = bench.queue(f"pace{lanes}", paced=True)
    names = lanes_of(lanes)
    async with bench.database.transaction() as connection:
        await queue.configure(connection, [(lane, rate, None) for lane in names])
    await bench.fill(queue, names, int(lanes * (rate * seconds * 1.1 + 4)))
    handler = Finisher(queue)
    expected = int(lanes * rate * seconds)
    async with working(queue, handler, 4000):
        await asyncio.sleep(max(2, 1.2 / rate))
        first = len(handler.times)
        async with bench.costs(f"{lanes:,} lanes at {rate:g}/s", expected):
            await asyncio.sleep(seconds)
    print(
        f"  used {used(handler.times[first:], rate):.1%} of the limit;"
        f" most in a sliding second {sliding(handler.times)} (limit {max(1, round(rate))})"
    )


def by_lane(times: Sequence[tuple[Lane, float]]) -> list[list[float]]:
    lanes: dict[Lane, list[float]] = defaultdict(list)
    for lane, at in times:
        lanes[lane].append(at)
    return list(lanes.values())


def used(times: Sequence[tuple[Lane, float]], rate: float) -> float:
    lanes = by_lane(times)
    return sum(len(ats) - 1 for ats in lanes) / sum(ats[-1] - ats[0] for ats in lanes) / rate


def sliding(times: Sequence[tuple[Lane, float]]) -> int:
    return max(
        n - bisect_left(ats, at - 1.0 + 1e-9) + 1
        for ats in by_lane(times)
        for n, at in enumerate(ats)
    )


async def memory(bench: Bench, jobs: int) -> None:
    queue = bench.queue("memory", paced=True)
    lanes = lanes_of(1000)
    before = memory_of([os.getpid()])
    async with bench.database.transaction() as connection:
        await queue.configure(connection, [(lane, 0.01, None) for lane in lanes])
    async with bench.costs(f"fill with {jobs:,}", jobs):
        await bench.fill(queue, lanes, jobs)
    began = clock.monotonic()
    handler = Finisher(queue)
    async with working(queue, handler, 1000):
        await handler.reach(1)
        first = clock.monotonic() - began
        async with bench.costs("at rest, per second", 10):
            await asyncio.sleep(10)
        now = memory_of([os.getpid()])
    print(
        f"{jobs:,} queued: {now:.0f} MB here ({before:.0f} before),"
        f" {memory_of(server_pids(bench.folder)):.0f} MB PostgreSQL;"
        f" first job {first:.2f} s after the start"
    )


async def main(only: Sequence[str], *, short: bool) -> None:
    scale = 10 if short else 1
    parts: dict[str, Callable[[Bench], Awaitable[None]]] = {
        "one": lambda b: throughput(b, 1, 40_000 // scale),
        "thousand": lambda b: throughput(b, 1000, 40_000 // scale),
        "put": lambda b: puts(b, 40_000 // scale),
        "latency": lambda b: latency(b, 300 // scale),
        "slow": lambda b: pacing(b, 10_000 // scale, 0.1, 30 / min(scale, 3)),
        "fast": lambda b: pacing(b, 100 // scale, 30, 20 / min(scale, 4)),
        "memory": lambda b: memory(b, 1_000_000 // scale),
    }
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        embedded = Embedded(Path(name))
        url = await embedded.start()
        database = await Database.open(url)
        await migrate(database, url, MIGRATIONS)
        for part in only or parts:
            await parts[part](Bench(Path(name), database))
            await database.execute("truncate jobs, lanes, lane_puts")
        await database.close()
        await embedded.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", help="which parts; all by default")
    parser.add_argument("--short", action="store_true", help="a tenth of everything")
    given = parser.parse_args()
    uvloop.run(main(given.part, short=given.short))
