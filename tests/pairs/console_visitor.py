"""A person who has signed in to the console of a platform, without a browser."""

from functools import partial
from typing import Final, NamedTuple

import aiohttp

from magpie.api.openapi import document
from magpie.console.visitor import Visitor
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.users import actions
from magpie.users.model import Role

API: Final = partial(document, (), version="1", url="http://127.0.0.1")
"""For pages of which only the paths are asked for."""
# What stands for the parts of a path.
FILLED: Final = {
    "sid": "x",
    "id": "x",
    "name": "att",
    "number": "+15558675310",
    "digest": "x",
    "part": "0",
    "code": "11200",
    "switch": "pause",
    "operation": "CreateMessage",
}


class Person(NamedTuple):
    base: str
    cookie: str
    csrf: str

    async def see(self, path: str) -> str:
        status, text, _ = await self._ask("GET", path, None)
        assert status == 200, (status, text)
        return text

    async def post(self, path: str, **form: str) -> tuple[int, str, str]:
        """Status, text, and where it leads."""
        return await self._ask("POST", path, {"csrf": self.csrf, **form})

    async def _ask(
        self, method: str, path: str, form: dict[str, str] | None
    ) -> tuple[int, str, str]:
        async with (
            aiohttp.ClientSession(cookies={"magpie_session": self.cookie}) as client,
            client.request(
                method,
                f"{self.base}/console{path}",
                data=form,
                headers={"Origin": self.base},
                allow_redirects=False,
            ) as answer,
        ):
            return answer.status, await answer.text(), answer.headers.get("Location", "")


async def person(database: Database, base: str, role: Role) -> Person:
    user = await actions.add(database, f"{role.name}-{clock.uuid7()}", role)
    session, secret = await actions.begin(database, user, "127.0.0.1", "test")
    return Person(base, secret, Visitor(user, session, secret).csrf)
