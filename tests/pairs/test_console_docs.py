"""Docs in the console: one's own keys in the programs, and a reference that can be searched."""

from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.pairs.console_visitor import person
from tests.pairs.fleet_world import ACCOUNT, TOKEN, Node, node

from magpie.console.kinds import fields
from magpie.users.model import Role


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        yield made


async def test_the_token_is_shown_to_owners_who_ask(one: Node) -> None:
    """The page does not hold it before; nobody else gets it."""
    for role in Role:
        visitor = await person(one.platform.database, one.platform.base_url, role)
        page = await visitor.see("/docs")
        assert ACCOUNT in page
        assert one.platform.base_url in page
        assert TOKEN not in page
        status, text, _ = await visitor.post("/docs")
        owns = role is Role.OWNER
        assert (status, TOKEN in text) == ((200, True) if owns else (403, False)), role


async def test_the_reference(one: Node) -> None:
    """Every operation of the description is in it, and leads to all that is told of it."""
    visitor = await person(one.platform.database, one.platform.base_url, Role.VIEWER)
    page = await visitor.see("/docs/api")
    async with aiohttp.ClientSession() as client, client.get(f"{one.base}/openapi.json") as answer:
        description = await answer.json()
    for path, verbs in description["paths"].items():
        assert f"<code>{path}</code>" in page, path
        for method, operation in verbs.items():
            at = f"/docs/api/{operation['operationId']}"
            assert f'href="/console{at}"' in page, (method, path)
            told = await visitor.see(at)
            assert f"{method.upper()}</span> <code>{path}</code>" in told
            for name in _names(operation):
                assert f"<code>{escape(name)}</code>" in told, (at, name)
    assert page.count("<details") >= sum(map(len, description["paths"].values()))


def _names(operation: dict[str, Any]) -> set[str]:
    """What can be said in a form, a body, a query or a path."""
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    posted = {name for body in bodies for name, _, _ in fields(body["schema"])}
    given = operation.get("parameters", ())
    return posted | {one.get("name") or one["$ref"].rpartition("/")[2] for one in given}


async def test_an_operation_that_is_none(one: Node) -> None:
    """It has no page."""
    visitor = await person(one.platform.database, one.platform.base_url, Role.VIEWER)
    status, text, _ = await visitor._ask("GET", "/docs/api/CreatePigeon", None)
    assert (status, "There is no such operation." in text) == (404, True)


async def test_the_reference_is_searched(one: Node) -> None:
    """All words must be found; what is alone is open at once."""
    visitor = await person(one.platform.database, one.platform.base_url, Role.VIEWER)
    page = await visitor.see("/docs/api?q=post+carriers+configuration")
    assert "/magpie/v1/Carriers" in page
    assert "Messages.json" not in page
    assert "<caption>Parameters</caption>" in page
    page = await visitor.see("/docs/api?q=%3Cscript%3E")
    assert "Nothing fits" in page
    assert 'value="&lt;script&gt;"' in page
