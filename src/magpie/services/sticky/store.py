"""From whom a recipient gets what a service sends: the id of a sender's stay in the pool."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from magpie.kit.db import Connection, Queries


class Pair(NamedTuple):
    account_sid: str
    service_sid: str
    to: str


class Kept(NamedTuple):
    member: UUID
    used_at: datetime


# Two nodes may write for one recipient at once: the first stays, and both hear which it is. One
# that was found unfit makes room.
_KEEP: Final = """
insert into sticky_senders as s (account_sid, service_sid, "to", member, used_at)
select g.account_sid, g.service_sid, g."to", g.member, $5
from unnest($1::text[], $2::text[], $3::text[], $4::uuid[])
     as g (account_sid, service_sid, "to", member)
order by g.account_sid, g.service_sid, g."to"
on conflict (account_sid, service_sid, "to") do update
    set member = case when s.member = any($6::uuid[]) then excluded.member else s.member end,
        used_at = excluded.used_at
returning s.account_sid, s.service_sid, s."to", s.member
"""


async def kept(connection: Queries, pairs: Sequence[Pair]) -> dict[Pair, Kept]:
    rows = await connection.fetch(
        """select s.account_sid, s.service_sid, s."to", s.member, s.used_at
        from unnest($1::text[], $2::text[], $3::text[]) as g (account_sid, service_sid, "to")
        join sticky_senders s using (account_sid, service_sid, "to")""",
        *_columns(pairs),
    )
    return {Pair(*row[:3]): Kept(*row[3:]) for row in rows}


async def keep(
    connection: Connection, chosen: Mapping[Pair, UUID], unfit: Sequence[UUID], now: datetime
) -> dict[Pair, UUID]:
    """Write these in place of what is not there or `unfit`; gives who it is then."""
    rows = await connection.fetch(
        _KEEP, *_columns(list(chosen)), list(chosen.values()), now, list(unfit)
    )
    return {Pair(*row[:3]): row[3] for row in rows}


async def forget(queries: Queries, account_sid: str, service_sid: str, most: int) -> int:
    """Forget some of a service's; gives how many, fewer than `most` when that was all."""
    done = await queries.execute(
        """delete from sticky_senders where ctid = any (array(
            select ctid from sticky_senders where account_sid = $1 and service_sid = $2
            limit $3))""",
        account_sid,
        service_sid,
        most,
    )
    return int(done.rpartition(" ")[2])


async def prune(queries: Queries, before: datetime, most: int = 1000) -> int:
    """Forget some that were not used since; gives how many, fewer than `most` when that was all."""
    done = await queries.execute(
        """delete from sticky_senders where ctid = any (array(
            select ctid from sticky_senders where used_at < $1 order by used_at limit $2))""",
        before,
        most,
    )
    return int(done.rpartition(" ")[2])


def _columns(pairs: Sequence[Pair]) -> tuple[list[str], list[str], list[str]]:
    return (
        [pair.account_sid for pair in pairs],
        [pair.service_sid for pair in pairs],
        [pair.to for pair in pairs],
    )
