"""The SQL of long texts in parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from magpie.esmes.parts.model import Kept, LongText, Part
from magpie.kit.db import Connection, Queries

Key = tuple[str, UUID]


class Head(msgspec.Struct, frozen=True):
    message_id: UUID
    whole: bool


# A head that is there is locked by its update, so that two nodes never complete one text at once.
_HEADS = """
insert into submitted_texts as t
    (account_sid, system_id, "from", "to", reference, total, message_id, at)
select g.a, g.s, g.f, g.t, g.r, g.n, g.i, $8
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::uuid[])
     as g (a, s, f, t, r, n, i)
order by 1, 2, 3, 4, 5, 6
on conflict (account_sid, system_id, "from", "to", reference, total) where current
    do update set at = t.at
returning account_sid, system_id, "from", "to", reference, total, message_id,
          whole_at is not null
"""

_ADD = """
insert into submitted_parts (account_sid, message_id, part, body, registered, validity, pdu)
select * from unnest(
    $1::text[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::int[], $7::bytea[])
on conflict do nothing
"""

_TEXTS = """
select t.account_sid, t.system_id, t."from", t."to", t.total, t.message_id,
       p.part, p.body, p.registered, p.validity, p.pdu
from unnest($1::text[], $2::uuid[]) as g (a, i)
join submitted_texts t on t.account_sid = g.a and t.message_id = g.i
join submitted_parts p on p.account_sid = g.a and p.message_id = g.i
order by t.account_sid, t.message_id, p.part
"""

_OVERDUE = """
select account_sid, message_id from submitted_texts
where whole_at is null and at < $1 order by at limit $2
"""

_FORGET = """
with old as (
    delete from submitted_texts where whole_at < $1 returning account_sid, message_id)
delete from submitted_parts p using old o
where p.account_sid = o.account_sid and p.message_id = o.message_id
"""


async def heads(
    connection: Connection, fresh: Sequence[tuple[tuple[Any, ...], UUID]], now: datetime
) -> dict[tuple[Any, ...], Head]:
    """By (account, system_id, from, to, reference, total): the text that is there, or is now."""
    columns = zip(*[(*key, id_) for key, id_ in fresh], strict=True)
    rows = await connection.fetch(_HEADS, *map(list, columns), now)
    return {tuple(row[:6]): Head(row[6], row[7]) for row in rows}


async def retire(connection: Connection, keys: Sequence[Key]) -> None:
    """Their references have come round and name other texts; what is kept goes its way."""
    await connection.execute(
        """update submitted_texts t set current = false
        from unnest($1::text[], $2::uuid[]) as g (a, i)
        where t.account_sid = g.a and t.message_id = g.i""",
        [account_sid for account_sid, _ in keys],
        [message_id for _, message_id in keys],
    )


async def add(connection: Connection, rows: Sequence[tuple[UUID, Part]]) -> None:
    await connection.execute(
        _ADD,
        [part.account_sid for _, part in rows],
        [message_id for message_id, _ in rows],
        [part.index for _, part in rows],
        [part.body for _, part in rows],
        [part.registered for _, part in rows],
        [part.validity for _, part in rows],
        [part.pdu for _, part in rows],
    )


async def texts(queries: Queries, keys: Sequence[Key]) -> dict[Key, LongText]:
    """What there is of them."""
    rows = await queries.fetch(_TEXTS, [a for a, _ in keys], [i for _, i in keys])
    found: dict[Key, list[Any]] = {}
    for row in rows:
        found.setdefault((row[0], row[5]), []).append(row)
    return {
        key: LongText(
            account_sid=key[0],
            system_id=of_one[0][1],
            from_=of_one[0][2],
            to=of_one[0][3],
            total=of_one[0][4],
            message_id=key[1],
            parts=tuple(Kept(*row[6:]) for row in of_one),
        )
        for key, of_one in found.items()
    }


async def done(connection: Connection, keys: Sequence[Key], now: datetime) -> None:
    await connection.execute(
        """update submitted_texts t set whole_at = $3
        from unnest($1::text[], $2::uuid[]) as g (a, i)
        where t.account_sid = g.a and t.message_id = g.i""",
        [a for a, _ in keys],
        [i for _, i in keys],
        now,
    )


async def overdue(queries: Queries, before: datetime, most: int) -> list[Key]:
    """Texts whose first part came before, and that are not accepted yet."""
    rows = await queries.fetch(_OVERDUE, before, most)
    return [(row[0], row[1]) for row in rows]


async def forget(queries: Queries, before: datetime) -> None:
    await queries.execute(_FORGET, before)
