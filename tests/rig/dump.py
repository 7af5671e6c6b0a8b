"""The store as it is in the end, written down for the checker."""

from typing import Any

import asyncpg
import msgspec
from tests.rig.history import Stored

_MESSAGES = """
select case when m.mms then 'MM' else 'SM' end || replace(m.id::text, '-', ''), m."to", m."from",
    m.status, m.num_segments, m.status_callback is not null,
    coalesce((select jsonb_agg(jsonb_build_array(
                extract(epoch from t.at)::float8, t.hop, coalesce(t.detail, '{}')) order by t.at)
        from timeline t where t.account_sid = m.account_sid and t.message_id = m.id), '[]')::text,
    coalesce((select jsonb_agg(jsonb_build_array(a.attempt, a.state) order by a.attempt)
        from attempts a
        where a.account_sid = m.account_sid and a.message_id = m.id and a.part = 0), '[]')::text
from messages m
"""


async def dump(url: str) -> list[Stored]:
    connection = await asyncpg.connect(url)
    try:
        return [_stored(row) for row in await connection.fetch(_MESSAGES, timeout=60)]
    finally:
        await connection.close()


async def open_work(url: str) -> int:
    """Count jobs that wait or are under way, and messages without an end that may still have one.

    A message whose last try is unknown and which has no job waits for a person.
    """
    connection = await asyncpg.connect(url)
    try:
        count: int = await connection.fetchval(
            """select (select count(*) from jobs)
                    + (select count(*) from messages where status in ('accepted', 'queued', 'sent'))
                    + (select count(*) from attempts where state = 'submitting')"""
        )
    finally:
        await connection.close()
    return count


def _stored(row: Any) -> Stored:
    sid, to, from_, status, segments, callback, hops, tries = row
    return Stored(
        sid=sid,
        to=to,
        from_=from_ or "",
        status=status,
        segments=segments,
        callback=callback,
        hops=msgspec.json.decode(hops, type=list[tuple[float, str, dict[str, Any]]]),
        tries=msgspec.json.decode(tries, type=list[tuple[int, str]]),
    )
