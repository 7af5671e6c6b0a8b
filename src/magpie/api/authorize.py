from starlette.requests import Request

from magpie import sids
from magpie.accounts.auth import Authenticator
from magpie.api.base_url import Outside
from magpie.api.limits import Concurrency
from magpie.api.visit import Visit
from magpie.kit.rest import Caller, NotFound

_READING = frozenset(("GET", "HEAD"))


class Gate:
    """Finds out who calls and for which account, and counts the request as that account's."""

    def __init__(
        self, authenticator: Authenticator, outside: Outside, concurrency: Concurrency
    ) -> None:
        self._authenticator = authenticator
        self._outside = outside
        self._concurrency = concurrency

    async def __call__(self, request: Request) -> Caller:
        scope = request.scope
        visit = Visit.of(scope)
        if visit is None:
            raise RuntimeError("the gate stands behind the front")
        asked = scope["path_params"].get("AccountSid")
        if asked is not None and not sids.is_sid(asked, "AC"):
            raise NotFound.at(scope["path"])
        authorization = visit.headers.get(b"authorization")
        address = self._outside.client(scope, visit.headers)
        caller = await self._authenticator.caller(
            authorization.decode("latin-1") if authorization else None,
            asked,
            address=address,
            changes=scope["method"] not in _READING,
        )
        account_sid = caller.account.sid
        self._concurrency.enter(visit, account_sid)
        base_url = self._outside.base(scope, visit)
        return Caller(account_sid, caller, base_url, {"address": address})
