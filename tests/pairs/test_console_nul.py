"""What no text column can hold is refused by every address of the console."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from tests.pairs.console_visitor import API, FILLED, Person, person
from tests.pairs.fleet_world import Node, node

from magpie.app.pages import pages_of
from magpie.users.model import Role

_FORM: Final = "application/x-www-form-urlencoded"


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path, roles=("api", "dispatch", "simulator")) as made:
        yield made


def paths(one: Node, method: str) -> list[str]:
    """As they are registered."""
    routes = [route for page in pages_of(one.platform, API) for route in page.routes()]
    return [route.path for route in routes if route.method == method]


async def status(who: Person, path: str, form: bytes | aiohttp.FormData | None = None) -> int:
    method = "GET" if form is None else "POST"
    kind = {"Content-Type": _FORM} if isinstance(form, bytes) else {}
    async with (
        aiohttp.ClientSession(cookies={"magpie_session": who.cookie}) as client,
        client.request(
            method,
            f"{who.base}/console{path}",
            data=form,
            headers={"Origin": who.base, "X-CSRF-Token": who.csrf, **kind},
            allow_redirects=False,
        ) as answer,
    ):
        return answer.status


async def test_in_an_address(one: Node) -> None:
    """Neither in what is asked for, nor in its path."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    for path in paths(one, "GET"):
        assert await status(owner, f"{path.format(**FILLED)}?q=a%00b") == 400, path
        assert await status(owner, f"{path.format(**FILLED)}?a%00b=q") == 400, path
        for name in FILLED:
            nul = path.format(**FILLED | {name: "a%00b"})
            assert "%00" not in nul or await status(owner, nul) == 400, nul
    assert await status(owner, "/sign-in/a%00b") == 400


async def test_in_a_form(one: Node) -> None:
    """Neither as a value nor as a name."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    for path in [*paths(one, "POST"), "/sign-in"]:
        to = path.format(**FILLED)
        for form in (b"body=a%00b", b"a%00b=body"):
            assert await status(owner, to, form) == 400, (path, form)


async def test_too_many_files(one: Node) -> None:
    """More than a message may have are refused before they are looked at."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    for count, answer in ((10, 400), (11, 400)):
        form = aiohttp.FormData()
        for number in range(count):
            form.add_field("Media", b"x", filename=f"{number}.png", content_type="image/png")
        assert await status(owner, "/send", form) == answer, count
