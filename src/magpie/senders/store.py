from collections.abc import Sequence
from typing import Final

from msgspec import structs

from magpie.kit.db import Queries
from magpie.senders.model import Sender

_SENDER: Final = Sender.columns()
_SETS: Final = (
    "friendly_name",
    "sms_url",
    "sms_method",
    "sms_fallback_url",
    "sms_fallback_method",
    "sms_application_sid",
    "status_callback",
    "status_callback_method",
    "recorded",
    "date_updated",
)
_VALUES: Final = ", ".join(f"${place}" for place, _ in enumerate(structs.fields(Sender), 1))
_SET: Final = ", ".join(f"{name} = ${place}" for place, name in enumerate(_SETS, 3))


async def senders_of(
    queries: Queries, account_sid: str, addresses: Sequence[str]
) -> dict[str, Sender]:
    """By their addresses; those that the account does not hold are left out."""
    rows = await queries.fetch(
        f"select {_SENDER} from senders where account_sid = $1 and address = any($2::text[])",
        account_sid,
        addresses,
    )
    return {sender.address: sender for sender in map(Sender.from_row, rows)}


async def by_sid(queries: Queries, account_sid: str, sid: str) -> Sender | None:
    row = await queries.fetchrow(
        f"select {_SENDER} from senders where account_sid = $1 and sid = $2", account_sid, sid
    )
    return Sender.from_row(row) if row else None


async def lock(queries: Queries, account_sid: str, sid: str) -> Sender | None:
    """Until the end of the transaction."""
    row = await queries.fetchrow(
        f"select {_SENDER} from senders where account_sid = $1 and sid = $2 for update",
        account_sid,
        sid,
    )
    return Sender.from_row(row) if row else None


async def insert(queries: Queries, sender: Sender) -> None:
    await queries.execute(f"insert into senders ({_SENDER}) values ({_VALUES})", *sender.as_row())


async def save(queries: Queries, sender: Sender) -> None:
    """What may change of a sender that stays where it is."""
    await queries.execute(
        f"update senders set {_SET} where account_sid = $1 and sid = $2",
        sender.account_sid,
        sender.sid,
        *[getattr(sender, name) for name in _SETS],
    )


async def delete(queries: Queries, sender: Sender) -> None:
    await queries.execute(
        "delete from senders where account_sid = $1 and sid = $2", sender.account_sid, sender.sid
    )


async def page(
    queries: Queries,
    account_sid: str,
    kinds: Sequence[str],
    *,
    pattern: str | None = None,
    friendly_name: str | None = None,
    after: str | None = None,
    before: str | None = None,
    most: int,
) -> list[Sender]:
    """Newest first; with `before` backwards from there. `pattern` is a regular expression."""
    rows = await queries.fetch(
        f"""select {_SENDER} from senders where account_sid = $1 and kind = any($2::text[])
            and ($3::text is null or address ~ $3) and ($4::text is null or friendly_name = $4)
            and ($5::text is null or sid < $5) and ($6::text is null or sid > $6)
        order by sid {"asc" if before else "desc"} limit $7""",
        account_sid,
        kinds,
        pattern,
        friendly_name,
        after,
        before,
        most,
    )
    return [Sender.from_row(row) for row in rows]


async def page_of_all(queries: Queries, after: tuple[str, str], most: int) -> list[Sender]:
    """Of all accounts, in the order of (account_sid, sid)."""
    rows = await queries.fetch(
        f"""select {_SENDER} from senders where (account_sid, sid) > ($1, $2)
        order by account_sid, sid limit $3""",
        *after,
        most,
    )
    return [Sender.from_row(row) for row in rows]
