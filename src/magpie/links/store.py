from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from magpie.kit.db import Connection, Queries
from magpie.links.model import Link, Open

MOST_OPENS = 1000
_COLUMNS = Link.columns()
_OF_OPENS = Open.columns()


async def insert(connection: Connection, links: Sequence[Link]) -> frozenset[str]:
    """Give the tokens that were taken already: their links are not written."""
    if not links:
        return frozenset()
    rows = await connection.fetch(
        f"""insert into links ({_COLUMNS}) select * from unnest(
            $1::text[], $2::text[], $3::uuid[], $4::bool[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[],
            $13::timestamptz[], $14::int[], $15::int[], $16::timestamptz[])
        on conflict (token) do nothing returning token""",
        *map(list, zip(*(link.as_row() for link in links), strict=True)),
    )
    return frozenset(link.token for link in links) - {row[0] for row in rows}


async def find(queries: Queries, token: str) -> Link | None:
    """Whosesoever it is, and over or not."""
    row = await queries.fetchrow(f"select {_COLUMNS} from links where token = $1", token)
    return Link.from_row(row) if row else None


async def page(
    queries: Queries,
    account_sid: str,
    message_id: UUID | None = None,
    *,
    after: tuple[UUID, str] | None = None,
    before: tuple[UUID, str] | None = None,
    most: int = 50,
) -> list[Link]:
    """Give those of the newest messages first; with `before`, those next to it, backwards."""
    order = "asc" if before else "desc"
    where, given = "", list[object]()
    if message_id is not None:
        where, given = " and message_id = $3", [message_id]
    edge = before or after
    if edge is not None:
        where += f" and (message_id, token) {'>' if before else '<'}"
        where += f" (${len(given) + 3}, ${len(given) + 4})"
        given += edge
    rows = await queries.fetch(
        f"""select {_COLUMNS} from links where account_sid = $1{where}
        order by message_id {order}, token {order} limit $2""",
        account_sid,
        most,
        *given,
    )
    return [Link.from_row(row) for row in rows]


async def revoke(queries: Queries, account_sid: str, token: str, now: datetime) -> bool:
    """Say whether there is such a link; one that was revoked before keeps its time."""
    row = await queries.fetchrow(
        """update links set revoked_at = coalesce(revoked_at, $3)
        where token = $2 and account_sid = $1 returning 1""",
        account_sid,
        token,
        now,
    )
    return row is not None


async def note_open(connection: Connection, opened: Open) -> Link | None:
    """Count, and keep the newest; give the link after it, None if it has gone meanwhile."""
    row = await connection.fetchrow(
        f"""update links set opens = opens + $2::int, previews = previews + 1 - $2::int,
            last_opened_at = case when $2 = 1 then $3 else last_opened_at end
        where token = $1 returning {_COLUMNS}""",
        opened.token,
        int(opened.person),
        opened.at,
    )
    if row is None:
        return None
    await connection.execute(
        f"insert into link_opens ({_OF_OPENS}) values ($1, $2, $3, $4, $5, $6, $7)",
        *opened.as_row(),
    )
    link = Link.from_row(row)
    if link.opens + link.previews > MOST_OPENS:
        await connection.execute(
            """delete from link_opens where account_sid = $1 and token = $2 and id <= (
                select id from link_opens where account_sid = $1 and token = $2
                order by id desc offset $3 limit 1)""",
            link.account_sid,
            link.token,
            MOST_OPENS,
        )
    return link


async def opens(
    queries: Queries,
    account_sid: str,
    token: str,
    *,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    most: int = 50,
) -> list[Open]:
    """Give the newest first; with `newer_than`, those next to it, oldest first."""
    rows = await queries.fetch(
        f"""select {_OF_OPENS} from link_opens where account_sid = $1 and token = $2
          and ($4::uuid is null or id < $4) and ($5::uuid is null or id > $5)
        order by id {"asc" if newer_than else "desc"} limit $3""",
        account_sid,
        token,
        most,
        older_than,
        newer_than,
    )
    return [Open.from_row(row) for row in rows]


async def forget(connection: Connection, account_sid: str, message_id: UUID) -> None:
    """Remove the links of a message that is deleted."""
    await connection.execute(
        """with gone as (
            delete from links where account_sid = $1 and message_id = $2 returning token)
        delete from link_opens using gone
        where link_opens.account_sid = $1 and link_opens.token = gone.token""",
        account_sid,
        message_id,
    )


async def prune(queries: Queries, before: datetime, most: int = 1000) -> int:
    """Forget some that ended before then; gives how many, fewer than `most` when that was all."""
    count: int = await queries.fetchval(
        """with gone as (
            delete from links where token = any (array(
                select token from links where expires_at < $1 order by expires_at limit $2))
            returning account_sid, token),
        emptied as (
            delete from link_opens using gone
            where link_opens.account_sid = gone.account_sid and link_opens.token = gone.token)
        select count(*) from gone""",
        before,
        most,
    )
    return count
