"""The queue's SQL. Everything that changes a job checks its fencing number.

A job that waits is in one of three indexes: ready (no due_at), due later, or in none, when held
(due_at is infinity): a claim never meets jobs that it may not take. Leases and due times are kept
by the store's clock, which all nodes share.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from magpie.kit.db import Connection, Queries
from magpie.kit.queue.lane_store import names_of
from magpie.kit.queue.model import Job, Lane, Put

_PUT = """
insert into jobs (account_sid, queue, lane, id, serial, cost, due_at, payload)
select j.account_sid, $1, j.lane, j.id, j.serial, j.cost,
       case when j.held then 'infinity' when j.due_at > clock_timestamp() then j.due_at end,
       j.payload
from unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::int[], $7::timestamptz[],
            $8::bool[], $9::bytea[])
     as j (account_sid, lane, id, serial, cost, due_at, held, payload)
"""

_FINISH = """
delete from jobs j using unnest($2::text[], $3::uuid[], $4::int[]) as g (account_sid, id, claim)
where j.account_sid = g.account_sid and j.queue = $1 and j.id = g.id and j.claim = g.claim
returning j.id
"""

_AGAIN = """
update jobs j set lease_until = null, claimed_by = null,
    due_at = case when g.due_at > clock_timestamp() then g.due_at end
from unnest($2::text[], $3::uuid[], $4::int[], $5::timestamptz[])
     as g (account_sid, id, claim, due_at)
where j.account_sid = g.account_sid and j.queue = $1 and j.id = g.id and j.claim = g.claim
returning j.id, j.account_sid, j.lane, j.due_at
"""

# Who is not claimed yet was not counted as taken either.
WITHDRAW = """
delete from jobs j using unnest($2::text[], $3::uuid[]) as g (account_sid, id)
where j.account_sid = g.account_sid and j.queue = $1 and j.id = g.id and j.claim = 0
returning j.account_sid, j.lane, j.id, j.cost
"""

OVERDUE = """
delete from jobs j where j.ctid in (
    select ctid from jobs where queue = $1 and lease_until is null and due_at is null and id < $2
    limit $3 for update skip locked)
returning j.account_sid, j.lane, j.id, j.payload
"""

_RELEASE = """
update jobs j set due_at = null
from unnest($2::text[], $3::uuid[]) as g (account_sid, id)
where j.account_sid = g.account_sid and j.queue = $1 and j.id = g.id and j.due_at = 'infinity'
returning j.account_sid, j.lane
"""


async def remove(
    connection: Connection, statement: str, queue: str, *values: object
) -> list[tuple[Lane, UUID, Any]]:
    """WITHDRAW jobs by accounts and ids, or at most so many OVERDUE ones, older than an id.

    Gives (lane, id, cost or payload).
    """
    rows = await connection.fetch(statement, queue, *values)
    return [(Lane(row[0], row[1]), row[2], row[3]) for row in rows]


async def has(queries: Queries, queue: str, account_sid: str, id_: UUID) -> bool:
    rows = await queries.fetch(
        "select 1 from jobs where account_sid = $1 and queue = $2 and id = $3",
        account_sid,
        queue,
        id_,
    )
    return bool(rows)


async def put(connection: Connection, queue: str, puts: Sequence[Put]) -> None:
    columns = zip(*map(_columns, puts), strict=True)
    await connection.execute(_PUT, queue, *map(list, columns))


def _columns(put: Put) -> tuple[object, ...]:
    return (
        put.account_sid,
        put.lane,
        put.id,
        put.serial,
        put.cost,
        put.due_at,
        put.held,
        put.payload,
    )


async def finish(connection: Connection, queue: str, jobs: Sequence[Job]) -> set[UUID]:
    rows = await connection.fetch(_FINISH, queue, *fence(jobs))
    return {row[0] for row in rows}


class Returned(msgspec.Struct, frozen=True):
    id: UUID
    lane: Lane
    due_at: datetime | None


async def again(
    connection: Connection, queue: str, jobs: Sequence[tuple[Job, datetime]]
) -> list[Returned]:
    """Give jobs back; they keep their place in the lane."""
    times = [due_at for _, due_at in jobs]
    rows = await connection.fetch(_AGAIN, queue, *fence([job for job, _ in jobs]), times)
    return [Returned(row[0], Lane(row[1], row[2]), row[3]) for row in rows]


async def release(connection: Connection, queue: str, ids: Sequence[tuple[str, UUID]]) -> set[Lane]:
    """Let held jobs go; gives their lanes."""
    accounts, names = [account_sid for account_sid, _ in ids], [id_ for _, id_ in ids]
    rows = await connection.fetch(_RELEASE, queue, accounts, names)
    return {Lane(row[0], row[1]) for row in rows}


def fence(jobs: Sequence[Job]) -> tuple[list[str], list[UUID], list[int]]:
    return [j.account_sid for j in jobs], [j.id for j in jobs], [j.claim for j in jobs]


# What the worker asks for

# Lanes are locked in the order in which they are named, and found by one probe each.
_LOCK_LANES = """
select g.account_sid, g.lane, l.pace, extract(epoch from l.tat)::float8,
       extract(epoch from l.laid_at)::float8, l.laid_by, l.paused,
       extract(epoch from clock_timestamp())::float8
from unnest($2::text[], $3::text[]) as g (account_sid, lane)
cross join lateral (
    select * from lanes l
    where l.account_sid = g.account_sid and l.queue = $1 and l.lane = g.lane
    for update skip locked
) l
"""

_CLAIM = """
with picked as materialized (
    select j.account_sid, j.id
    from unnest($2::text[], $3::text[], $4::int[]) as g (account_sid, lane, most)
    cross join lateral (
        select w.account_sid, w.id from jobs w
        where w.queue = $1 and w.account_sid = g.account_sid and w.lane = g.lane
          and w.lease_until is null and w.due_at is null
          and (w.serial is null or not exists (
                select from jobs e
                where e.account_sid = w.account_sid and e.queue = $1 and e.serial = w.serial
                  and e.id < w.id))
        order by w.id limit g.most for update skip locked
    ) j
)
update jobs t set claim = t.claim + 1, claimed_by = $5, lease_until = clock_timestamp() + $6
from picked p
where t.account_sid = p.account_sid and t.queue = $1 and t.id = p.id
returning t.account_sid, t.lane, t.id, t.payload, t.cost, t.claim, t.serial
"""

_ADVANCE_LANES = """
update lanes l
set tat = to_timestamp(g.tat), taken = l.taken + g.units, laid_by = $6, laid_at = clock_timestamp()
from unnest($2::text[], $3::text[], $4::float8[], $5::bigint[])
     as g (account_sid, lane, tat, units)
where l.account_sid = g.account_sid and l.queue = $1 and l.lane = g.lane
"""

_EXTEND = """
update jobs j set lease_until = clock_timestamp() + $5, claimed_by = $6
from unnest($2::text[], $3::uuid[], $4::int[]) as g (account_sid, id, claim)
where j.account_sid = g.account_sid and j.queue = $1 and j.id = g.id and j.claim = g.claim
"""

_EXPIRE = """
with over as materialized (
    select account_sid, id from jobs
    where queue = $1 and lease_until is not null
      and (lease_until < clock_timestamp() or (claimed_by = $2 and id <> all ($3::uuid[])))
    for update skip locked
)
update jobs j set lease_until = null, claimed_by = null
from over o where j.account_sid = o.account_sid and j.queue = $1 and j.id = o.id
"""

_PROMOTE = """
with ripe as materialized (
    select account_sid, id from jobs
    where queue = $1 and lease_until is null and due_at < 'infinity' and due_at <= clock_timestamp()
    order by due_at limit $2 for update skip locked
)
update jobs j set due_at = null
from ripe r where j.account_sid = r.account_sid and j.queue = $1 and j.id = r.id
returning j.account_sid, j.lane
"""

_NEXT_DUE = """
select extract(epoch from due_at - clock_timestamp())::float8 from jobs
where queue = $1 and lease_until is null and due_at < 'infinity' order by due_at limit 1
"""

_WAITING_LANES = """
with recursive busy as (
    (select account_sid, lane from jobs
     where queue = $1 and lease_until is null and due_at is null
     order by account_sid, lane limit 1)
    union all
    select n.account_sid, n.lane from busy b cross join lateral (
        select j.account_sid, j.lane from jobs j
        where j.queue = $1 and j.lease_until is null and j.due_at is null
          and (j.account_sid, j.lane) > (b.account_sid, b.lane)
        order by j.account_sid, j.lane limit 1) n
)
select account_sid, lane from busy
"""


class LockedLane(msgspec.Struct):
    """A lane's row, ours until the transaction ends; times are seconds since 1970."""

    lane: Lane
    pace: float
    tat: float
    laid_at: float
    laid_by: str | None
    paused: bool
    now: float


async def lock_lanes(connection: Connection, queue: str, lanes: Sequence[Lane]) -> list[LockedLane]:
    """Lanes that another node works on this moment are left out."""
    rows = await connection.fetch(_LOCK_LANES, queue, *names_of(sorted(lanes)))
    return [LockedLane(Lane(row[0], row[1]), *row[2:]) for row in rows]


async def claim(
    connection: Queries, queue: str, grants: Mapping[Lane, int], worker: str, lease: timedelta
) -> list[tuple[object, ...]]:
    """Lease the first ready jobs of each lane: (account, lane, id, payload, cost, claim, serial).

    Not sorted.
    """
    names = names_of(list(grants))
    return await connection.fetch(_CLAIM, queue, *names, list(grants.values()), worker, lease)


async def advance_lanes(
    connection: Connection, queue: str, moves: Sequence[tuple[Lane, float, int]], node: str
) -> None:
    """Write each lane's new TAT and add the units taken from it."""
    tats, units = [tat for _, tat, _ in moves], [taken for _, _, taken in moves]
    names = names_of([lane for lane, _, _ in moves])
    await connection.execute(_ADVANCE_LANES, queue, *names, tats, units, node)


async def extend(
    connection: Queries, queue: str, jobs: Sequence[Job], worker: str, lease: timedelta
) -> None:
    await connection.execute(_EXTEND, queue, *fence(jobs), lease, worker)


async def expire(connection: Queries, queue: str, worker: str, held: Sequence[UUID]) -> None:
    """Return jobs whose lease is over, and those leased to this worker that it does not hold."""
    await connection.execute(_EXPIRE, queue, worker, held)


async def promote(connection: Queries, queue: str, most: int) -> list[Lane]:
    """Make jobs ready whose time has come; gives the lane of each."""
    return [Lane(row[0], row[1]) for row in await connection.fetch(_PROMOTE, queue, most)]


async def next_due(connection: Queries, queue: str) -> float | None:
    """Give the seconds until the next job is due."""
    seconds: float | None = await connection.fetchval(_NEXT_DUE, queue)
    return seconds


async def waiting_lanes(connection: Queries, queue: str) -> list[Lane]:
    return [Lane(row[0], row[1]) for row in await connection.fetch(_WAITING_LANES, queue)]
