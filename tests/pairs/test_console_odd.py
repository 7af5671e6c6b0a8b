"""Odd addresses and forms are answered with what is wrong with them, not with a fault of ours."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from tests.pairs.console_visitor import Person, person
from tests.pairs.fleet_world import Node, node

from magpie.users.model import Role


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path, roles=("api", "dispatch", "simulator")) as made:
        yield made


async def owner(one: Node) -> Person:
    return await person(one.platform.database, one.base, Role.OWNER)


@pytest.mark.parametrize("code", ["9" * 5000, "\u00b2", "30005x", "030005", "-1"])
async def test_errors_that_are_none(one: Node, code: str) -> None:
    """Their pages are open to everybody: so is this answer."""
    who = await owner(one)
    at = f"{one.base}/console/errors/{quote(code)}"
    for cookies in ({}, {"magpie_session": who.cookie}):
        async with aiohttp.ClientSession(cookies=cookies) as client, client.get(at) as answer:
            assert answer.status == 404
            assert "There is no error" in await answer.text()


@pytest.mark.parametrize("before", ["\u00b2", "9" * 5000, "-1", "x"])
async def test_places_in_the_book_that_are_none(one: Node, before: str) -> None:
    """Then it begins at its end."""
    assert "Audit" in await (await owner(one)).see(f"/audit?before={quote(before)}")


async def test_accounts_that_are_none(one: Node) -> None:
    """No cookie is made of what is no SID."""
    who = await owner(one)
    for sid in ("\U0001f600", "", "a\r\nb", "AC1"):
        status, text, _ = await who.post("/account", sid=sid)
        assert (status, "There is no such account" in text) == (404, True)


async def test_things_that_are_not_there(one: Node) -> None:
    """The answer names them."""
    status, text, _ = await (await owner(one)).post("/carriers/links/nope/delete")
    assert status == 404
    assert "/console/carriers/links/nope/delete was not found" in text


async def test_a_url_of_a_service_is_taken_away(one: Node) -> None:
    """What was emptied is empty when it is looked at again; a name has to be."""
    who = await owner(one)
    _, _, place = await who.post("/services", FriendlyName="Pool")
    at = place.partition("?")[0].removeprefix("/console")
    for url in ("http://127.0.0.1:1/status", ""):
        status, _, _ = await who.post(at, FriendlyName="Pool", StatusCallback=url)
        assert status == 303
        assert f'name="StatusCallback" value="{url}"' in await who.see(at)
    status, text, _ = await who.post(at, FriendlyName="")
    assert (status, "FriendlyName is required" in text) == (400, True)
