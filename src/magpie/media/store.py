from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from magpie.kit.db import Connection, Queries
from magpie.media.model import Media

Key = tuple[str, UUID]
_COLUMNS = Media.columns()


async def insert(connection: Connection, media: Sequence[Media]) -> None:
    if not media:
        return
    rows = [item.as_row() for item in media]
    await connection.execute(
        f"""insert into media ({_COLUMNS}) select * from unnest(
            $1::text[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[],
            $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[])""",
        *map(list, zip(*rows, strict=True)),
    )


async def of_messages(queries: Queries, keys: Sequence[Key]) -> dict[Key, list[Media]]:
    """Give the media of messages, each in order."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from media
        join unnest($1::text[], $2::uuid[]) as k (key_account, key_id)
          on account_sid = key_account and message_id = key_id
        order by sid""",
        [account_sid for account_sid, _ in keys],
        [message_id for _, message_id in keys],
    )
    media: dict[Key, list[Media]] = {}
    for row in rows:
        item = Media.from_row(row)
        media.setdefault((item.account_sid, item.message_id), []).append(item)
    return media


async def of_message(
    queries: Queries,
    account_sid: str,
    message_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Media]:
    """Give the media of one message in order, made from `since` on and before `until`."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from media
        where account_sid = $1 and message_id = $2
          and ($3::timestamptz is null or date_created >= $3)
          and ($4::timestamptz is null or date_created < $4)
        order by sid""",
        account_sid,
        message_id,
        since,
        until,
    )
    return [Media.from_row(row) for row in rows]


async def get(queries: Queries, account_sid: str, message_id: UUID, sid: str) -> Media | None:
    row = await queries.fetchrow(
        f"""select {_COLUMNS} from media
        where account_sid = $1 and message_id = $2 and sid = $3""",
        account_sid,
        message_id,
        sid,
    )
    return Media.from_row(row) if row else None


async def save(connection: Connection, media: Sequence[Media]) -> None:
    """Write what a fetch found out."""
    if not media:
        return
    await connection.execute(
        """update media m set state = g.state, content_type = g.type, size = g.size,
               digest = g.digest, source_url = g.url, file_name = g.name, date_updated = g.at
        from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[],
                    $7::text[], $8::text[], $9::text[], $10::timestamptz[])
             as g (account_sid, message_id, sid, state, type, size, digest, url, name, at)
        where m.account_sid = g.account_sid and m.message_id = g.message_id and m.sid = g.sid""",
        [m.account_sid for m in media],
        [m.message_id for m in media],
        [m.sid for m in media],
        [m.state for m in media],
        [m.content_type for m in media],
        [m.size for m in media],
        [m.digest for m in media],
        [m.source_url for m in media],
        [m.file_name for m in media],
        [m.date_updated for m in media],
    )


async def delete(
    connection: Connection, account_sid: str, message_id: UUID, sid: str | None, now: datetime
) -> list[Media]:
    """Remove one or all media of a message; their bytes are looked at later."""
    rows = await connection.fetch(
        f"""delete from media
        where account_sid = $1 and message_id = $2 and ($3::text is null or sid = $3)
        returning {_COLUMNS}""",
        account_sid,
        message_id,
        sid,
    )
    gone = [Media.from_row(row) for row in rows]
    await loosen(connection, {m.digest for m in gone if m.digest is not None}, now)
    return gone


async def loosen(queries: Queries, digests: set[str], now: datetime) -> None:
    """Note that these bytes are perhaps used by nobody; from now on they have a while."""
    if digests:
        await queries.execute(
            """insert into loose_media (digest, at) select d, $2 from unnest($1::text[]) d
            order by d on conflict (digest) do update set at = excluded.at""",
            list(digests),
            now,
        )


async def take_loose(connection: Connection, before: datetime, most: int) -> list[str]:
    """Take digests that were loose for a while, and lock whoever wants to loosen them anew."""
    rows = await connection.fetch(
        """delete from loose_media where digest in (
            select digest from loose_media where at < $1
            order by at limit $2 for update skip locked)
        returning digest""",
        before,
        most,
    )
    return [row[0] for row in rows]


async def in_use(queries: Queries, digests: Sequence[str]) -> set[str]:
    """Give those that media of any account, or what was fetched for them, consist of."""
    rows = await queries.fetch(
        """select d from unnest($1::text[]) d
        where exists (select from media where digest = d)
           or exists (select from fetched_media where digest = d)""",
        list(digests),
    )
    return {row[0] for row in rows}
