import hashlib
from datetime import datetime

from magpie.kit.db import Queries
from magpie.media import store as media
from magpie.media.cache.model import Cached

_COLUMNS = Cached.columns()


def url_digest(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "replace")).digest()


async def find(queries: Queries, account_sid: str, url: str) -> Cached | None:
    row = await queries.fetchrow(
        f"select {_COLUMNS} from fetched_media where account_sid = $1 and url_digest = $2",
        account_sid,
        url_digest(url),
    )
    return Cached.from_row(row) if row else None


async def keep(queries: Queries, cached: Cached) -> None:
    await queries.execute(
        f"""insert into fetched_media ({_COLUMNS})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (account_sid, url_digest) do update set
            etag = excluded.etag, last_modified = excluded.last_modified,
            digest = excluded.digest, content_type = excluded.content_type,
            size = excluded.size, file_name = excluded.file_name,
            fresh_until = excluded.fresh_until, fetched_at = excluded.fetched_at""",
        *cached.as_row(),
    )


async def prune(queries: Queries, before: datetime, now: datetime, most: int = 1000) -> int:
    """Forget what was last asked for before that time; gives how many URLs."""
    rows = await queries.fetch(
        """delete from fetched_media where ctid = any (array(
            select ctid from fetched_media where fetched_at < $1 order by fetched_at limit $2))
        returning digest""",
        before,
        most,
    )
    await media.loosen(queries, {row[0] for row in rows}, now)
    return len(rows)
