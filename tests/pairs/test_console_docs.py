"""Docs in the console: one's own keys in the programs, and a reference that can be searched."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.console_visitor import person
from tests.pairs.fleet_world import ACCOUNT, TOKEN, Node, node

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
    """Every operation is in it, and all words of a search must be found."""
    visitor = await person(one.platform.database, one.platform.base_url, Role.VIEWER)
    page = await visitor.see("/docs/api")
    for path in (
        "/2010-04-01/Accounts/{AccountSid}/Messages.json",
        "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json",
        "/messaging/v1/Services/{Sid}",
        "/magpie/v1/Carriers/{Name}/Trace",
    ):
        assert f"<code>{path}</code>" in page, path
    assert "<b>Carrier</b>" in page
    page = await visitor.see("/docs/api?q=post+carriers+configuration")
    assert "/magpie/v1/Carriers" in page
    assert "Messages.json" not in page
    page = await visitor.see("/docs/api?q=%3Cscript%3E")
    assert "Nothing fits" in page
    assert 'value="&lt;script&gt;"' in page
