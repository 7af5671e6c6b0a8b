from collections.abc import Sequence
from datetime import datetime

from magpie.kit.db import Queries
from magpie.media import store as media
from magpie.media.made.model import Entry

_COLUMNS = Entry.columns()


async def find(queries: Queries, source: str, recipe: str) -> Entry | None:
    row = await queries.fetchrow(
        f"select {_COLUMNS} from made_media where source = $1 and recipe = $2", source, recipe
    )
    return Entry.from_row(row) if row else None


async def keep(queries: Queries, entry: Entry) -> Entry:
    """Give what stands there now: what another node made of the same is as good."""
    row = await queries.fetchrow(
        f"""insert into made_media ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (source, recipe) do update set at = excluded.at
        returning {_COLUMNS}""",
        *entry.as_row(),
    )
    return Entry.from_row(row)


async def forget(queries: Queries, sources: Sequence[str], now: datetime) -> None:
    """The sources are gone: what was made of them goes too."""
    rows = await queries.fetch(
        "delete from made_media where source = any ($1::text[]) returning digest", list(sources)
    )
    await media.loosen(queries, {row[0] for row in rows if row[0] is not None}, now)


async def prune(queries: Queries, before: datetime, now: datetime, most: int = 1000) -> int:
    """Forget what was made before that time: it can be made again. Gives how many."""
    rows = await queries.fetch(
        """delete from made_media where ctid = any (array(
            select ctid from made_media where at < $1 order by at limit $2))
        returning digest""",
        before,
        most,
    )
    await media.loosen(queries, {row[0] for row in rows if row[0] is not None}, now)
    return len(rows)


async def in_use(queries: Queries, digests: Sequence[str]) -> set[str]:
    rows = await queries.fetch(
        """select d from unnest($1::text[]) d
        where exists (select from made_media where digest = d)""",
        list(digests),
    )
    return {row[0] for row in rows}
