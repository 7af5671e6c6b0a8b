"""Messages that ended with an error, by its code."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from magpie.alerts.groups import Group, Span, of_rows
from magpie.kit import clock
from magpie.kit.db import Queries


async def groups(queries: Queries, account_sid: str, span: Span) -> list[Group]:
    """By the time at which the messages were accepted; `affected` are the phones."""
    rows = await queries.fetch(
        """select error_code, floor(extract(epoch from date_created - $2) / $4)::int part,
            count(*), min(date_created), max(date_created)
        from messages where account_sid = $1 and error_code is not null and id >= $3
        group by error_code, part""",
        account_sid,
        span.since,
        clock.least_uuid7(span.since),
        span.step.total_seconds(),
    )
    affected = await _affected(queries, account_sid, span.since)
    return [replace(one, affected=affected.get(one.code, 0)) for one in of_rows(rows, span)]


async def numbers(
    queries: Queries, account_sid: str, code: int, since: datetime, *, most: int = 10
) -> Sequence[tuple[str, int]]:
    """Which phones met a code most often, and how often."""
    rows = await queries.fetch(
        """select "to", count(*) from messages
        where account_sid = $1 and error_code = $2 and id >= $3
        group by "to" order by count(*) desc, "to" limit $4""",
        account_sid,
        code,
        clock.least_uuid7(since),
        most,
    )
    return [tuple(row) for row in rows]


async def _affected(queries: Queries, account_sid: str, since: datetime) -> Mapping[int, int]:
    rows = await queries.fetch(
        """select error_code, count(distinct "to") from messages
        where account_sid = $1 and error_code is not null and id >= $2 group by error_code""",
        account_sid,
        clock.least_uuid7(since),
    )
    return {row[0]: row[1] for row in rows}
