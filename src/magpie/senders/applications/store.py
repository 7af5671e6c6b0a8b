from typing import Final

from msgspec import structs

from magpie.kit.db import Queries
from magpie.senders.applications.model import Application

_APPLICATION: Final = Application.columns()
_SETS: Final = (
    "friendly_name",
    "sms_url",
    "sms_method",
    "sms_fallback_url",
    "sms_fallback_method",
    "message_status_callback",
    "recorded",
    "date_updated",
)
_VALUES: Final = ", ".join(f"${place}" for place, _ in enumerate(structs.fields(Application), 1))
_SET: Final = ", ".join(f"{name} = ${place}" for place, name in enumerate(_SETS, 3))


async def by_sid(queries: Queries, account_sid: str, sid: str) -> Application | None:
    row = await queries.fetchrow(
        f"select {_APPLICATION} from applications where account_sid = $1 and sid = $2",
        account_sid,
        sid,
    )
    return Application.from_row(row) if row else None


async def lock(queries: Queries, account_sid: str, sid: str) -> Application | None:
    """Until the end of the transaction."""
    row = await queries.fetchrow(
        f"select {_APPLICATION} from applications where account_sid = $1 and sid = $2 for update",
        account_sid,
        sid,
    )
    return Application.from_row(row) if row else None


async def insert(queries: Queries, application: Application) -> None:
    await queries.execute(
        f"insert into applications ({_APPLICATION}) values ({_VALUES})", *application.as_row()
    )


async def save(queries: Queries, application: Application) -> None:
    await queries.execute(
        f"update applications set {_SET} where account_sid = $1 and sid = $2",
        application.account_sid,
        application.sid,
        *[getattr(application, name) for name in _SETS],
    )


async def delete(queries: Queries, account_sid: str, sid: str) -> bool:
    done = await queries.execute(
        "delete from applications where account_sid = $1 and sid = $2", account_sid, sid
    )
    return done.endswith(" 1")


async def page(
    queries: Queries,
    account_sid: str,
    friendly_name: str | None,
    *,
    after: str | None,
    before: str | None,
    most: int,
) -> list[Application]:
    """Newest first; with `before` backwards from there."""
    rows = await queries.fetch(
        f"""select {_APPLICATION} from applications where account_sid = $1
            and ($2::text is null or friendly_name = $2)
            and ($3::text is null or sid < $3) and ($4::text is null or sid > $4)
        order by sid {"asc" if before else "desc"} limit $5""",
        account_sid,
        friendly_name,
        after,
        before,
        most,
    )
    return [Application.from_row(row) for row in rows]
