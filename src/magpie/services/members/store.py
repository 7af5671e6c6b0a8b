from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from magpie.kit.db import Connection, Queries
from magpie.services.members.model import NAME_KIND, Member

# A country is that of the inventory, from which every number and short code has come.
_MEMBERS: Final = f"""
select m.account_sid, m.sid, m.service_sid, m.id, s.address, s.kind, i.country, s.sms, s.mms,
       s.voice, m.date_created, m.date_updated
from service_senders m
join senders s on s.account_sid = m.account_sid and s.sid = m.sid
left join inventory i on i.address = s.address
where m.account_sid = $1 and m.service_sid = $2
union all
select a.account_sid, a.sid, a.service_sid, a.id, a.alpha_sender, '{NAME_KIND}', null, true, false,
       false, a.date_created, a.date_updated
from service_alpha_senders a
where a.account_sid = $1 and a.service_sid = $2
order by id desc
"""

# What was put and not yet taken is to wait for its turn; a pace is the seconds that a unit takes.
_PACES: Final = """
select l.lane, l.pace, greatest(coalesce(p.put, 0) - l.taken, 0) * l.pace
from lanes l
left join lane_puts p using (account_sid, queue, lane)
where l.account_sid = $1 and l.queue = $2 and l.lane = any($3::text[])
"""


async def of_service(queries: Queries, account_sid: str, service_sid: str) -> list[Member]:
    """Who came last is first."""
    rows = await queries.fetch(_MEMBERS, account_sid, service_sid)
    return [Member.from_row(row) for row in rows]


async def service_of(queries: Queries, account_sid: str, sid: str) -> str | None:
    """In whose pool a number or short code is."""
    service_sid: str | None = await queries.fetchval(
        "select service_sid from service_senders where account_sid = $1 and sid = $2",
        account_sid,
        sid,
    )
    return service_sid


async def add(
    connection: Connection, account_sid: str, service_sid: str, sid: str, id_: UUID, now: datetime
) -> bool:
    """Say whether it is in the pool now by this: one that is in any pool already stays there."""
    row = await connection.fetchrow(
        """insert into service_senders
            (account_sid, service_sid, sid, id, date_created, date_updated)
        values ($1, $2, $3, $4, $5, $5) on conflict (account_sid, sid) do nothing returning 1""",
        account_sid,
        service_sid,
        sid,
        id_,
        now,
    )
    return row is not None


async def add_name(
    connection: Connection,
    account_sid: str,
    service_sid: str,
    sid: str,
    id_: UUID,
    name: str,
    now: datetime,
) -> bool:
    """Say whether the pool did not have it before."""
    row = await connection.fetchrow(
        """insert into service_alpha_senders
            (account_sid, service_sid, sid, id, alpha_sender, date_created, date_updated)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (account_sid, service_sid, alpha_sender) do nothing returning 1""",
        account_sid,
        service_sid,
        sid,
        id_,
        name,
        now,
    )
    return row is not None


async def remove(connection: Queries, account_sid: str, service_sid: str, sid: str) -> bool:
    count: int = await connection.fetchval(
        """with numbers as (
            delete from service_senders
            where account_sid = $1 and service_sid = $2 and sid = $3 returning 1),
        names as (
            delete from service_alpha_senders
            where account_sid = $1 and service_sid = $2 and sid = $3 returning 1)
        select (select count(*) from numbers) + (select count(*) from names)""",
        account_sid,
        service_sid,
        sid,
    )
    return count > 0


async def paces(
    queries: Queries, account_sid: str, queue: str, addresses: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """How busy senders are: (seconds a message takes, seconds until what waits has gone)."""
    rows = await queries.fetch(_PACES, account_sid, queue, addresses)
    return {row[0]: (row[1], row[2]) for row in rows}
