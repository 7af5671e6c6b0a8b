"""What is the visitor's own: his password, his sessions, the account he looks at."""

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from magpie import sids
from magpie.console.page import Place, Route
from magpie.console.shell import ACCOUNT_COOKIE
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.users import actions, passwords, store


class You:
    place: Place | None = None

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> Sequence[Route]:
        return (
            Route("/you", self.show),
            Route("/you/password", self.password, "POST"),
            Route("/you/sessions/{id}/end", self.end, "POST"),
            Route("/account", self.account, "POST"),
        )

    async def show(self, visit: Visit) -> Response:
        user = visit.visitor.user
        sessions = await store.sessions_of(self._database, user.id, clock.now())
        return visit.page("you.html", sessions=sessions, shortest=passwords.SHORTEST)

    async def password(self, visit: Visit) -> Response:
        form = await visit.form()
        user = visit.visitor.user
        known = user.password_hash is not None
        if known and not await passwords.matches(str(form.get("old", "")), user.password_hash):
            raise Refused(20422, "The old password is not right.")
        async with self._database.transaction() as connection:
            new, keep = str(form.get("new", "")), visit.visitor.session.id
            await actions.set_password(connection, user, new, keep)
        return visit.see("/you", "The password is set; all other sessions have ended.")

    async def end(self, visit: Visit) -> Response:
        try:
            id_ = UUID(visit.path["id"])
        except ValueError:
            return visit.see("/you")
        await actions.end(self._database, id_, visit.visitor.user)
        return visit.see("/you", "The session has ended.")

    async def account(self, visit: Visit) -> Response:
        """Which account the pages show; one that he may not see is not chosen by the shell."""
        sid = str((await visit.form()).get("sid", ""))
        if not sids.is_sid(sid, "AC"):
            raise Refused(20404, "There is no such account.")
        response = visit.see("")
        response.set_cookie(
            ACCOUNT_COOKIE,
            sid,
            path="/console",
            httponly=True,
            samesite="lax",
            secure=visit.outlook.secure,
        )
        return response
