"""Accounts, their keys, and the people who come to the console."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from starlette.responses import Response

from magpie.accounts import actions as accounts
from magpie.accounts import store
from magpie.accounts.auth import Authenticator
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.users import actions, passwords
from magpie.users import store as users
from magpie.users.model import Role, User

_MOST: Final = 1000


class People:
    place: Place | None = Place("Run", "Accounts and keys", "/people", "key-round", "k", Role.OWNER)

    def __init__(self, database: Database, authenticator: Authenticator) -> None:
        self._database = database
        self._authenticator = authenticator

    def routes(self) -> Sequence[Route]:
        posts = {
            "/people/accounts": self.new_account,
            "/people/accounts/{sid}": self.change_account,
            "/people/keys": self.new_key,
            "/people/keys/{sid}/revoke": self.revoke,
            "/people/users": self.new_user,
            "/people/users/{id}": self.change_user,
            "/people/users/{id}/link": self.link,
            "/people/users/{id}/remove": self.remove,
        }
        changes = [Route(path, answer, "POST", Role.OWNER) for path, answer in posts.items()]
        return [
            Route("/people", self.show, role=Role.OWNER),
            Route("/people/token", self.token, "POST", Role.OWNER),
            *changes,
        ]

    async def show(self, visit: Visit, secret: str = "", what: str = "") -> Response:
        keys = await store.page_of_keys(
            self._database, visit.account_sid, after=None, before=None, most=_MOST
        )
        return visit.page(
            "people.html",
            keys=keys,
            users=await users.every(self._database),
            roles=[role.name.lower() for role in Role],
            secret=secret,
            what=what,
            shortest=passwords.SHORTEST,
        )

    async def token(self, visit: Visit) -> Response:
        """Shown when asked for, and the asking is in the book."""
        sealed = accounts.token_of(self._authenticator.sealer, visit.account)
        return await self.show(visit, sealed, f"Auth token of {visit.account_sid}")

    async def new_account(self, visit: Visit) -> Response:
        name = str((await visit.form()).get("name", ""))
        async with self._database.transaction() as connection:
            made = await accounts.create_subaccount(
                connection, self._authenticator.sealer, visit.main, name or None
            )
        return visit.see("/people", f"{made.friendly_name} is there.")

    async def change_account(self, visit: Visit) -> Response:
        sid, form = visit.path["sid"], await visit.form()
        async with self._database.transaction() as connection:
            known = await store.get(connection, sid)
            if known is None or known.owner_account_sid != visit.main.sid:
                raise Refused(20404)
            status = str(form.get("status", known.status))
            await accounts.update(connection, known, visit.main, friendly_name=None, status=status)
        self._authenticator.forget(sid)
        return visit.see("/people", f"{known.friendly_name} is {status}.")

    async def new_key(self, visit: Visit) -> Response:
        name = str((await visit.form()).get("name", ""))
        made = await accounts.create_key(
            self._database, self._authenticator.sealer, visit.account_sid, name
        )
        return await self.show(visit, f"{made.sid}:{made.secret}", "Key and secret, shown once")

    async def revoke(self, visit: Visit) -> Response:
        sid = visit.path["sid"]
        if not await store.delete_key(self._database, visit.account_sid, sid):
            raise Refused(20404)
        self._authenticator.forget(sid)
        return visit.see("/people", "The key is worth nothing any more.")

    async def new_user(self, visit: Visit) -> Response:
        form = await visit.form()
        user = await actions.add(
            self._database, str(form.get("name", "")).strip(), _role(str(form.get("role", "")))
        )
        secret = await actions.link(self._database, user)
        link = f"{visit.outlook.origin}/console/sign-in/{secret}"
        return await self.show(visit, link, f"Link for {user.name}: works once, within the hour")

    async def change_user(self, visit: Visit) -> Response:
        role = _role(str((await visit.form()).get("role", "")))
        async with self._database.transaction() as connection:
            user = await actions.change_role(connection, await self._user(visit), role)
        return visit.see("/people", f"{user.name} is {user.role}.")

    async def link(self, visit: Visit) -> Response:
        user = await self._user(visit)
        secret = await actions.link(self._database, user)
        link = f"{visit.outlook.origin}/console/sign-in/{secret}"
        return await self.show(visit, link, f"Link for {user.name}: works once, within the hour")

    async def remove(self, visit: Visit) -> Response:
        user = await self._user(visit)
        async with self._database.transaction() as connection:
            await actions.remove(connection, user)
        return visit.see("/people", f"{user.name} is gone, with all sessions.")

    async def _user(self, visit: Visit) -> User:
        try:
            found = await users.get(self._database, UUID(visit.path["id"]))
        except ValueError:
            found = None
        if found is None:
            raise Refused(20404, "There is no such user.")
        return found


def _role(word: str) -> Role:
    try:
        return Role[word.upper()]
    except KeyError:
        raise Refused(20422, f"{word} is no role.") from None
