"""Nobody is offered what he may not do: each link and form of a page works for who sees it."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from starlette.routing import compile_path
from tests.pairs.console_visitor import API, Person, person
from tests.pairs.webhooks_world import OWN, PHONE, World
from tests.pairs.webhooks_world import world as webhooks_world

from magpie.app.pages import pages_of
from magpie.users.model import Role

_LINK: Final = re.compile(r'(?:href|hx-get|data-href)="(/console[^"#]*)"')
_FORM: Final = re.compile(r'<form[^>]*method="post"[^>]*action="/console([^"?]*)"')
# What can be looked at and not changed.
_STILL: Final = re.compile(
    r'<form(?:(?!</form>).)*?class="plain stack" disabled.*?</form>', re.DOTALL
)
_NAMES: Final = re.compile(r"[A-Z]{2}[0-9a-f]{32}|%2B[0-9]+|[0-9a-f]{32}/[0-9]|\b[0-9]{5}\b")
# Open to all who are signed in, and no page.
_NO_ROUTES: Final = frozenset({"/sign-out"})


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with webhooks_world(database_url, tmp_path) as made:
        yield made


async def furnish(world: World) -> None:
    """A message that has arrived, a service, and another link."""
    account = f"/2010-04-01/Accounts/{world.auth[0]}"
    await world.ask("POST", f"{account}/Messages.json", From=OWN, To=PHONE, Body="Hello")
    await world.ask("POST", "/magpie/v1/Carriers", Name="second", Kind="loopback")
    boss = await person(world.platform.database, world.platform.base_url, Role.OWNER)
    await boss.post("/services", FriendlyName="Pool")


async def seen_by(who: Person) -> dict[str, tuple[int, str]]:
    """Status and text of all pages to which links lead, one of each sort."""
    seen: dict[str, tuple[int, str]] = {}
    sorts, todo = set[str](), ["/console"]
    async with aiohttp.ClientSession(cookies={"magpie_session": who.cookie}) as client:
        while todo:
            path = todo.pop()
            async with client.get(f"{who.base}{path}", allow_redirects=False) as answer:
                page = answer.content_type == "text/html"
                seen[path] = (answer.status, await answer.text() if page else "")
            for link in links(seen[path][1]):
                if (sort := _NAMES.sub("*", link)) not in sorts:
                    sorts.add(sort)
                    todo.append(link)
    return seen


def links(text: str) -> Iterator[str]:
    for link in map(html.unescape, _LINK.findall(text)):
        if not link.startswith(("/console/static/", "/console/live")):
            yield link


def needed(world: World, path: str) -> Role:
    """The role of the route that a form leads to."""
    for page in pages_of(world.platform, API):
        for route in page.routes():
            if route.method == "POST" and compile_path(route.path)[0].fullmatch(path):
                return route.role
    raise AssertionError(f"no page takes {path}")


@pytest.mark.parametrize("role", [*Role])
async def test_all_that_is_offered_works(world: World, role: Role) -> None:
    """For each role, on every page that it finds."""
    await furnish(world)
    who = await person(world.platform.database, world.platform.base_url, role)
    seen = await seen_by(who)
    assert len(seen) > 20
    assert {path: status for path, (status, _) in seen.items() if status != 200} == {}
    texts = {path: _STILL.sub("", text) for path, (_, text) in seen.items()}
    forms = {(path, form) for path, text in texts.items() for form in _FORM.findall(text)}
    offered = {(path, form) for path, form in forms if form not in _NO_ROUTES}
    assert {one for one in offered if needed(world, one[1]) > role} == set()
