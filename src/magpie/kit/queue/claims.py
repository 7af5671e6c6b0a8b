"""What one worker asks of its queue's store, and what it remembers of the answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from magpie.kit import clock
from magpie.kit.queue import pacing, store
from magpie.kit.queue.agenda import Agenda
from magpie.kit.queue.gate import Gate
from magpie.kit.queue.model import Job, Laid, Lane
from magpie.kit.queue.queue import Queue
from magpie.kit.queue.store import LockedLane

LEASE = timedelta(seconds=30)
# Another node that works on a lane holds its row for a few milliseconds.
_LOCKED_SECONDS = 0.02
_DUE_SECONDS = 0.02
# A change of pace that crosses a claim might go unnoticed: for so long only.
_LONGEST_REST = 60.0
_PROMOTED = 1000
_REMEMBERED = 50_000


class Claims:
    def __init__(self, queue: Queue, agenda: Agenda, gate: Gate) -> None:
        self._queue = queue
        self._agenda = agenda
        self._gate = gate
        self._time = pacing.StoreTime()
        self._rooms: dict[Lane, int] = {}

    def room(self, lane: Lane, most: int) -> int:
        """Guess how many units of the lane fit before the horizon: as many as the last time."""
        return min(most, self._rooms.get(lane, most)) if self._queue.paced else most

    async def take(self, grants: Mapping[Lane, int]) -> list[Laid]:
        """Lease jobs; lanes that may have more are put on the agenda again."""
        try:
            if self._queue.paced:
                return await self._take_paced(grants)
            taken = await self._claim(self._queue.database, grants)
        except BaseException:
            now = clock.monotonic()
            for lane in grants:
                self._agenda.look(lane, now)
            raise
        now, slot = clock.monotonic(), clock.now()
        self._look_again(grants, taken, now)
        return [Laid(_job(row, slot), now, 0.0) for rows in taken.values() for row in rows]

    async def _take_paced(self, wanted: Mapping[Lane, int]) -> list[Laid]:
        moves: list[tuple[Lane, float, int]] = []
        laid: list[Laid] = []
        taken: dict[Lane, list[Any]] = {}
        async with self._queue.database.transaction() as connection:
            rows = await store.lock_lanes(connection, self._queue.name, list(wanted))
            if rows:
                self._time.note(max(row.now for row in rows), clock.monotonic())
            locked = {row.lane: row for row in rows if not row.paused}
            firsts = {lane: self._first(row) for lane, row in locked.items()}
            rooms = {
                lane: pacing.room(firsts[lane], row.now, row.pace, wanted[lane])
                for lane, row in locked.items()
            }
            grants = {lane: room for lane, room in rooms.items() if room > 0}
            if grants:
                taken = await self._claim(connection, grants)
            for lane, jobs in taken.items():
                move, new = self._lay(locked[lane], firsts[lane], jobs)
                moves.append(move)
                laid += new
            if moves:
                moves.sort()
                await store.advance_lanes(connection, self._queue.name, moves, self._queue.node)
        self._plan(wanted, rows, grants, taken, {**firsts, **{lane: tat for lane, tat, _ in moves}})
        return laid

    async def _claim(self, through: Any, grants: Mapping[Lane, int]) -> dict[Lane, list[Any]]:
        rows: list[Any] = await store.claim(
            through, self._queue.name, grants, self._queue.node, LEASE
        )
        taken: dict[Lane, list[Any]] = {}
        for row in rows:
            taken.setdefault(Lane(row[0], row[1]), []).append(row)
        for jobs in taken.values():
            jobs.sort(key=_id)
        return taken

    def _first(self, row: LockedLane) -> float:
        if row.pace <= 0:
            return row.now
        ours = row.laid_by is None or row.laid_by == self._queue.node
        first = pacing.first_slot(row.tat, row.laid_at, row.now, ours=ours)
        return max(first, self._time.store(self._gate.busy_until(row.lane)))

    def _lay(
        self, row: LockedLane, first: float, rows: Sequence[Any]
    ) -> tuple[tuple[Lane, float, int], list[Laid]]:
        """Give every job its slot, and the lane its new TAT and units taken.

        A job that was claimed before has been counted then.
        """
        times, tat = pacing.slots(first, row.pace, [job[4] for job in rows])
        laid = [
            Laid(
                _job(job, datetime.fromtimestamp(slot, UTC), row.pace * job[4]),
                self._time.monotonic(slot),
                row.pace * job[4],
            )
            for job, slot in zip(rows, times, strict=True)
        ]
        return (row.lane, tat, sum(job[4] for job in rows if job[5] == 1)), laid

    def _plan(
        self,
        wanted: Mapping[Lane, int],
        rows: Sequence[LockedLane],
        grants: Mapping[Lane, int],
        taken: Mapping[Lane, Sequence[Any]],
        tats: Mapping[Lane, float],
    ) -> None:
        now = clock.monotonic()
        locked = {row.lane: row for row in rows}
        for lane in wanted.keys() - locked.keys():
            self._agenda.look_at(lane, now + _LOCKED_SECONDS)
        for lane, row in locked.items():
            if row.paused or row.pace <= 0:
                self._rooms.pop(lane, None)
                continue
            self._rooms[lane] = int(pacing.HORIZON / row.pace) + 1
            wait = pacing.next_look(tats[lane], row.now)
            if wait > 0:
                self._agenda.rest(lane, now + min(wait, _LONGEST_REST))
        without = [lane for lane, row in locked.items() if not row.paused and lane not in grants]
        self._look_again(grants, taken, now)
        for lane in without:
            self._agenda.look(lane, now)

    def _look_again(
        self, grants: Mapping[Lane, int], taken: Mapping[Lane, Sequence[Any]], now: float
    ) -> None:
        for lane, granted in grants.items():
            if len(taken.get(lane, ())) >= granted:
                self._agenda.look(lane, now)

    async def promote(self) -> None:
        """Make ready what is due, and note when the next job will be."""
        self._agenda.due_at = None
        lanes = await store.promote(self._queue.database, self._queue.name, _PROMOTED)
        seconds = await store.next_due(self._queue.database, self._queue.name)
        self._note(lanes, seconds)

    async def recover(self, held: Sequence[Job], old: Sequence[Job]) -> None:
        """Keep old leases, return those that nobody holds, and find every lane that has work.

        While a claim is under way its jobs would be taken for lost: never both at a time.
        """
        name, database, node = self._queue.name, self._queue.database, self._queue.node
        if old:
            await store.extend(database, name, old, node, LEASE)
        await store.expire(database, name, node, [job.id for job in held])
        lanes = await store.waiting_lanes(database, name)
        self._note(lanes, await store.next_due(database, name))
        self._tidy()

    def _note(self, lanes: Iterable[Lane], due_in: float | None) -> None:
        now = clock.monotonic()
        for lane in lanes:
            self._agenda.look(lane, now)
        if due_in is not None:
            self._agenda.due(now + max(due_in, _DUE_SECONDS))

    def _tidy(self) -> None:
        now = clock.monotonic()
        self._agenda.tidy(now)
        self._gate.tidy(now)
        if len(self._rooms) > _REMEMBERED:
            self._rooms.clear()


def _id(row: Any) -> Any:
    return row[2]


def _job(row: Any, slot: datetime, gap: float = 0.0) -> Job:
    account_sid, lane, id_, payload, cost, claim, serial = row
    return Job(
        account_sid=account_sid,
        lane=lane,
        id=id_,
        payload=payload,
        cost=cost,
        claim=claim,
        serial=serial,
        slot=slot,
        gap=gap,
    )
