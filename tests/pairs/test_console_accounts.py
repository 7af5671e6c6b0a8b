"""Accounts and keys in the console: made, stopped and taken back by owners alone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.console_visitor import person
from tests.pairs.fleet_world import ACCOUNT, TOKEN, Node, node

from magpie.users.model import Role

AT = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        yield made


async def test_a_key_from_its_making_to_its_end(one: Node) -> None:
    """Its secret is shown once and opens the API until the key is revoked."""
    owner = await person(one.platform.database, one.platform.base_url, Role.OWNER)
    status, text, _ = await owner.post("/people/keys", name="nightly")
    shown = re.search(r'data-text="(SK[0-9a-f]{32}):([^"]+)"', text)
    assert status == 200
    assert shown is not None
    sid, secret = shown.groups()
    page = await owner.see("/people")
    assert (sid in page, secret in page) == (True, False)
    assert (await one.ask("GET", AT, auth=(sid, secret)))[0] == 200
    assert (await owner.post(f"/people/keys/{sid}/revoke"))[0] == 303
    assert (await one.ask("GET", AT, auth=(sid, secret)))[0] == 401
    assert (await owner.post(f"/people/keys/{sid}/revoke"))[0] == 404


async def test_a_subaccount_is_suspended_and_let_on(one: Node) -> None:
    """The API says so, too; the main account cannot be stopped here."""
    owner = await person(one.platform.database, one.platform.base_url, Role.OWNER)
    assert (await owner.post("/people/accounts", name="Branch"))[0] == 303
    listed = await one.get("/2010-04-01/Accounts.json?FriendlyName=Branch")
    [branch] = listed["accounts"]
    at = f"/people/accounts/{branch['sid']}"
    for status in ("suspended", "active"):
        assert (await owner.post(at, status=status))[0] == 303
        told = await one.get(f"/2010-04-01/Accounts/{branch['sid']}.json")
        assert told["status"] == status
    assert (await owner.post(f"/people/accounts/{ACCOUNT}", status="suspended"))[0] == 400


async def test_what_changes_nothing_is_not_in_the_book(one: Node) -> None:
    """What is being written is asked about at every key; only what is done is told of."""
    owner = await person(one.platform.database, one.platform.base_url, Role.OWNER)
    form = {"To": "+15558675310", "From": "+15017122661", "Body": "Hi"}
    assert (await owner.post("/send/preview", **form))[0] == 200
    assert await one.platform.database.fetch("select action from audit") == []
    assert (await owner.post("/people/accounts", name="Branch"))[0] == 303
    rows = await one.platform.database.fetch("select action from audit")
    assert [row[0] for row in rows] == ["POST /console/people/accounts"]


async def test_the_auth_token_is_shown_when_asked_for(one: Node) -> None:
    """Not before; and the asking is in the audit book, without the token."""
    owner = await person(one.platform.database, one.platform.base_url, Role.OWNER)
    assert TOKEN not in await owner.see("/people")
    assert TOKEN in (await owner.post("/people/token"))[1]
    rows = await one.platform.database.fetch("select action, detail::text from audit")
    assert [row[0] for row in rows] == ["POST /console/people/token"]
    assert TOKEN not in rows[0][1]


async def test_nobody_else_comes_near(one: Node) -> None:
    """An operator neither sees the page nor makes a key."""
    operator = await person(one.platform.database, one.platform.base_url, Role.OPERATOR)
    for path in ("/people/keys", "/people/token", "/people/accounts", "/people/users"):
        assert (await operator.post(path, name="x"))[0] == 403, path
