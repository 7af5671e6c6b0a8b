from typing import Final

from magpie.kit.db import Queries
from magpie.services.model import SETTABLE, Service

_SERVICE: Final = Service.columns()
_SETS: Final = (*SETTABLE, "date_updated")
_VALUES: Final = ", ".join(f"${place}" for place, _ in enumerate(Service.__struct_fields__, 1))
_SET: Final = ", ".join(f"{name} = ${place}" for place, name in enumerate(_SETS, 3))


async def by_sid(queries: Queries, account_sid: str, sid: str) -> Service | None:
    row = await queries.fetchrow(
        f"select {_SERVICE} from services where account_sid = $1 and sid = $2", account_sid, sid
    )
    return Service.from_row(row) if row else None


async def lock(queries: Queries, account_sid: str, sid: str) -> Service | None:
    """Until the end of the transaction."""
    row = await queries.fetchrow(
        f"select {_SERVICE} from services where account_sid = $1 and sid = $2 for update",
        account_sid,
        sid,
    )
    return Service.from_row(row) if row else None


async def insert(queries: Queries, service: Service) -> None:
    await queries.execute(
        f"insert into services ({_SERVICE}) values ({_VALUES})", *service.as_row()
    )


async def save(queries: Queries, service: Service) -> None:
    await queries.execute(
        f"update services set {_SET} where account_sid = $1 and sid = $2",
        service.account_sid,
        service.sid,
        *[getattr(service, name) for name in _SETS],
    )


async def delete(queries: Queries, account_sid: str, sid: str) -> bool:
    """With its pool; the numbers stay in the account."""
    done = await queries.execute(
        "delete from services where account_sid = $1 and sid = $2", account_sid, sid
    )
    return done.endswith(" 1")


async def page(
    queries: Queries, account_sid: str, *, after: str | None, before: str | None, most: int
) -> list[Service]:
    """Newest first; with `before` backwards from there."""
    rows = await queries.fetch(
        f"""select {_SERVICE} from services where account_sid = $1
            and ($2::text is null or sid < $2) and ($3::text is null or sid > $3)
        order by sid {"asc" if before else "desc"} limit $4""",
        account_sid,
        after,
        before,
        most,
    )
    return [Service.from_row(row) for row in rows]
