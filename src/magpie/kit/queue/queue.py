"""One named queue: a put is durable with its transaction, and wakes the worker after it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from magpie.kit import clock
from magpie.kit.db import Connection, Database, Queries, after_commit
from magpie.kit.queue import lane_store, store
from magpie.kit.queue.model import Job, Lane, LaneStatus, Put
from magpie.kit.queue.pacing import pace_of, rate_of
from magpie.kit.queue.wake import Wake, Wakes


class Queue:
    """A paced queue keeps a row for each lane; in one that is not, lanes are for fairness alone.

    All methods but `lanes_of` are for use inside somebody's transaction. `node` names this process
    among those on the store, and is the same after a restart.
    """

    def __init__(
        self, name: str, database: Database, wakes: Wakes, *, paced: bool, node: str
    ) -> None:
        self.name = name
        self.database = database
        self.paced = paced
        self.node = node
        self.wakes = wakes

    async def put(self, connection: Connection, puts: Sequence[Put]) -> None:
        if not puts:
            return
        if self.paced:
            await lane_store.count(connection, self.name, units_by_lane(puts))
        await self._put(connection, puts)

    async def put_within(self, connection: Connection, puts: Sequence[Put]) -> set[UUID]:
        """Put what the lanes' capacity admits; gives the ids that were refused.

        Earlier puts of the sequence have precedence. A refused put leaves no trace.
        """
        if not puts:
            return set()
        totals = await lane_store.count(connection, self.name, units_by_lane(puts))
        limits = await lane_store.capacities(connection, self.name, list(totals))
        refused = overflow(puts, totals, limits)
        if refused:
            over = units_by_lane([put for put in puts if put.id in refused])
            await lane_store.count(
                connection, self.name, {lane: -units for lane, units in over.items()}
            )
        kept = [put for put in puts if put.id not in refused]
        if kept:
            await self._put(connection, kept)
        return refused

    async def _put(self, connection: Connection, puts: Sequence[Put]) -> None:
        await store.put(connection, self.name, puts)
        waiting = [put for put in puts if not put.held]
        ready = {put.place for put in waiting if put.due_at is None}
        self._after(connection, ready, [put.due_at for put in waiting])

    async def finish(self, connection: Connection, jobs: Sequence[Job]) -> set[UUID]:
        """Remove jobs that are done; gives the ids whose lease was still ours.

        The others must have no effects.
        """
        if not jobs:
            return set()
        ours = await store.finish(connection, self.name, jobs)
        # A follower may have been put since the statement looked, so none is looked for.
        self._after(connection, {job.place for job in jobs if job.serial is not None})
        return ours

    async def again(
        self, connection: Connection, jobs: Sequence[tuple[Job, datetime]]
    ) -> set[UUID]:
        """Give jobs back to their lanes, due at their times; gives the ids that were ours."""
        if not jobs:
            return set()
        back = await store.again(connection, self.name, jobs)
        ready = {job.lane for job in back if job.due_at is None}
        self._after(connection, ready, [job.due_at for job in back])
        return {job.id for job in back}

    async def withdraw(self, connection: Connection, ids: Sequence[tuple[str, UUID]]) -> set[UUID]:
        """Take back jobs, named by account and id, that nobody has claimed yet; gives their ids."""
        columns = map(list, zip(*ids, strict=True))
        gone = await store.remove(connection, store.WITHDRAW, self.name, *columns)
        if gone and self.paced:
            units: dict[Lane, int] = {}
            for lane, _, cost in gone:
                units[lane] = units.get(lane, 0) - cost
            await lane_store.count(connection, self.name, units)
        return {id_ for _, id_, _ in gone}

    async def has(self, connection: Connection, account_sid: str, id_: UUID) -> bool:
        """Whether there is a job of that name, waiting or at work."""
        return await store.has(connection, self.name, account_sid, id_)

    async def overdue(
        self, connection: Connection, before: datetime, most: int = 1000
    ) -> list[tuple[Lane, UUID, bytes]]:
        """Remove what is ready and was born before; gives (lane, id, payload)."""
        edge = clock.least_uuid7(before)
        return await store.remove(connection, store.OVERDUE, self.name, edge, most)

    async def release(self, connection: Connection, ids: Sequence[tuple[str, UUID]]) -> None:
        """Let held jobs go, named by account and id; others are left as they are."""
        self._after(connection, await store.release(connection, self.name, ids))

    async def configure(
        self, connection: Connection, lanes: Iterable[tuple[Lane, float, int | None]]
    ) -> None:
        """Set limits: (lane, units a second or 0 for none, capacity in units)."""
        limits = [(lane, pace_of(rate), capacity) for lane, rate, capacity in lanes]
        await lane_store.configure(connection, self.name, limits)
        self._after(connection, {lane for lane, _, _ in limits}, anew=True)

    async def pause(self, connection: Connection, lanes: Sequence[Lane]) -> None:
        """Jobs claimed already still go, for a quarter of a second. Paced queues only."""
        await lane_store.pause(connection, self.name, lanes, paused=True)

    async def resume(self, connection: Connection, lanes: Sequence[Lane]) -> None:
        await lane_store.pause(connection, self.name, lanes, paused=False)
        self._after(connection, set(lanes), anew=True)

    async def drain(self, connection: Connection, lanes: Sequence[Lane]) -> None:
        """`put_within` finds no room any more; what waits already goes on."""
        await lane_store.drain(connection, self.name, lanes, draining=True)

    async def reopen(self, connection: Connection, lanes: Sequence[Lane]) -> None:
        await lane_store.drain(connection, self.name, lanes, draining=False)

    def stir(self, lanes: Iterable[Lane]) -> None:
        """Let workers look at lanes that were not open to them a moment ago."""
        self.wakes.wake(self.name, Wake(lanes=tuple(lanes)))

    async def lanes_of(
        self, account_sid: str, *, after: str = "", most: int = 1000, through: Queries | None = None
    ) -> list[LaneStatus]:
        """Give an account's lanes by name: those configured, and those with jobs to be done."""
        rows = await lane_store.lanes_of(
            through or self.database, self.name, account_sid, after, most
        )
        return [_status(row) for row in rows]

    def _after(
        self,
        connection: Connection,
        lanes: set[Lane],
        dues: Iterable[datetime | None] = (),
        *,
        anew: bool = False,
    ) -> None:
        due_at = min((due for due in dues if due is not None), default=None)
        if lanes or due_at is not None:
            wake = Wake(lanes=tuple(lanes), due_at=due_at, anew=anew)
            after_commit(connection, lambda: self.wakes.wake(self.name, wake))


def units_by_lane(puts: Iterable[Put]) -> dict[Lane, int]:
    units: dict[Lane, int] = {}
    for put in puts:
        lane = put.place
        units[lane] = units.get(lane, 0) + put.cost
    return units


def overflow(
    puts: Sequence[Put], totals: Mapping[Lane, int], limits: Mapping[Lane, tuple[int, int]]
) -> set[UUID]:
    """Find the puts that do not fit; `totals` counts all of them, `limits` is (capacity, taken)."""
    units = units_by_lane(puts)
    space = {
        lane: capacity - (totals[lane] - units[lane] - taken)
        for lane, (capacity, taken) in limits.items()
    }
    refused: set[UUID] = set()
    for put in puts:
        lane = put.place
        if lane not in space:
            continue
        if put.cost > space[lane]:
            refused.add(put.id)
        else:
            space[lane] -= put.cost
    return refused


def _status(row: Mapping[str, object]) -> LaneStatus:
    oldest = row["oldest"]
    values = {name: row[name] for name in ("capacity", "units", "jobs", "paused", "draining")}
    return LaneStatus(
        name=str(row["lane"]),
        rate=rate_of(float(str(row["pace"]))),
        oldest_at=clock.born(oldest) if isinstance(oldest, UUID) else None,
        **values,  # type: ignore[arg-type]
    )
