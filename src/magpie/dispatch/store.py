"""The SQL of attempts and receipts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from magpie.dispatch.model import Attempt, Key
from magpie.kit.db import Connection, Queries

# No carrier tries for so long: a later receipt is of another message, which has its id again.
_YOUNG = "b.submitted_at > now() - interval '30 days'"
# When a message was sent last under the id of a parked receipt; clocks of nodes may differ.
_LATEST = f"""(select max(b.submitted_at) - interval '5 minutes' from attempts b
              where b.carrier = q.carrier and b.carrier_id = q.carrier_id and {_YOUNG})"""
_COLUMNS = ", ".join(f"s.{name}" for name in Attempt._fields)


async def begin(
    connection: Connection, rows: Sequence[tuple[str, UUID, int, str, bool, datetime]]
) -> None:
    """Write (account, message, attempt, carrier, possible duplicate, time) as `submitting`."""
    await connection.execute(
        """insert into attempts (account_sid, message_id, attempt, part, carrier, state,
                                 possible_duplicate, submitted_at)
        select g.a, g.m, g.n, 0, g.c, 'submitting', g.d, g.t
        from unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::bool[], $6::timestamptz[])
             as g (a, m, n, c, d, t)
        on conflict do nothing""",
        *map(list, zip(*rows, strict=True)),
    )


async def answered(
    connection: Connection, rows: Sequence[tuple[str, UUID, int, str, str | None, datetime]]
) -> None:
    """Write (account, message, attempt, state, the carrier's id of part 0, time)."""
    await connection.execute(
        """update attempts t set state = g.s, carrier_id = g.i, answered_at = g.t
        from unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])
             as g (a, m, n, s, i, t)
        where t.account_sid = g.a and t.message_id = g.m and t.attempt = g.n and t.part = 0""",
        *map(list, zip(*rows, strict=True)),
    )


async def more_parts(
    connection: Connection, rows: Sequence[tuple[str, UUID, int, int, str, str, datetime]]
) -> None:
    """Add (account, message, attempt, part, carrier, the carrier's id, time) as accepted."""
    await connection.execute(
        """insert into attempts (account_sid, message_id, attempt, part, carrier, state, carrier_id,
                                 submitted_at, answered_at)
        select g.a, g.m, g.n, g.p, g.c, 'accepted', g.i, g.t, g.t
        from unnest($1::text[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[],
                    $7::timestamptz[]) as g (a, m, n, p, c, i, t)
        on conflict do nothing""",
        *map(list, zip(*rows, strict=True)),
    )


async def ids_of(
    queries: Queries, carrier: str, among: Iterable[str], message_id: UUID
) -> set[str]:
    """Of these ids that a carrier gave, those of a message."""
    rows = await queries.fetch(
        """select carrier_id from attempts
        where carrier = $1 and carrier_id = any($2::text[]) and message_id = $3""",
        carrier,
        [*among],
        message_id,
    )
    return {row[0] for row in rows}


async def lose(queries: Queries, keys: Sequence[Key]) -> set[Key]:
    """Call unknown what was submitting when its process died; gives the messages concerned."""
    rows = await queries.fetch(
        """update attempts t set state = 'unknown'
        from unnest($1::text[], $2::uuid[]) as g (a, m)
        where t.account_sid = g.a and t.message_id = g.m and t.state = 'submitting'
        returning t.account_sid, t.message_id""",
        [account_sid for account_sid, _ in keys],
        [message_id for _, message_id in keys],
    )
    return {(row[0], row[1]) for row in rows}


async def earlier(queries: Queries, keys: Sequence[Key]) -> dict[Key, list[Attempt]]:
    """Give the first parts of all tries of messages that were claimed before."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from attempts s
        join unnest($1::text[], $2::uuid[]) as g (a, m)
          on s.account_sid = g.a and s.message_id = g.m and s.part = 0
        order by s.attempt""",
        [account_sid for account_sid, _ in keys],
        [message_id for _, message_id in keys],
    )
    tries: dict[Key, list[Attempt]] = {}
    for row in rows:
        attempt = Attempt(*row)
        tries.setdefault((attempt.account_sid, attempt.message_id), []).append(attempt)
    return tries


async def siblings(
    connection: Connection, ids: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[Attempt]]:
    """By (carrier, carrier's id): all parts of the try that it belongs to, locked.

    Carriers use their ids again, after a restart or when their counters come round: the latest
    try of that name is meant.
    """
    rows = await connection.fetch(
        f"""select g.c, g.i, {_COLUMNS}
        from unnest($1::text[], $2::text[]) as g (c, i)
        cross join lateral (
            select b.account_sid, b.message_id, b.attempt from attempts b
            where b.carrier = g.c and b.carrier_id = g.i and {_YOUNG}
            order by b.submitted_at desc limit 1) a
        join attempts s on s.account_sid = a.account_sid and s.message_id = a.message_id
                       and s.attempt = a.attempt
        order by s.account_sid, s.message_id, s.attempt, s.part for update of s""",
        [carrier for carrier, _ in ids],
        [id_ for _, id_ in ids],
    )
    found: dict[tuple[str, str], list[Attempt]] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), []).append(Attempt(*row[2:]))
    return found


async def mark_receipts(connection: Connection, marks: Sequence[tuple[Attempt, str]]) -> None:
    await connection.execute(
        """update attempts t set receipt = g.r
        from unnest($1::text[], $2::uuid[], $3::int[], $4::int[], $5::text[]) as g (a, m, n, p, r)
        where t.account_sid = g.a and t.message_id = g.m and t.attempt = g.n and t.part = g.p""",
        [attempt.account_sid for attempt, _ in marks],
        [attempt.message_id for attempt, _ in marks],
        [attempt.attempt for attempt, _ in marks],
        [attempt.part for attempt, _ in marks],
        [receipt for _, receipt in marks],
    )


async def park(
    connection: Connection, rows: Sequence[tuple[str, str, dict[str, Any], datetime]]
) -> None:
    """Keep (carrier, carrier's id, receipt, time) until its message is known.

    By their times they are taken and turned over: no two of them should have the same.
    """
    await connection.execute(
        """insert into parked_receipts (carrier, carrier_id, receipt, parked_at)
        select * from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[])""",
        *map(list, zip(*rows, strict=True)),
    )


async def claimed(queries: Queries, most: int) -> list[tuple[str, str]]:
    """Give (carrier, carrier's id) of parked receipts whose message has become known.

    Those that came before it was sent are of another, which had the same id.
    """
    rows = await queries.fetch(
        f"""select distinct q.carrier, q.carrier_id from parked_receipts q
        where q.parked_at >= {_LATEST} limit $1""",
        most,
    )
    return [(row[0], row[1]) for row in rows]


async def unpark(
    connection: Connection, ids: Iterable[tuple[str, str]]
) -> list[tuple[str, dict[str, Any]]]:
    """Take the receipts of these (carrier, carrier's id), in the order in which they came.

    Each with the carrier of its message, if another handed it in.
    """
    carriers, carrier_ids = map(list, zip(*ids, strict=True))
    rows = await connection.fetch(
        f"""with gone as (
            delete from parked_receipts q
            using unnest($1::text[], $2::text[]) as g (c, i)
            where q.carrier = g.c and q.carrier_id = g.i and q.parked_at >= {_LATEST}
            returning q.carrier, q.receipt, q.parked_at)
        select carrier, receipt from gone order by parked_at""",
        carriers,
        carrier_ids,
    )
    return [(row[0], row[1]) for row in rows]


async def owners(
    connection: Connection, rows: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str], str]:
    """Of (carrier, carrier's id, one that may have sent it): by the first two who sent it last."""
    found = await connection.fetch(
        f"""select g.c, g.i, g.o from unnest($1::text[], $2::text[], $3::text[]) as g (c, i, o)
        join attempts b on b.carrier = g.o and b.carrier_id = g.i and {_YOUNG}
        order by b.submitted_at""",
        *map(list, zip(*rows, strict=True)),
    )
    return {(row[0], row[1]): row[2] for row in found}


async def rename_parked(connection: Connection, pairs: Sequence[tuple[str, str]]) -> None:
    """Of (by whom it came, who may have sent it): receipts go to whoever has their message."""
    await connection.execute(
        f"""update parked_receipts q set carrier = g.o
        from unnest($1::text[], $2::text[]) as g (c, o)
        where q.carrier = g.c and exists (
            select 1 from attempts b
            where b.carrier = g.o and b.carrier_id = q.carrier_id and {_YOUNG})""",
        *map(list, zip(*pairs, strict=True)),
    )


async def parked_counts(queries: Queries) -> dict[str, int]:
    rows = await queries.fetch("select carrier, count(*) from parked_receipts group by 1")
    return {row[0]: row[1] for row in rows}


async def parked_of(
    queries: Queries, carrier: str, most: int, before: datetime | None
) -> list[tuple[str, dict[str, Any], datetime]]:
    """Give (the carrier's id, receipt, time), the latest first."""
    rows = await queries.fetch(
        """select carrier_id, receipt, parked_at from parked_receipts
        where carrier = $1 and ($3::timestamptz is null or parked_at < $3)
        order by parked_at desc limit $2""",
        carrier,
        most,
        before,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def prune(queries: Queries, before: datetime) -> None:
    """Forget what is older than a late receipt can be."""
    await queries.execute("delete from parked_receipts where parked_at < $1", before)
