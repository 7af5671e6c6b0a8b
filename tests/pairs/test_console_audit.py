"""The book of who did what is written for people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.console_visitor import API, FILLED, person
from tests.pairs.fleet_world import Node, node

from magpie.app.pages import pages_of
from magpie.console.pages.audit_words import deed
from magpie.users.model import Role


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path, roles=("api", "dispatch", "simulator")) as made:
        yield made


async def test_each_change_has_words(one: Node) -> None:
    """Whatever a form of the console does; what a program asked for is its request."""
    changes = [
        f"POST /console{route.path.format(**FILLED)}"
        for page in pages_of(one.platform, API)
        for route in page.routes()
        if route.method == "POST" and route.changes
    ]
    assert len(changes) > 35
    assert [change for change in changes if not deed(change)] == []
    assert deed("POST /2010-04-01/Accounts.json") == ""
    assert deed("POST /console/carriers/networks/att") == "set the faults of att"


async def test_the_words_stand_in_the_book(one: Node) -> None:
    """With the address below them, by which one searches."""
    owner = await person(one.platform.database, one.base, Role.OWNER)
    assert (await owner.post("/people/accounts", name="Branch"))[0] == 303
    assert (await owner.post("/carriers/networks/att", preset="slow"))[0] == 303
    page = await owner.see("/audit?q=networks")
    assert "set the faults of att" in page
    assert "POST /console/carriers/networks/att" in page
    assert "made an account" not in page
