from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from magpie.audit.chain import NOTHING, digest
from magpie.audit.model import Entry
from magpie.kit.db import Connection, Queries

_COLUMNS: Final = Entry.columns()
# One at a time, on all nodes: a chain has one end.
_LOCK: Final = 0x4D61677069


async def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Their serials and digests are given here."""
    await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
    row = await connection.fetchrow("select serial, digest from audit order by serial desc limit 1")
    serial, before = (row[0], bytes(row[1])) if row else (0, NOTHING)
    rows = []
    for entry in entries:
        serial += 1
        made = replace(entry, serial=serial)
        before = digest(before, made)
        rows.append(replace(made, digest=before).as_row())
    await connection.execute(
        f"""insert into audit ({_COLUMNS}) select * from unnest($1::bigint[], $2::timestamptz[],
            $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::bytea[])""",
        *map(list, zip(*rows, strict=True)),
    )


async def page(queries: Queries, *, before: int | None, text: str = "", most: int) -> list[Entry]:
    """Newest first; `text` is looked for in who, what and where."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from audit
        where ($1::bigint is null or serial < $1)
            and ($2 = '' or strpos(lower(who || ' ' || action || ' ' || address), lower($2)) > 0)
        order by serial desc limit $3""",
        before,
        text,
        most,
    )
    return [Entry.from_row(row) for row in rows]


async def from_(queries: Queries, after: int, most: int) -> list[Entry]:
    """Oldest first, for whoever checks the chain."""
    rows = await queries.fetch(
        f"select {_COLUMNS} from audit where serial > $1 order by serial limit $2", after, most
    )
    return [Entry.from_row(row) for row in rows]
