"""The SQL of lanes: their limits, what was put into them, and the switches of an operator."""

from collections.abc import Mapping, Sequence
from typing import Any

from magpie.kit.db import Connection, Queries
from magpie.kit.queue.model import Lane

# Rows are locked in the order in which they are met: sorted, so that two writers never cross.
_COUNT = """
insert into lane_puts as p (account_sid, queue, lane, put)
select g.account_sid, $1, g.lane, g.units
from unnest($2::text[], $3::text[], $4::bigint[]) as g (account_sid, lane, units)
order by g.account_sid, g.lane
on conflict (account_sid, queue, lane) do update set put = p.put + excluded.put
returning p.account_sid, p.lane, p.put, (xmax = 0) as fresh
"""

_OPEN_LANES = """
insert into lanes (account_sid, queue, lane)
select g.account_sid, $1, g.lane from unnest($2::text[], $3::text[]) as g (account_sid, lane)
order by g.account_sid, g.lane on conflict do nothing
"""

# Another pace stretches or shrinks what is left of the wait for the next slot.
_CONFIGURE = """
insert into lanes as l (account_sid, queue, lane, pace, capacity)
select g.account_sid, $1, g.lane, g.pace, g.capacity
from unnest($2::text[], $3::text[], $4::float8[], $5::bigint[])
     as g (account_sid, lane, pace, capacity)
order by g.account_sid, g.lane
on conflict (account_sid, queue, lane) do update
    set pace = excluded.pace, capacity = excluded.capacity,
        tat = case when l.pace > 0 and excluded.pace < l.pace and l.tat > clock_timestamp()
              then clock_timestamp() + (l.tat - clock_timestamp()) * (excluded.pace / l.pace)
              else l.tat end
"""

_PAUSE = """
insert into lanes as l (account_sid, queue, lane, paused)
select g.account_sid, $1, g.lane, $4 from unnest($2::text[], $3::text[]) as g (account_sid, lane)
order by g.account_sid, g.lane
on conflict (account_sid, queue, lane) do update set paused = excluded.paused
"""

_DRAIN = """
insert into lanes as l (account_sid, queue, lane, draining)
select g.account_sid, $1, g.lane, $4 from unnest($2::text[], $3::text[]) as g (account_sid, lane)
order by g.account_sid, g.lane
on conflict (account_sid, queue, lane) do update set draining = excluded.draining
"""

# One that drains has no room, however little waits in it.
_CAPACITY = """
select l.account_sid, l.lane, case when l.draining then 0 else l.capacity end as capacity, l.taken
from unnest($2::text[], $3::text[]) as g (account_sid, lane)
join lanes l on l.account_sid = g.account_sid and l.queue = $1 and l.lane = g.lane
where l.capacity is not null or l.draining
"""

# Lanes with jobs that are ready, by a loose index scan: one probe a lane, however many jobs wait.
_LANES_OF = """
with recursive busy (lane) as (
    (select j.lane from jobs j
     where j.queue = $1 and j.account_sid = $2 and j.lane > $3
       and j.lease_until is null and j.due_at is null
     order by j.lane limit 1)
    union all
    select (select j.lane from jobs j
            where j.queue = $1 and j.account_sid = $2 and j.lane > b.lane
              and j.lease_until is null and j.due_at is null
            order by j.lane limit 1)
    from busy b where b.lane is not null
), named as (
    (select lane from busy where lane is not null limit $4)
    union
    (select lane from lanes where account_sid = $2 and queue = $1 and lane > $3
     order by lane limit $4)
)
select n.lane, coalesce(l.pace, 0) as pace, l.capacity, p.put - l.taken as units,
       coalesce(l.paused, false) as paused,
       coalesce(l.draining, false) as draining, r.jobs, r.oldest
from named n
left join lanes l on l.account_sid = $2 and l.queue = $1 and l.lane = n.lane
left join lane_puts p on p.account_sid = $2 and p.queue = $1 and p.lane = n.lane
cross join lateral (
    select count(*) as jobs, (array_agg(f.id))[1] as oldest from (
        select j.id from jobs j
        where j.queue = $1 and j.account_sid = $2 and j.lane = n.lane
          and j.lease_until is null and j.due_at is null
        order by j.id limit 10000) f
) r
order by n.lane limit $4
"""


async def count(connection: Connection, queue: str, units: Mapping[Lane, int]) -> dict[Lane, int]:
    """Add to what was ever put into each lane; gives the new totals."""
    lanes = sorted(units)
    rows = await connection.fetch(_COUNT, queue, *names_of(lanes), [units[lane] for lane in lanes])
    fresh = [Lane(row[0], row[1]) for row in rows if row["fresh"]]
    if fresh:
        await connection.execute(_OPEN_LANES, queue, *names_of(fresh))
    return {Lane(row[0], row[1]): row["put"] for row in rows}


async def capacities(
    connection: Connection, queue: str, lanes: Sequence[Lane]
) -> dict[Lane, tuple[int, int]]:
    """Give (capacity, units taken so far) of the lanes that have a limit."""
    rows = await connection.fetch(_CAPACITY, queue, *names_of(lanes))
    return {Lane(row[0], row[1]): (row["capacity"], row["taken"]) for row in rows}


async def configure(
    connection: Connection, queue: str, lanes: Sequence[tuple[Lane, float, int | None]]
) -> None:
    """Set pace (seconds a unit) and capacity (units) of lanes."""
    paces, capacities_ = [pace for _, pace, _ in lanes], [capacity for _, _, capacity in lanes]
    names = names_of([lane for lane, _, _ in lanes])
    await connection.execute(_CONFIGURE, queue, *names, paces, capacities_)


async def pause(connection: Connection, queue: str, lanes: Sequence[Lane], *, paused: bool) -> None:
    await connection.execute(_PAUSE, queue, *names_of(lanes), paused)


async def drain(
    connection: Connection, queue: str, lanes: Sequence[Lane], *, draining: bool
) -> None:
    await connection.execute(_DRAIN, queue, *names_of(lanes), draining)


async def lanes_of(
    connection: Queries, queue: str, account_sid: str, after: str, most: int
) -> list[dict[str, Any]]:
    return [dict(r) for r in await connection.fetch(_LANES_OF, queue, account_sid, after, most)]


def names_of(lanes: Sequence[Lane]) -> tuple[list[str], list[str]]:
    return [lane.account_sid for lane in lanes], [lane.name for lane in lanes]
