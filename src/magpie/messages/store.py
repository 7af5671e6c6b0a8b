"""The messages' SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from magpie.kit.db import Connection, Queries
from magpie.messages.model import Feedback, Message

_COLUMNS = Message.columns()

_INSERT = f"""
insert into messages ({_COLUMNS})
select * from unnest(
    $1::text[], $2::uuid[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::int[], $10::int[], $11::text[], $12::numeric[], $13::text[], $14::int[], $15::text[],
    $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::text[],
    $21::jsonb[])
"""

_OF_KEYS = f"""
select {_COLUMNS} from messages
join unnest($1::text[], $2::uuid[]) as k (key_account, key_id)
  on account_sid = key_account and id = key_id
"""

_LOCK = _OF_KEYS + " order by account_sid, id for update of messages"

_SAVE = """
update messages m set
    status = g.status, error_code = g.error_code, error_message = g.error_message,
    date_updated = g.date_updated, date_sent = g.date_sent, body = g.body, "to" = g.to_,
    price = g.price, price_unit = g.price_unit
from unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[],
            $7::timestamptz[], $8::text[], $9::text[], $10::numeric[], $11::text[])
     as g (account_sid, id, status, error_code, error_message, date_updated, date_sent, body, to_,
           price, price_unit)
where m.account_sid = g.account_sid and m.id = g.id
"""

Key = tuple[str, UUID]


async def insert(connection: Connection, messages: Sequence[Message]) -> None:
    columns = zip(*[message.as_row() for message in messages], strict=True)
    await connection.execute(_INSERT, *map(list, columns))


async def get(queries: Queries, account_sid: str, id_: UUID) -> Message | None:
    row = await queries.fetchrow(
        f"select {_COLUMNS} from messages where account_sid = $1 and id = $2", account_sid, id_
    )
    return None if row is None else Message.from_row(row)


async def of_keys(queries: Queries, keys: Sequence[Key]) -> dict[Key, Message]:
    return _by_key(await queries.fetch(_OF_KEYS, *_columns_of(keys)))


async def lock(connection: Connection, keys: Iterable[Key]) -> dict[Key, Message]:
    """Hold rows until the transaction ends, always in the same order."""
    return _by_key(await connection.fetch(_LOCK, *_columns_of(sorted(set(keys)))))


async def save(connection: Connection, messages: Sequence[Message]) -> None:
    """Write what may change in a message's life."""
    rows = [
        (
            m.account_sid,
            m.id,
            m.status,
            m.error_code,
            m.error_message,
            m.date_updated,
            m.date_sent,
            m.body,
            m.to,
            m.price,
            m.price_unit,
        )
        for m in messages
    ]
    await connection.execute(_SAVE, *map(list, zip(*rows, strict=True)))


async def convert(connection: Connection, message: Message) -> None:
    """Write what changes when media become a link."""
    await connection.execute(
        """update messages set body = $3, num_segments = $4, options = $5, date_updated = $6
        where account_sid = $1 and id = $2""",
        message.account_sid,
        message.id,
        message.body,
        message.num_segments,
        message.options,
        message.date_updated,
    )


async def delete(connection: Connection, account_sid: str, id_: UUID) -> None:
    for table, column in (
        ("messages", "id"),
        ("timeline", "message_id"),
        ("attempts", "message_id"),
        ("feedback", "message_id"),
    ):
        await connection.execute(
            f"delete from {table} where account_sid = $1 and {column} = $2", account_sid, id_
        )


async def count_media(connection: Connection, account_sid: str, id_: UUID, less: int) -> None:
    """Media were deleted from a message."""
    await connection.execute(
        """update messages set num_media = greatest(0, num_media - $3)
        where account_sid = $1 and id = $2""",
        account_sid,
        id_,
        less,
    )


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is asked for; times are inclusive from and exclusive until."""

    to: str | None = None
    from_: str | None = None
    sent_from: datetime | None = None
    sent_until: datetime | None = None


async def page(
    queries: Queries,
    account_sid: str,
    wanted: Filter,
    *,
    older_than: UUID | None,
    newer_than: UUID | None,
    most: int,
) -> list[Message]:
    """Give newest first, or from `newer_than` on oldest first."""
    conditions, values = ["account_sid = $1"], [account_sid]
    tests: list[tuple[str, Any]] = [
        ('"to" = ', wanted.to),
        ('"from" = ', wanted.from_),
        ("date_sent >= ", wanted.sent_from),
        ("date_sent < ", wanted.sent_until),
        ("id < ", older_than),
        ("id > ", newer_than),
    ]
    for test, value in tests:
        if value is not None:
            values.append(value)
            conditions.append(f"{test}${len(values)}")
    order = "desc" if newer_than is None else "asc"
    rows = await queries.fetch(
        f"select {_COLUMNS} from messages where {' and '.join(conditions)}"
        f" order by id {order} limit {most}",
        *values,
    )
    return [Message.from_row(row) for row in rows]


async def put_feedback(queries: Queries, feedback: Feedback) -> Feedback:
    row = await queries.fetchrow(
        f"""insert into feedback ({Feedback.columns()}) values ($1, $2, $3, $4, $5)
        on conflict (account_sid, message_id) do update
            set outcome = excluded.outcome, date_updated = excluded.date_updated
        returning {Feedback.columns()}""",
        *feedback.as_row(),
    )
    return Feedback.from_row(row)


async def answers(
    connection: Connection, tokens: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """Find (request hash, answer) of (account, token) pairs that were answered before."""
    rows = await connection.fetch(
        """select i.account_sid, i.token, i.request_hash, i.answer from idempotency i
        join unnest($1::text[], $2::text[]) as g (account_sid, token)
          on i.account_sid = g.account_sid and i.token = g.token""",
        [account for account, _ in tokens],
        [token for _, token in tokens],
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def keep_answers(
    connection: Connection, rows: Sequence[tuple[str, str, bytes, bytes, datetime]]
) -> None:
    """Rows of (account, token, request hash, answer, time); a token known already is an error."""
    await connection.execute(
        """insert into idempotency (account_sid, token, request_hash, answer, at)
        select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])
        order by 1, 2""",
        *map(list, zip(*rows, strict=True)),
    )


async def forget_answers(queries: Queries, before: datetime) -> None:
    await queries.execute("delete from idempotency where at < $1", before)


def _columns_of(keys: Sequence[Key]) -> tuple[list[str], list[UUID]]:
    return [account_sid for account_sid, _ in keys], [id_ for _, id_ in keys]


def _by_key(rows: Iterable[Sequence[Any]]) -> dict[Key, Message]:
    messages = (Message.from_row(row) for row in rows)
    return {(message.account_sid, message.id): message for message in messages}
