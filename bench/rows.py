"""Rows put into the store by SQL, many at once: as they are when messages were sent or wait."""

import asyncpg
from tests.rig.system import ACCOUNT

_BATCH = 100_000

# A minute between two messages; the newest is an hour old.
_SENT = """
with new as (
    select uuidv7(make_interval(secs => -3600 - 60.0 * ($3::bigint - n))) as id, n
    from generate_series($2::bigint, $3::bigint) n),
stories as (
    insert into timeline (account_sid, message_id, at, hop, detail)
    select $1, id, uuid_extract_timestamp(id) + hop * interval '20 ms', name, '{"carrier": "x"}'
    from new, (values (0, 'accepted'), (1, 'submitting'), (2, 'accepted'), (3, 'receipt'),
                      (4, 'webhook')) as h (hop, name)),
tried as (
    insert into attempts (account_sid, message_id, attempt, part, carrier, state, carrier_id,
                          receipt, submitted_at, answered_at)
    select $1, id, 1, 0, 'x', 'accepted', to_hex(n), 'delivered', now(), now() from new)
insert into messages (account_sid, id, mms, direction, status, "from", "to", body, num_segments,
                      num_media, price_unit, date_created, date_updated, date_sent)
select $1, id, false, 'outbound-api', 'delivered', '+1501712' || lpad((n % 100)::text, 4, '0'),
       '+1' || (3125000000 + n % 1000000), repeat('Your parcel is on its way. ', 3), 1, 0, 'USD',
       uuid_extract_timestamp(id), uuid_extract_timestamp(id), uuid_extract_timestamp(id)
from new
"""

_QUEUED = """
with new as (
    select uuidv7() as id, n, 'lane-' || n % $4 as lane
    from generate_series($2::bigint, $3::bigint) n),
jobs as (
    insert into jobs (account_sid, queue, lane, id, cost, payload)
    select $1, 'outbound', lane, id, 1, '' from new)
insert into messages (account_sid, id, mms, direction, status, "from", "to", body, num_segments,
                      num_media, price_unit, date_created, date_updated)
select $1, id, false, 'outbound-api', 'queued', lane, '+1' || (3125000000 + n), 'Hello', 1, 0,
       'USD', now(), now()
from new
"""

# An hour between two texts: the lanes are looked after and next to nothing leaves.
_LANES = """
insert into lanes (account_sid, queue, lane, pace)
select $1, 'outbound', 'lane-' || n, 3600 from generate_series(0, $2 - 1) n
on conflict do nothing
"""


async def sent(url: str, first: int, last: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=600)
    for start in range(first, last + 1, _BATCH):
        await connection.execute(_SENT, ACCOUNT, start, min(last, start + _BATCH - 1))
    await _settle(connection, url)


async def queued(url: str, count: int, lanes: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=600)
    await connection.execute(_LANES, ACCOUNT, lanes)
    for start in range(0, count, _BATCH):
        await connection.execute(_QUEUED, ACCOUNT, start, min(count, start + _BATCH) - 1, lanes)
    await _settle(connection, url)


async def _settle(connection: asyncpg.Connection, url: str) -> None:
    """What would be done by and by is done now, so that it is not measured."""
    await connection.execute("vacuum (analyze)")
    await connection.close()
    superuser = await asyncpg.connect(url.replace("user=magpie", "user=postgres"))
    await superuser.execute("checkpoint")
    await superuser.close()
