"""What one can do with accounts and keys, inside the caller's transaction."""

import secrets
import string
from typing import Final

from msgspec import structs

from magpie import sids
from magpie.accounts import store
from magpie.accounts.model import (
    ACTIVE,
    CLOSED,
    LONGEST_NAME,
    MOST_SUBACCOUNTS,
    Account,
    ApiKey,
    NewKey,
)
from magpie.accounts.seal import Sealer
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, Queries

TOKEN: Final = "auth_token"  # noqa: S105 - the column's name
_LETTERS: Final = string.ascii_letters + string.digits
_SECRET_LENGTH: Final = 32
_NAME, _STATUS_FIXED, _FINAL, _OF_MAIN, _FORBIDDEN = 20002, 21475, 21478, 21479, 20403


async def ensure_main(
    connection: Connection,
    sealer: Sealer,
    *,
    sid: str | None = None,
    auth_token: str | None = None,
    friendly_name: str = "Magpie",
) -> Account:
    """The main account of this platform, made at the first start; a token given is set anew."""
    await store.lock_first_start(connection)
    found = await (store.get(connection, sid) if sid else store.first_main(connection))
    if found is None:
        return await create_main(
            connection, sealer, sid=sid, auth_token=auth_token, friendly_name=friendly_name
        )
    if auth_token and auth_token != token_of(sealer, found):
        return await set_auth_token(connection, sealer, found, auth_token)
    token_of(sealer, found)  # to fail now, if the key is not the one of this database
    return found


async def create_main(
    queries: Queries,
    sealer: Sealer,
    *,
    sid: str | None = None,
    auth_token: str | None = None,
    friendly_name: str = "Magpie",
) -> Account:
    sid = sid or sids.new("AC", clock.uuid7())
    account = _new(sealer, sid, sid, friendly_name, auth_token)
    await store.insert(queries, account)
    return account


async def create_subaccount(
    queries: Queries, sealer: Sealer, owner: Account, friendly_name: str | None = None
) -> Account:
    if not owner.is_main:
        raise Refused(_FORBIDDEN, "A subaccount cannot have subaccounts.")
    name = _name(friendly_name or f"SubAccount Created at {_moment()}")
    account = _new(sealer, sids.new("AC", clock.uuid7()), owner.sid, name, None)
    if not await store.insert_subaccount(queries, account, MOST_SUBACCOUNTS):
        raise Refused(_FORBIDDEN, f"An account has at most {MOST_SUBACCOUNTS} subaccounts.")
    return account


async def update(
    queries: Queries,
    account: Account,
    holder: Account,
    *,
    friendly_name: str | None = None,
    status: str | None = None,
) -> Account:
    """`holder` is whose credentials ask for it."""
    if account.status == CLOSED:
        raise Refused(_FINAL)
    if status is not None and status != account.status:
        _check_may_change_status(account, holder)
    name = None if friendly_name is None else _name(friendly_name)
    changed = await store.update(queries, account.sid, name, status, clock.now())
    if changed is None:
        raise Refused(_FINAL)
    return changed


async def set_auth_token(
    queries: Queries, sealer: Sealer, account: Account, auth_token: str
) -> Account:
    sealed, now = sealer.seal(auth_token, account.sid, TOKEN), clock.now()
    await store.set_auth_token(queries, account.sid, sealed, now)
    return structs.replace(account, auth_token=sealed, date_updated=now)


async def create_key(
    queries: Queries, sealer: Sealer, account_sid: str, friendly_name: str = ""
) -> NewKey:
    secret, now = "".join(secrets.choice(_LETTERS) for _ in range(_SECRET_LENGTH)), clock.now()
    key = NewKey(
        account_sid=account_sid,
        sid=sids.new("SK", clock.uuid7()),
        friendly_name=_name(friendly_name),
        secret_hash=sealer.hash_secret(secret),
        date_created=now,
        date_updated=now,
        secret=secret,
    )
    await store.insert_key(queries, key)
    return key


async def rename_key(queries: Queries, key: ApiKey, friendly_name: str | None) -> ApiKey | None:
    if friendly_name is None:
        return key
    return await store.rename_key(
        queries, key.account_sid, key.sid, _name(friendly_name), clock.now()
    )


def token_of(sealer: Sealer, account: Account) -> str:
    return sealer.open(account.auth_token, account.sid, TOKEN)


def _new(sealer: Sealer, sid: str, owner: str, name: str, auth_token: str | None) -> Account:
    now = clock.now()
    return Account(
        sid=sid,
        owner_account_sid=owner,
        friendly_name=name,
        status=ACTIVE,
        type="Full",
        auth_token=sealer.seal(auth_token or secrets.token_hex(16), sid, TOKEN),
        date_created=now,
        date_updated=now,
    )


def _name(given: str) -> str:
    if len(given) > LONGEST_NAME:
        raise Refused(_NAME, f"FriendlyName must have at most {LONGEST_NAME} characters.")
    return given


def _check_may_change_status(account: Account, holder: Account) -> None:
    if account.is_main:
        raise Refused(_OF_MAIN)
    if account.owner_account_sid != holder.sid:
        raise Refused(_STATUS_FIXED)


def _moment() -> str:
    now = clock.now()
    return f"{now:%Y-%m-%d %I:%M} {'am' if now.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon
