"""Changes that no page of the console asked for: refused at every address, before they begin."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest
from tests.pairs.console_visitor import API, FILLED, Person, person
from tests.pairs.fleet_world import Node, node

from magpie.app.pages import pages_of
from magpie.users.model import Role


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path, roles=("api", "dispatch", "simulator")) as made:
        yield made


def posts(one: Node) -> list[str]:
    """Every path that changes something, with all parts filled in."""
    routes = [route for page in pages_of(one.platform, API) for route in page.routes()]
    return [route.path.format(**FILLED) for route in routes if route.method != "GET"]


async def status(
    who: Person, path: str, form: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(cookies={"magpie_session": who.cookie}) as client,
        client.post(
            f"{who.base}/console{path}", data=form, headers=headers, allow_redirects=False
        ) as answer,
    ):
        return answer.status, await answer.text()


async def test_no_change_from_elsewhere(one: Node) -> None:
    """Without the token of this very session, or from another site, an owner changes nothing."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    other = await person(one.platform.database, one.base, Role.OWNER)
    ours, token = {"Origin": one.base}, {"csrf": owner.csrf}
    foreign: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, ours),
        ({}, {}),
        ({"csrf": ""}, ours),
        ({"csrf": other.csrf}, ours),
        ({"csrf": owner.csrf[:-1]}, ours),
        ({}, ours | {"X-CSRF-Token": other.csrf}),
        ({}, ours | {"HX-Request": "true"}),
        (token, {"Origin": "https://evil.example"}),
        (token, {"Origin": "null"}),
        (token, ours | {"Sec-Fetch-Site": "cross-site"}),
        (token, ours | {"Sec-Fetch-Site": "same-site"}),
    ]
    paths = [*posts(one), "/sign-out"]
    assert len(paths) > 35
    for path in paths:
        for form, headers in foreign:
            answer, text = await status(owner, path, form, headers)
            assert (answer, "not asked for by a page" in text) == (403, True), (path, form, headers)
    assert await one.platform.database.fetchval("select count(*) from audit") == 0
    assert await owner.see("/you")


async def test_looking_changes_nothing(one: Node) -> None:
    """What is posted to cannot be had by a link: a GET is either another page or none."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    for path in posts(one):
        async with (
            aiohttp.ClientSession(cookies={"magpie_session": owner.cookie}) as client,
            client.get(f"{one.base}/console{path}", params={"csrf": owner.csrf}) as answer,
        ):
            assert answer.status in {200, 404}, path
    assert await one.platform.database.fetchval("select count(*) from audit") == 0


async def test_the_token_opens_them_all(one: Node) -> None:
    """The refusals above are for want of it: with it each path says something of its own."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    for path in posts(one):
        answer, text, _ = await owner.post(path)
        assert (answer == 403, "not asked for" in text) == (False, False), path
