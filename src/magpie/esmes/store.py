from collections.abc import Sequence

from magpie.esmes.model import Esme
from magpie.kit.db import Connection, Queries

_COLUMNS = Esme.columns()
_VALUES = ", ".join(f"${n}" for n in range(1, len(Esme.__struct_fields__) + 1))


async def insert(queries: Queries, esme: Esme) -> bool:
    """Say whether the system_id was free."""
    row = await queries.fetchrow(
        f"""insert into esmes ({_COLUMNS}) values ({_VALUES})
        on conflict (system_id) do nothing returning 1""",
        *esme.as_row(),
    )
    return row is not None


async def count(queries: Queries, account_sid: str) -> int:
    found: int = await queries.fetchval(
        "select count(*) from esmes where account_sid = $1", account_sid
    )
    return found


async def get(queries: Queries, account_sid: str, sid: str) -> Esme | None:
    return await _one(queries, "account_sid = $1 and sid = $2", account_sid, sid)


async def lock(connection: Connection, account_sid: str, sid: str) -> Esme | None:
    return await _one(connection, "account_sid = $1 and sid = $2 for update", account_sid, sid)


async def by_system_id(queries: Queries, system_id: str) -> Esme | None:
    """Whosesoever it is."""
    return await _one(queries, "system_id = $1", system_id)


async def receivers(queries: Queries, account_sid: str) -> Sequence[Esme]:
    """Those of an account that want texts from phones."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from esmes
        where account_sid = $1 and enabled and receives <> 'none' order by sid""",
        account_sid,
    )
    return [Esme.from_row(row) for row in rows]


async def page(
    queries: Queries,
    account_sid: str,
    *,
    after: str | None = None,
    before: str | None = None,
    most: int = 50,
) -> Sequence[Esme]:
    """Give the oldest first; with `before`, those next to it, backwards."""
    rows = await queries.fetch(
        f"""select {_COLUMNS} from esmes where account_sid = $1
          and ($3::text is null or sid > $3) and ($4::text is null or sid < $4)
        order by sid {"desc" if before else "asc"} limit $2""",
        account_sid,
        most,
        after,
        before,
    )
    return [Esme.from_row(row) for row in rows]


async def save(connection: Connection, esme: Esme) -> None:
    """Everything but whose it is and its names."""
    await connection.execute(
        f"""update esmes set ({_COLUMNS}) = row({_VALUES})
        where account_sid = $1 and sid = $2""",
        *esme.as_row(),
    )


async def delete(queries: Queries, account_sid: str, sid: str) -> None:
    await queries.execute("delete from esmes where account_sid = $1 and sid = $2", account_sid, sid)


async def _one(queries: Queries, test: str, *values: str) -> Esme | None:
    row = await queries.fetchrow(f"select {_COLUMNS} from esmes where {test}", *values)
    return Esme.from_row(row) if row else None
