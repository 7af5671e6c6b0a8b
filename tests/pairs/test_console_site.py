"""The console over real HTTP and PostgreSQL: who comes in, and who may change what."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from magpie.accounts import actions as accounts
from magpie.accounts.seal import Sealer
from magpie.console.page import Place, Route
from magpie.console.pages.you import You
from magpie.console.shell import Shell
from magpie.console.site import Site
from magpie.console.visit import Outlook, Visit
from magpie.console.visitor import Visitor
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.users import actions, store
from magpie.users.model import Role, User

PASSWORD = "correct horse battery"


class Levels:
    """A page for each role, that says so."""

    place: Place | None = Place("Run", "Levels", "/levels", "key-round")

    def routes(self) -> Sequence[Route]:
        return [Route(f"/levels/{role.name.lower()}", self.change, "POST", role) for role in Role]

    async def change(self, visit: Visit) -> Response:
        return Response(visit.visitor.user.role)


class World:
    base: str

    def __init__(self, database: Database, owner: User) -> None:
        self.database = database
        self.owner = owner

    async def session(self, role: Role) -> tuple[str, str]:
        """The cookie of a user of this role who has signed in, and its token."""
        user = await actions.add(self.database, f"{role.name}-{clock.uuid7()}", role)
        session, secret = await actions.begin(self.database, user, "127.0.0.1", "test")
        return secret, Visitor(user, session, secret).csrf

    async def ask(
        self,
        path: str,
        *,
        cookie: str = "",
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], str]:
        cookies = {"magpie_session": cookie} if cookie else None
        method = "GET" if form is None else "POST"
        given = {} if form is None else {"Origin": self.base}
        async with (
            aiohttp.ClientSession(cookies=cookies) as client,
            client.request(
                method,
                f"{self.base}/console{path}",
                data=form,
                headers=given | (headers or {}),
                allow_redirects=False,
            ) as answer,
        ):
            return answer.status, answer.headers, await answer.text()


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with database.transaction() as connection:
        main = await accounts.ensure_main(connection, Sealer.of(tmp_path))
    world = World(database, await actions.ensure_owner(database))
    listener = socket.create_server(("127.0.0.1", 0))
    world.base = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def outlook(_request: Request) -> Outlook:
        return Outlook(world.base, "127.0.0.1", secure=False)

    shell = Shell(database, main.sid, simulated=lambda: True, version="1")
    site = Site(database, [You(database), Levels()], shell, outlook)
    server = uvicorn.Server(uvicorn.Config(site, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve([listener]))
    yield world
    server.should_exit = True
    await task


async def test_a_link_signs_in_once(world: World) -> None:
    """Whoever has the printed link is let in, after a click; nobody is by the same link again."""
    secret = await actions.link(world.database, world.owner)
    status, headers, text = await world.ask(f"/sign-in/{secret}")
    assert (status, secret in text) == (200, True)
    status, headers, _ = await world.ask(f"/sign-in/{secret}", form={})
    assert (status, headers["Location"]) == (303, "/console")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    given = re.search(r"magpie_session=([\w-]+)", cookie)
    assert given is not None
    status, _, text = await world.ask("/you", cookie=given[1])
    assert (status, "this one" in text) == (200, True)
    assert (await world.ask(f"/sign-in/{secret}", form={}))[0] == 410


async def test_a_link_that_is_too_old(world: World, database: Database) -> None:
    """After an hour it is worth nothing."""
    past = clock.now() - timedelta(seconds=1)
    await store.add_link(database, actions.digest_of("old"), world.owner.id, past)
    assert (await world.ask("/sign-in/old", form={}))[0] == 410


async def test_a_password(world: World, database: Database) -> None:
    """It is set by who is signed in, ends all other sessions, and lets him in from then on."""
    cookie, csrf = await world.session(Role.VIEWER)
    found = await actions.find(database, cookie)
    assert found is not None
    user = found[1]
    _, other = await actions.begin(database, user, "127.0.0.2", "other")
    form = {"csrf": csrf, "new": PASSWORD}
    assert (await world.ask("/you/password", cookie=cookie, form=form))[0] == 303
    assert await actions.find(database, other) is None
    enter = {"name": user.name, "password": PASSWORD, "to": "/console/you"}
    status, headers, _ = await world.ask("/sign-in", form=enter)
    assert (status, headers["Location"]) == (303, "/console/you")
    wrong = await world.ask("/sign-in", form=enter | {"password": "wrong"})
    assert (wrong[0], "wrong" in wrong[2]) == (401, True)
    kept = await store.get(database, user.id)
    assert kept is not None
    assert kept.password_hash is not None
    assert kept.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/console/..\\x", "/"])
async def test_nobody_is_sent_elsewhere(world: World, to: str) -> None:
    """After signing in one stays here, whatever the link said."""
    secret = await actions.link(world.database, world.owner)
    status, headers, _ = await world.ask(f"/sign-in/{secret}?to={to}", form={"to": to})
    assert (status, headers["Location"]) == (303, "/console")


async def test_guessing_is_made_slow(world: World) -> None:
    """After ten wrong passwords the next is not even looked at."""
    form = {"name": "owner", "password": "x"}
    answers = [(await world.ask("/sign-in", form=form))[0] for _ in range(11)]
    assert answers == [401] * 10 + [429]


async def test_without_a_session(world: World) -> None:
    """Every page leads to the sign-in, and back from there; htmx is told so in its way."""
    status, headers, _ = await world.ask("/you?x=1")
    assert (status, headers["Location"]) == (303, "/console/sign-in?to=%2Fconsole%2Fyou%3Fx%3D1")
    status, headers, _ = await world.ask("/you", headers={"HX-Request": "true"})
    assert (status, "HX-Redirect" in headers) == (204, True)


async def test_who_comes_and_goes_is_in_the_book(world: World) -> None:
    """By what, from where; neither the link nor a password, and no guess."""
    secret = await actions.link(world.database, world.owner)
    status, headers, _ = await world.ask(f"/sign-in/{secret}", form={})
    assert status == 303
    cookie = re.findall(r"magpie_session=([^;]+)", headers["Set-Cookie"])[0]
    await world.ask("/sign-in", form={"name": "owner", "password": "a guess"})
    found = await actions.find(world.database, cookie)
    assert found is not None
    token = Visitor(found[1], found[0], cookie).csrf
    assert (await world.ask("/sign-out", cookie=cookie, form={"csrf": token}))[0] == 303
    rows = await world.database.fetch(
        "select who, address, action, detail from audit order by serial"
    )
    told = [(row["who"], row["address"], row["action"], row["detail"].get("by")) for row in rows]
    assert told == [
        ("owner (console)", "127.0.0.1", "POST /console/sign-in", "link"),
        ("owner (console)", "127.0.0.1", "POST /console/sign-out", None),
    ]
    assert secret not in str([dict(row) for row in rows])


async def test_sessions_end(world: World, database: Database) -> None:
    """By signing out, by being ended elsewhere, by being idle, and by their age."""
    cookie, csrf = await world.session(Role.OWNER)
    assert (await world.ask("/sign-out", cookie=cookie, form={"csrf": csrf}))[0] == 303
    assert (await world.ask("/you", cookie=cookie))[0] == 303
    cookie, _ = await world.session(Role.OWNER)
    await database.execute("update sessions set seen_at = now() - interval '13 hours'")
    assert (await world.ask("/you", cookie=cookie))[0] == 303
    cookie, _ = await world.session(Role.OWNER)
    await database.execute("update sessions set ends_at = now()")
    assert (await world.ask("/you", cookie=cookie))[0] == 303


@pytest.mark.parametrize("role", [*Role])
async def test_roles(world: World, role: Role) -> None:
    """Each may what those below it may, and nothing of those above."""
    cookie, csrf = await world.session(role)
    for level in Role:
        path = f"/levels/{level.name.lower()}"
        status, _, _ = await world.ask(path, cookie=cookie, form={"csrf": csrf})
        assert status == (200 if role >= level else 403), path


async def test_changes_from_elsewhere(world: World) -> None:
    """A foreign page, no token, and the token of another session change nothing."""
    cookie, csrf = await world.session(Role.OWNER)
    _, foreign = await world.session(Role.OWNER)
    path, form = "/levels/viewer", {"csrf": csrf}
    evil = (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    )
    for headers in evil:
        assert (await world.ask(path, cookie=cookie, form=form, headers=headers))[0] == 403
    assert (await world.ask(path, cookie=cookie, form={}))[0] == 403
    assert (await world.ask(path, cookie=cookie, form={"csrf": foreign}))[0] == 403
    assert (await world.ask(path, cookie=cookie, form={}, headers={"X-CSRF-Token": csrf}))[0] == 200
    assert (await world.ask(path, cookie=cookie, form=form))[0] == 200


async def test_every_page_says_what_a_browser_may(world: World) -> None:
    """Policy, no sniffing, no cache, whether one is signed in or not."""
    cookie, _ = await world.session(Role.VIEWER)
    for path in ("/you", "/sign-in", "/nowhere", "/levels/owner"):
        _, headers, _ = await world.ask(path, cookie=cookie)
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


async def test_there_always_is_an_owner(world: World, database: Database) -> None:
    """The last one can neither be removed nor made less."""
    async with database.transaction() as connection:
        with pytest.raises(Refused):
            await actions.remove(connection, world.owner)
        with pytest.raises(Refused):
            await actions.change_role(connection, world.owner, Role.VIEWER)
        await actions.add(connection, "second", Role.OWNER)
        await actions.remove(connection, world.owner)
