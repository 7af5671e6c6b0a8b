"""The SQL of what phones send: what was here already, and long texts until they are whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from magpie.carriers.traffic import Inbound
from magpie.kit.db import Connection, Queries


async def fresh(
    connection: Connection, keys: Sequence[tuple[str, str]], now: datetime
) -> set[tuple[str, str]]:
    """Remember (carrier, key) of arrivals; gives those that were not known."""
    rows = await connection.fetch(
        """insert into seen (carrier, key, at)
        select g.c, g.k, $3 from unnest($1::text[], $2::text[]) as g (c, k) order by 1, 2
        on conflict do nothing returning carrier, key""",
        [carrier for carrier, _ in keys],
        [key for _, key in keys],
        now,
    )
    return {(row[0], row[1]) for row in rows}


async def assemble(connection: Connection, part: Inbound, now: datetime) -> list[str] | None:
    """Keep one part of a long text; gives all the bodies in order once they are together."""
    assert part.fragment is not None
    name = (part.carrier, part.from_, part.to, part.fragment.reference, part.fragment.total)
    await connection.execute(
        """insert into assembling (carrier, "from", "to", reference, total, part, body, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing""",
        *name,
        part.fragment.index,
        part.body,
        now,
    )
    rows = await connection.fetch(
        """select part, body from assembling
        where carrier = $1 and "from" = $2 and "to" = $3 and reference = $4 and total = $5
        order by part for update""",
        *name,
    )
    if len(rows) < part.fragment.total:
        return None
    await connection.execute(
        """delete from assembling
        where carrier = $1 and "from" = $2 and "to" = $3 and reference = $4 and total = $5""",
        *name,
    )
    return [row[1] for row in rows]


async def overdue_parts(connection: Connection, before: datetime) -> list[Any]:
    """Take long texts that wait too long for a part: carrier, from, to, reference, bodies."""
    return await connection.fetch(
        """with late as (
            select carrier, "from", "to", reference, total from assembling
            group by 1, 2, 3, 4, 5 having max(at) < $1),
        gone as (
            delete from assembling a using late l
            where a.carrier = l.carrier and a."from" = l."from" and a."to" = l."to"
              and a.reference = l.reference and a.total = l.total
            returning a.*)
        select carrier, "from", "to", reference, total, min(at) as at,
               array_agg(body order by part) as bodies
        from gone group by 1, 2, 3, 4, 5""",
        before,
    )


async def prune(queries: Queries, before: datetime) -> None:
    """Forget what is older than a redelivery can be."""
    await queries.execute("delete from seen where at < $1", before)
