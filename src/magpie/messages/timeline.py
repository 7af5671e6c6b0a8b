"""Every hop of a message leaves a row that a person can read."""

from collections.abc import Sequence
from uuid import UUID

from magpie.kit import feed
from magpie.kit.db import Connection, Queries, after_commit
from magpie.messages.model import Hop

TOPIC = "messages"
"""What the feed calls a change of an account's messages."""

_ADD = """
insert into timeline (account_sid, message_id, at, hop, detail)
select * from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[], $5::jsonb[])
"""


async def add(connection: Connection, hops: Sequence[Hop]) -> None:
    if not hops:
        return
    rows = [(hop.account_sid, hop.message_id, hop.at, hop.hop, hop.detail) for hop in hops]
    await connection.execute(_ADD, *map(list, zip(*rows, strict=True)))
    topics = {(hop.account_sid, TOPIC) for hop in hops}
    after_commit(connection, lambda: feed.touch(topics))


async def of_message(queries: Queries, account_sid: str, message_id: UUID) -> list[Hop]:
    rows = await queries.fetch(
        """select at, hop, detail from timeline
        where account_sid = $1 and message_id = $2 order by at""",
        account_sid,
        message_id,
    )
    return [
        Hop(account_sid=account_sid, message_id=message_id, at=at, hop=hop, detail=detail)
        for at, hop, detail in rows
    ]
