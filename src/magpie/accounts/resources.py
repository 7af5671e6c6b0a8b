from collections.abc import Callable
from typing import ClassVar, Final, NotRequired, TypedDict, cast

from magpie import sids
from magpie.accounts import actions, store
from magpie.accounts.auth import Authenticator, Caller, NotAuthenticated
from magpie.accounts.model import STATUSES, Account, ApiKey, NewKey
from magpie.errors import Refused
from magpie.kit.db import Database, Queries, after_commit
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, one_of, text

_BAD_NAME, _BAD_STATUS, _BAD_TOKEN = 20002, 21476, 21481

SUBRESOURCES: Final = {
    "addresses": "Addresses",
    "applications": "Applications",
    "available_phone_numbers": "AvailablePhoneNumbers",
    "balance": "Balance",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "keys": "Keys",
    "messages": "Messages",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "short_codes": "SMS/ShortCodes",
    "signing_keys": "SigningKeys",
    "usage": "Usage/Records",
}


class FindAccounts(Params):
    friendly_name = Param("FriendlyName", text, doc="Only accounts of this name.")
    status = Param(
        "Status", one_of(*STATUSES, code=_BAD_STATUS), doc="Only accounts of this status."
    )


class NameIt(Params):
    friendly_name = Param("FriendlyName", text, code=_BAD_NAME, doc="What people call it.")


class ChangeAccount(NameIt):
    status = Param(
        "Status",
        one_of(*STATUSES, code=_BAD_STATUS),
        doc="Whether it may be used; what is closed stays closed.",
    )


class Beside(TypedDict):
    """The record's own token is sealed."""

    auth_token: str


class ShownKey(TypedDict):
    sid: str
    friendly_name: str
    date_created: Moment
    date_updated: Moment
    secret: NotRequired[str]


class Accounts(Collection[Account]):
    doc: ClassVar[str] = "The account that calls, and those below it."
    path: ClassVar[str] = "/Accounts"
    key: ClassVar[str] = "accounts"
    element: ClassVar[str] = "Account"
    filters: ClassVar[type[Params]] = FindAccounts
    creating: ClassVar[type[Params]] = NameIt
    updating: ClassVar[type[Params]] = ChangeAccount
    linked: ClassVar[bool] = True
    subresources: ClassVar[dict[str, str]] = SUBRESOURCES
    hidden: ClassVar[frozenset[str]] = frozenset(("auth_token",))

    def __init__(self, database: Database, authenticator: Authenticator) -> None:
        self._database = database
        self._authenticator = authenticator

    async def list(self, call: Call, given: FindAccounts, page: PageRequest) -> Page[Account]:
        rows = await store.page(
            self._database,
            _manager(call).account.sid,
            given.friendly_name or None,
            given.status,
            after=_edge(page.after, "AC"),
            before=_edge(page.before, "AC"),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: NameIt) -> Account:
        owner = _manager(call).account
        async with self._database.transaction() as connection:
            return await actions.create_subaccount(
                connection, self._authenticator.sealer, owner, given.friendly_name
            )

    async def fetch(self, call: Call, sid: str) -> Account:
        return await self._visible(self._database, call, sid)

    async def update(self, call: Call, sid: str, given: ChangeAccount) -> Account:
        async with self._database.transaction() as connection:
            account = await self._visible(connection, call, sid)
            after_commit(connection, lambda: self._authenticator.forget(sid))
            return await actions.update(
                connection,
                account,
                _manager(call).holder,
                friendly_name=given.friendly_name,
                status=given.status,
            )

    async def _visible(self, queries: Queries, call: Call, sid: str) -> Account:
        mine = _manager(call).account.sid
        account = await store.get(queries, sid) if sids.is_sid(sid, "AC") else None
        if account is None or mine not in {account.sid, account.owner_account_sid}:
            raise call.not_found()
        return account

    def beside(self, record: Account) -> Beside:
        return {"auth_token": actions.token_of(self._authenticator.sealer, record)}


class Keys(Collection[ApiKey]):
    doc: ClassVar[str] = "Keys that sign in in place of the account's token; secrets show once."
    path: ClassVar[str] = "/Keys"
    key: ClassVar[str] = "keys"
    element: ClassVar[str] = "Key"
    creating: ClassVar[type[Params]] = NameIt
    updating: ClassVar[type[Params]] = NameIt

    def __init__(self, database: Database, authenticator: Authenticator) -> None:
        self._database = database
        self._authenticator = authenticator

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[ApiKey]:
        rows = await store.page_of_keys(
            self._database,
            _manager(call).account.sid,
            after=_edge(page.after, "SK"),
            before=_edge(page.before, "SK"),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: NameIt) -> NewKey:
        account_sid = _manager(call).account.sid
        name = given.friendly_name or ""
        return await actions.create_key(
            self._database, self._authenticator.sealer, account_sid, name
        )

    async def fetch(self, call: Call, sid: str) -> ApiKey:
        found = await store.key(self._database, _manager(call).account.sid, sid)
        return _there(found, call)

    async def update(self, call: Call, sid: str, given: NameIt) -> ApiKey:
        key = await self.fetch(call, sid)
        return _there(await actions.rename_key(self._database, key, given.friendly_name), call)

    async def delete(self, call: Call, sid: str) -> None:
        if not await store.delete_key(self._database, _manager(call).account.sid, sid):
            raise call.not_found()
        self._authenticator.forget(sid)

    def represent(self, record: ApiKey, call: Call) -> ShownKey:
        date: Callable[..., str] = call.dialect.date
        shown: ShownKey = {
            "sid": record.sid,
            "friendly_name": record.friendly_name,
            "date_created": date(record.date_created),
            "date_updated": date(record.date_updated),
        }
        if isinstance(record, NewKey):
            shown["secret"] = record.secret
        return shown


class SigningKeys(Keys):
    """The same keys under their older name."""

    doc: ClassVar[str] = "The same keys under their older name."
    path: ClassVar[str] = "/SigningKeys"
    key: ClassVar[str] = "signing_keys"
    element: ClassVar[str] = "SigningKey"


def _manager(call: Call) -> Caller:
    """Keys made here are of the standard kind: accounts and keys are closed to them."""
    caller = cast("Caller", call.principal)
    if caller.key_sid is not None:
        raise NotAuthenticated("An API key cannot manage accounts or keys.")
    return caller


def _there(key: ApiKey | None, call: Call) -> ApiKey:
    if key is None:
        raise call.not_found()
    return key


def _edge(sid: str | None, prefix: str) -> str | None:
    if sid is not None and not sids.is_sid(sid, prefix):
        raise Refused(_BAD_TOKEN)
    return sid
