from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from magpie.kit import clock, feed
from magpie.kit.db import Connection, Queries, after_commit, aged
from magpie.webhooks.log.model import TOPIC, Attempt, Kept, Row, read

_COLUMNS = "account_sid, id, message_id, event, endpoint, code, ms, exchange"
_ADD = f"""insert into webhook_log ({_COLUMNS}, answer) select * from unnest(
    $1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::float8[],
    $8::bytea[], $9::bytea[])"""
_NEWEST = 5000


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """`url` is what the endpoint begins with."""

    failed: bool | None = None
    message_id: UUID | None = None
    url: str | None = None
    event: str | None = None


EVERYTHING = Filter()


class Endpoint(msgspec.Struct, frozen=True):
    """`p95` is in milliseconds."""

    url: str
    calls: int
    good: int
    p95: float
    last: UUID

    @property
    def last_at(self) -> datetime:
        return clock.born(self.last)


async def add(connection: Connection, rows: Sequence[Row]) -> None:
    if not rows:
        return
    await connection.execute(_ADD, *map(list, zip(*rows, strict=True)))
    topics = {(row.account_sid, TOPIC) for row in rows}
    after_commit(connection, lambda: feed.touch(topics))


async def page(
    queries: Queries,
    account_sid: str,
    wanted: Filter = EVERYTHING,
    *,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    most: int = 50,
) -> list[Attempt]:
    """Give the newest first; with `newer_than` those next to it, oldest first."""
    tests = {
        "message_id =": wanted.message_id,
        "event =": wanted.event,
        "id <": older_than,
        "id >": newer_than,
    }
    given = {test: value for test, value in tests.items() if value is not None}
    where = "".join(f" and {test} ${n}" for n, test in enumerate(given, 3))
    values = [*given.values()]
    if wanted.url:
        values.append(wanted.url)
        where += f" and starts_with(endpoint, ${len(values) + 2})"
    if wanted.failed is not None:
        where += f" and code is {'not ' if wanted.failed else ''}null"
    rows = await queries.fetch(
        f"""select {_COLUMNS} from webhook_log where account_sid = $1{where}
        order by id {"asc" if newer_than else "desc"} limit $2""",
        account_sid,
        most,
        *values,
    )
    return [read(row).attempt for row in rows]


async def get(queries: Queries, account_sid: str, id_: UUID) -> Kept | None:
    row = await queries.fetchrow(
        f"select {_COLUMNS}, answer from webhook_log where account_sid = $1 and id = $2",
        account_sid,
        id_,
    )
    return read(row) if row else None


async def count_newer(
    queries: Queries, account_sid: str, newer_than: UUID, *, most: int = 1000
) -> int:
    found: int = await queries.fetchval(
        """select count(*) from (select 1 from webhook_log
            where account_sid = $1 and id > $2 limit $3) found""",
        account_sid,
        newer_than,
        most,
    )
    return found


async def endpoints(
    queries: Queries, account_sid: str, now: datetime, *, most: int = 20
) -> list[Endpoint]:
    """Of the last hour, and there of the newest calls: that bounds what is read."""
    rows = await queries.fetch(
        """select endpoint, count(*), count(*) filter (where code is null),
            percentile_cont(0.95) within group (order by ms),
            (array_agg(id order by id desc))[1]
        from (select endpoint, code, ms, id from webhook_log
            where account_sid = $1 and id >= $2 order by id desc limit $3) newest
        group by endpoint order by count(*) desc, endpoint limit $4""",
        account_sid,
        clock.least_uuid7(now - timedelta(hours=1)),
        _NEWEST,
        most,
    )
    return [Endpoint(*row) for row in rows]


async def forget(queries: Queries, account_sid: str, message_id: UUID) -> None:
    """What was told of a message that is erased."""
    await queries.execute(
        "delete from webhook_log where account_sid = $1 and message_id = $2",
        account_sid,
        message_id,
    )


async def prune(queries: Queries, before: datetime, most: int = 5000) -> int:
    """Forget some of the oldest of each account; gives how many, 0 when no more are that old."""
    return await aged.prune(queries, "webhook_log", before, most=most)
