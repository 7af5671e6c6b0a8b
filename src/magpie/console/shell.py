"""What stands around every page: the rail, the account, the state of the platform."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from starlette.requests import Request

from magpie.accounts import store as accounts
from magpie.accounts.model import Account
from magpie.console import note
from magpie.console.page import Place
from magpie.console.visitor import Visitor
from magpie.kit import feed
from magpie.kit.db import Database
from magpie.users.model import Role

GROUPS: Final = ("Build", "Message", "Deliver", "Run")
ACCOUNT_COOKIE: Final = "magpie_account"
_MOST_ACCOUNTS: Final = 1000


class Shell:
    """`simulated` says whether messages go to the simulated network only."""

    def __init__(
        self, database: Database, main_sid: str, *, simulated: Callable[[], bool], version: str
    ) -> None:
        self._database = database
        self.main_sid = main_sid
        self._simulated = simulated
        self._version = version

    async def context(
        self, request: Request, who: Visitor, places: Sequence[Place]
    ) -> Mapping[str, Any]:
        seen = feed.position()
        owned = await accounts.page(
            self._database, self.main_sid, None, None, after=None, before=None, most=_MOST_ACCOUNTS
        )
        main = next((one for one in owned if one.sid == self.main_sid), None)
        # Whoever owns very many does not find it among the newest.
        main = main or await accounts.get(self._database, self.main_sid)
        assert main is not None
        path: str = request.scope["path"]
        return {
            "seen": seen,
            "who": who,
            "sends": who.may(Role.AGENT),
            "operates": who.may(Role.OPERATOR),
            "accounts": owned,
            "main": main,
            "account": _chosen(owned, request.cookies.get(ACCOUNT_COOKIE), main),
            "rail": [(name, [*found]) for name, found in groupby(_sorted(places), _group)],
            "here": _here(path, places),
            "simulated": self._simulated(),
            "version": self._version,
            "note": note.read(request.query_params, who.csrf),
        }


def _chosen(owned: Sequence[Account], wanted: str | None, main: Account) -> Account:
    return next((one for one in owned if one.sid == wanted), main)


def _sorted(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: GROUPS.index(place.group))


def _group(place: Place) -> str:
    return place.group


def _here(path: str, places: Sequence[Place]) -> str:
    """The path of the place in the rail that leads here: the longest one."""
    below = path.removeprefix("/console") or "/"
    fitting = [
        place.path
        for place in places
        if below == place.path or (place.path != "/" and below.startswith(f"{place.path}/"))
    ]
    return max(fitting, key=len, default="")
