from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from magpie.kit.db import Connection, Queries, aged
from magpie.messages.raw.model import RawRequest, Row, read


async def add(connection: Connection, rows: Sequence[Row]) -> None:
    await connection.execute(
        """insert into raw_requests (account_sid, message_id, request)
        select * from unnest($1::text[], $2::uuid[], $3::bytea[])""",
        *map(list, zip(*rows, strict=True)),
    )


async def get(queries: Queries, account_sid: str, message_id: UUID) -> RawRequest | None:
    stored = await queries.fetchval(
        "select request from raw_requests where account_sid = $1 and message_id = $2",
        account_sid,
        message_id,
    )
    return read(stored) if stored is not None else None


async def forget(queries: Queries, account_sid: str, message_id: UUID) -> None:
    await queries.execute(
        "delete from raw_requests where account_sid = $1 and message_id = $2",
        account_sid,
        message_id,
    )


async def prune(queries: Queries, before: datetime, most: int = 5000) -> int:
    """Forget some of the oldest of each account; gives how many, 0 when no more are that old."""
    return await aged.prune(queries, "raw_requests", before, key="message_id", most=most)
