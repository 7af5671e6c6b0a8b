"""Who calls: HTTP Basic with an account and its token, or an API key and its secret."""

import base64
import binascii
import hmac
import math
import secrets
from dataclasses import dataclass, field
from typing import Final

from magpie import sids
from magpie.accounts import actions, store
from magpie.accounts.model import SUSPENDED, Account
from magpie.accounts.seal import Sealer
from magpie.accounts.throttle import Throttle
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Queries
from magpie.kit.joined import Joined

FRESH_SECONDS: Final = 5.0
_MOST_KNOWN: Final = 10_000
_LONGEST_HEADER: Final = 1024
_AUTHENTICATE, _NOT_ACTIVE, _TOO_MANY = 20003, 20005, 20429


class NotAuthenticated(Refused):
    """401; the same for all who have no right, so that nobody learns which accounts exist."""

    def __init__(self, detail: str = "Your AccountSid or AuthToken was incorrect.") -> None:
        super().__init__(_AUTHENTICATE)
        self.detail = detail


class LockedOut(Refused):
    """`retry_after` in seconds; right credentials are not looked at either."""

    def __init__(self, seconds: float) -> None:
        super().__init__(_TOO_MANY, "Too many failed attempts to authenticate.")
        self.retry_after = math.ceil(seconds)


@dataclass(frozen=True, slots=True)
class Caller:
    """`account` is acted on with the credentials of `holder`, itself or its parent."""

    account: Account
    holder: Account
    key_sid: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    owner: Account
    digest: bytes
    until: float
    token: str | None = field(default=None, repr=False)


class Authenticator:
    """What was true is believed for FRESH_SECONDS; `forget` ends that for changes made here."""

    def __init__(self, queries: Queries, sealer: Sealer) -> None:
        self.throttle = Throttle()
        self.sealer = sealer
        self._queries = queries
        self._known: dict[str, _Known] = {}
        self._joined: Joined[str, _Known | None] = Joined()
        self._nobody = secrets.token_bytes(32)

    async def caller(
        self,
        authorization: str | None,
        path_account_sid: str | None = None,
        *,
        address: str = "",
        changes: bool = False,
    ) -> Caller:
        """Raise a Refused with 20003, 20005 or 20429; `changes` says that it is no mere reading."""
        user, secret = _basic(authorization)
        who = (user, address)
        if wait := self.throttle.wait(who):
            raise LockedOut(wait)
        known = await self._find(user)
        digest = known.digest if known else self._nobody
        same = hmac.compare_digest(digest, self.sealer.hash_secret(secret))
        if known is None or not same:
            self.throttle.failed(who)
            raise NotAuthenticated
        self.throttle.succeeded(who)
        _check_active(known)
        if path_account_sid is None or path_account_sid == known.caller.account.sid:
            return known.caller
        return await self._for_subaccount(known.caller, path_account_sid, changes=changes)

    async def token_of(self, account_sid: str) -> str | None:
        """In the clear, to sign what is sent to the account's owner."""
        known = await self._find(account_sid)
        return known.token if known else None

    def forget(self, sid: str) -> None:
        """After the commit of a change to an account or a key."""
        about = [
            user
            for user, known in self._known.items()
            if sid in {user, known.caller.account.sid, known.owner.sid}
        ]
        for user in about:
            del self._known[user]

    async def _for_subaccount(self, caller: Caller, sid: str, *, changes: bool) -> Caller:
        known = await self._find(sid) if caller.key_sid is None else None
        if known is None or known.owner.sid != caller.account.sid:
            raise NotAuthenticated
        account = known.caller.account
        if changes and not account.is_active:
            raise Refused(_NOT_ACTIVE)
        return Caller(account, caller.account)

    async def _find(self, user: str) -> _Known | None:
        known = self._known.get(user)
        if known is not None and known.until > clock.monotonic():
            return known
        known = await self._joined.run(user, lambda: self._load(user))
        self._known.pop(user, None)
        if known is not None:
            if len(self._known) >= _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[user] = known
        return known

    async def _load(self, user: str) -> _Known | None:
        if sids.is_sid(user, "SK"):
            return await self._load_key(user)
        found = await store.with_owner(self._queries, user) if sids.is_sid(user, "AC") else None
        if found is None:
            return None
        account, owner = found
        token = actions.token_of(self.sealer, account)
        digest = self.sealer.hash_secret(token)
        return _Known(Caller(account, account), owner, digest, _until(), token)

    async def _load_key(self, sid: str) -> _Known | None:
        key = await store.key_by_sid(self._queries, sid)
        found = await store.with_owner(self._queries, key.account_sid) if key else None
        if key is None or found is None:
            return None
        account, owner = found
        return _Known(Caller(account, account, sid), owner, key.secret_hash, _until())


def _until() -> float:
    return clock.monotonic() + FRESH_SECONDS


def _check_active(known: _Known) -> None:
    for account in (known.caller.account, known.owner):
        if not account.is_active:
            state = "suspended" if account.status == SUSPENDED else "closed"
            raise NotAuthenticated(f"The account is {state}.")


def _basic(header: str | None) -> tuple[str, str]:
    """RFC 7617; blanks for what is no such header."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic" or len(encoded) > _LONGEST_HEADER:
        return "", ""
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return "", ""
    user, _, secret = text.partition(":")
    return user, secret
