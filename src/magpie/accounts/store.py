from datetime import datetime
from typing import Final

from magpie.accounts.model import Account, ApiKey, Preferences
from magpie.kit.db import Queries

_ACCOUNT: Final = Account.columns()
_KEY: Final = ApiKey.columns()
_FIRST_START: Final = 7_214_601  # the advisory lock under which the first account is made


async def lock_first_start(queries: Queries) -> None:
    """Until the end of the transaction."""
    await queries.execute("select pg_advisory_xact_lock($1)", _FIRST_START)


async def get(queries: Queries, sid: str) -> Account | None:
    row = await queries.fetchrow(f"select {_ACCOUNT} from accounts where sid = $1", sid)
    return Account.from_row(row) if row else None


async def with_owner(queries: Queries, sid: str) -> tuple[Account, Account] | None:
    """An account and the one that owns it; a main account twice."""
    rows = await queries.fetch(
        f"""select {_ACCOUNT} from accounts where sid = $1
        union
        select {_ACCOUNT} from accounts
        where sid = (select owner_account_sid from accounts where sid = $1)""",
        sid,
    )
    found = {account.sid: account for account in map(Account.from_row, rows)}
    account = found.get(sid)
    return (account, found[account.owner_account_sid]) if account else None


async def preferences(queries: Queries, account_sid: str) -> Preferences:
    row = await queries.fetchrow(
        "select sid, mms_converter, convert_refused from accounts where sid = $1", account_sid
    )
    return Preferences.from_row(row) if row else Preferences(account_sid)


async def prefer(
    queries: Queries,
    account_sid: str,
    *,
    mms_converter: bool | None,
    convert_refused: bool | None,
) -> Preferences:
    """None leaves a value."""
    row = await queries.fetchrow(
        """update accounts set mms_converter = coalesce($2, mms_converter),
            convert_refused = coalesce($3, convert_refused)
        where sid = $1 returning sid, mms_converter, convert_refused""",
        account_sid,
        mms_converter,
        convert_refused,
    )
    return Preferences.from_row(row)


async def first_main(queries: Queries) -> Account | None:
    row = await queries.fetchrow(
        f"""select {_ACCOUNT} from accounts where owner_account_sid = sid
        order by date_created, sid limit 1""",
    )
    return Account.from_row(row) if row else None


async def insert(queries: Queries, account: Account) -> None:
    await queries.execute(
        f"insert into accounts ({_ACCOUNT}) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *account.as_row(),
    )


async def insert_subaccount(queries: Queries, account: Account, most: int) -> bool:
    """Say no if the owner has `most` of them that are not closed."""
    done = await queries.execute(
        f"""insert into accounts ({_ACCOUNT})
        select $1::text, $2::text, $3::text, $4::text, $5::text, $6::bytea,
            $7::timestamptz, $8::timestamptz
        where (select count(*) from accounts where owner_account_sid = $2 and sid <> $2
            and status <> 'closed') < $9""",
        *account.as_row(),
        most,
    )
    return done.endswith(" 1")


async def update(
    queries: Queries, sid: str, friendly_name: str | None, status: str | None, at: datetime
) -> Account | None:
    """None leaves a value. What is closed stays as it is: then nothing is given back."""
    row = await queries.fetchrow(
        f"""update accounts set friendly_name = coalesce($2, friendly_name),
            status = coalesce($3, status), date_updated = $4
        where sid = $1 and status <> 'closed' returning {_ACCOUNT}""",
        sid,
        friendly_name,
        status,
        at,
    )
    return Account.from_row(row) if row else None


async def set_auth_token(queries: Queries, sid: str, sealed: bytes, at: datetime) -> None:
    await queries.execute(
        "update accounts set auth_token = $2, date_updated = $3 where sid = $1", sid, sealed, at
    )


async def page(
    queries: Queries,
    holder_sid: str,
    friendly_name: str | None,
    status: str | None,
    *,
    after: str | None,
    before: str | None,
    most: int,
) -> list[Account]:
    """The holder and what it owns, newest first; with `before` backwards from there."""
    rows = await queries.fetch(
        f"""select {_ACCOUNT} from accounts
        where (owner_account_sid = $1 or sid = $1)
            and ($2::text is null or friendly_name = $2) and ($3::text is null or status = $3)
            and ($4::text is null or sid < $4) and ($5::text is null or sid > $5)
        order by sid {"asc" if before else "desc"} limit $6""",
        holder_sid,
        friendly_name,
        status,
        after,
        before,
        most,
    )
    return [Account.from_row(row) for row in rows]


async def key_by_sid(queries: Queries, sid: str) -> ApiKey | None:
    """Of whichever account: a login names only the key."""
    row = await queries.fetchrow(f"select {_KEY} from api_keys where sid = $1", sid)
    return ApiKey.from_row(row) if row else None


async def key(queries: Queries, account_sid: str, sid: str) -> ApiKey | None:
    row = await queries.fetchrow(
        f"select {_KEY} from api_keys where account_sid = $1 and sid = $2", account_sid, sid
    )
    return ApiKey.from_row(row) if row else None


async def insert_key(queries: Queries, key: ApiKey) -> None:
    await queries.execute(
        f"insert into api_keys ({_KEY}) values ($1, $2, $3, $4, $5, $6)",
        key.account_sid,
        key.sid,
        key.friendly_name,
        key.secret_hash,
        key.date_created,
        key.date_updated,
    )


async def rename_key(
    queries: Queries, account_sid: str, sid: str, friendly_name: str, at: datetime
) -> ApiKey | None:
    row = await queries.fetchrow(
        f"""update api_keys set friendly_name = $3, date_updated = $4
        where account_sid = $1 and sid = $2 returning {_KEY}""",
        account_sid,
        sid,
        friendly_name,
        at,
    )
    return ApiKey.from_row(row) if row else None


async def delete_key(queries: Queries, account_sid: str, sid: str) -> bool:
    done = await queries.execute(
        "delete from api_keys where account_sid = $1 and sid = $2", account_sid, sid
    )
    return done.endswith(" 1")


async def page_of_keys(
    queries: Queries, account_sid: str, *, after: str | None, before: str | None, most: int
) -> list[ApiKey]:
    """Newest first; with `before` backwards from there."""
    rows = await queries.fetch(
        f"""select {_KEY} from api_keys where account_sid = $1
            and ($2::text is null or sid < $2) and ($3::text is null or sid > $3)
        order by sid {"asc" if before else "desc"} limit $4""",
        account_sid,
        after,
        before,
        most,
    )
    return [ApiKey.from_row(row) for row in rows]
