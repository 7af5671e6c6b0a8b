"""Rows with an id of version 7 that are kept for a while, and then forgotten account by account."""

from datetime import datetime

from magpie.kit import clock
from magpie.kit.db.connection import Queries


async def prune(
    queries: Queries, table: str, before: datetime, *, key: str = "id", most: int = 5000
) -> int:
    """Forget some of the oldest of each account; gives how many, 0 when no more are that old.

    The primary key is (account_sid, `key`): accounts are found by skipping along it, so that
    nothing is read but what goes.
    """
    rows = await queries.fetch(
        f"""with recursive owners(account_sid) as (
            (select account_sid from {table} order by account_sid limit 1)
            union all
            select (select t.account_sid from {table} t
                where t.account_sid > owners.account_sid order by t.account_sid limit 1)
            from owners where owners.account_sid is not null)
        delete from {table} where ctid = any (array(
            select old.ctid from owners, lateral (
                select t.ctid from {table} t
                where t.account_sid = owners.account_sid and t.{key} < $1 limit $2) old
            limit $2))
        returning 1""",  # noqa: S608 - names of our own
        clock.least_uuid7(before),
        most,
    )
    return len(rows)
