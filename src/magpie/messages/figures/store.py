"""Figures about an account's messages, counted where they lie: bounded by time, read by id."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from magpie.kit import clock
from magpie.kit.db import Queries

# What is looked at for a percentile: the newest of them.
_SAMPLE = 20_000


class Count(NamedTuple):
    """Messages made in the bucket that begins `at`, by what they are now."""

    at: datetime
    status: str
    messages: int


class Delay(NamedTuple):
    """Seconds from acceptance to the last change, of what was delivered."""

    p50: float | None
    p95: float | None
    messages: int


class Wrong(NamedTuple):
    code: int
    messages: int
    last: datetime


class Day(NamedTuple):
    """What one sender did on a day; `segments` are those of texts."""

    day: datetime
    sender: str
    kind: str
    direction: str
    messages: int
    segments: int


async def counts(queries: Queries, account_sid: str, since: datetime, bucket: int) -> list[Count]:
    """By buckets of so many seconds."""
    rows = await queries.fetch(
        """select to_timestamp(floor(extract(epoch from date_created) / $3) * $3) as at,
            status, count(*) as count
        from messages where account_sid = $1 and id >= $2 group by 1, 2 order by 1""",
        account_sid,
        clock.least_uuid7(since),
        float(bucket),
    )
    return [Count(*row) for row in rows]


async def delay(queries: Queries, account_sid: str, since: datetime) -> Delay:
    row = await queries.fetchrow(
        f"""select percentile_cont(0.5) within group (order by took) as p50,
            percentile_cont(0.95) within group (order by took) as p95, count(*) as count
        from (select extract(epoch from date_updated - date_created)::float8 as took
              from messages
              where account_sid = $1 and id >= $2 and status in ('delivered', 'read')
              order by id desc limit {_SAMPLE}) recent""",
        account_sid,
        clock.least_uuid7(since),
    )
    return Delay(*row)


async def errors(queries: Queries, account_sid: str, since: datetime, most: int) -> list[Wrong]:
    rows = await queries.fetch(
        """select error_code, count(*) as count, max(date_updated) as last from messages
        where account_sid = $1 and id >= $2 and error_code is not null
        group by 1 order by 2 desc limit $3""",
        account_sid,
        clock.least_uuid7(since),
        most,
    )
    return [Wrong(*row) for row in rows]


async def usage(queries: Queries, account_sid: str, since: datetime) -> list[Day]:
    rows = await queries.fetch(
        """select date_trunc('day', date_created) as day,
            case when direction = 'inbound' then "to" else coalesce("from", '') end as sender,
            case when mms then 'mms' else 'sms' end as kind,
            case when direction = 'inbound' then 'inbound' else 'outbound' end as direction,
            count(*) as messages, coalesce(sum(num_segments), 0)::bigint as segments
        from messages where account_sid = $1 and id >= $2
        group by 1, 2, 3, 4 order by 1, 2, 3, 4""",
        account_sid,
        clock.least_uuid7(since),
    )
    return [Day(*row) for row in rows]


async def has(queries: Queries, account_sid: str, directions: Sequence[str]) -> bool:
    """Whether there ever was one of these directions; looks at the newest thousand."""
    found: bool = await queries.fetchval(
        """select exists (select from (
            select direction from messages where account_sid = $1 order by id desc limit 1000) m
            where direction = any($2::text[]))""",
        account_sid,
        list(directions),
    )
    return found
