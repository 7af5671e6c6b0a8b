from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from magpie import sids
from magpie.alerts.groups import Group, Span, of_rows
from magpie.alerts.model import Alert, Level
from magpie.kit import clock, feed
from magpie.kit.db import Connection, Queries, after_commit

_COLUMNS = Alert.columns()
TOPIC = "alerts"
"""What the feed calls a new alert of an account."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for; times are inclusive from and exclusive until."""

    level: Level | None = None
    since: datetime | None = None
    until: datetime | None = None
    resource: UUID | None = None


EVERYTHING = Filter()


async def raise_alerts(connection: Connection, alerts: Sequence[Alert]) -> None:
    rows = [alert.as_row() for alert in alerts]
    if rows:
        await connection.execute(
            f"""insert into alerts ({_COLUMNS}) select * from unnest(
                $1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
                $8::timestamptz[])""",
            *map(list, zip(*rows, strict=True)),
        )
        topics = {(alert.account_sid, TOPIC) for alert in alerts}
        after_commit(connection, lambda: feed.touch(topics))


async def page(
    queries: Queries,
    account_sid: str,
    wanted: Filter = EVERYTHING,
    *,
    older_than: str | None = None,
    newer_than: str | None = None,
    most: int = 50,
) -> list[Alert]:
    """Give the newest first; with `newer_than`, a sid, those next to it, oldest first."""
    tests = {
        "level =": wanted.level,
        "date_created >=": wanted.since,
        "date_created <": wanted.until,
        "resource_sid =": wanted.resource.hex if wanted.resource else None,
        "sid <": older_than,
        "sid >": newer_than,
    }
    given = {test: value for test, value in tests.items() if value is not None}
    where = "".join(f" and {test} ${n}" for n, test in enumerate(given, 3))
    rows = await queries.fetch(
        f"""select {_COLUMNS} from alerts where account_sid = $1{where}
        order by sid {"asc" if newer_than else "desc"} limit $2""",
        account_sid,
        most,
        *given.values(),
    )
    return [Alert.from_row(row) for row in rows]


async def get(queries: Queries, account_sid: str, sid: str) -> Alert | None:
    row = await queries.fetchrow(
        f"select {_COLUMNS} from alerts where account_sid = $1 and sid = $2", account_sid, sid
    )
    return Alert.from_row(row) if row else None


async def groups(queries: Queries, account_sid: str, span: Span) -> list[Group]:
    rows = await queries.fetch(
        """select error_code, floor(extract(epoch from date_created - $2) / $4)::int part,
            count(*), min(date_created), max(date_created)
        from alerts where account_sid = $1 and sid >= $3 and date_created >= $2
        group by error_code, part""",
        account_sid,
        span.since,
        sids.new("NO", clock.least_uuid7(span.since)),
        span.step.total_seconds(),
    )
    return of_rows(rows, span)


async def of_code(
    queries: Queries, account_sid: str, code: int, since: datetime, most: int = 20
) -> list[Alert]:
    rows = await queries.fetch(
        f"""select {_COLUMNS} from alerts
        where account_sid = $1 and error_code = $2 and sid >= $3 order by sid desc limit $4""",
        account_sid,
        code,
        sids.new("NO", clock.least_uuid7(since)),
        most,
    )
    return [Alert.from_row(row) for row in rows]


async def prune(queries: Queries, before: datetime, most: int = 1000) -> int:
    """Forget some of the oldest; gives how many, fewer than `most` when that was all."""
    rows = await queries.fetch(
        """delete from alerts where ctid = any (array(
            select ctid from alerts where date_created < $1 order by date_created limit $2))
        returning 1""",
        before,
        most,
    )
    return len(rows)
