"""The pages of webhooks and errors over real HTTP: who may see and do what, and nothing runs."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from tests.pairs.webhooks_world import PHONE, Answer, World, until
from tests.pairs.webhooks_world import world as webhooks_world

from magpie.alerts import store as alerts
from magpie.alerts.groups import Span
from magpie.console.visitor import Visitor
from magpie.errors import CATALOGUE
from magpie.kit import clock
from magpie.messages.failures import store as failures
from magpie.users import actions
from magpie.users.model import Role

EVIL = "<script>alert(1)</script>"


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with webhooks_world(database_url, tmp_path) as made:
        yield made


async def visitor(world: World, role: Role) -> tuple[str, str]:
    user = await actions.add(world.platform.database, f"{role.name}-{clock.uuid7()}", role)
    session, secret = await actions.begin(world.platform.database, user, "127.0.0.1", "test")
    return secret, Visitor(user, session, secret).csrf


async def ask(
    world: World, path: str, cookie: str = "", form: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Status, text, and where it leads."""
    base = world.platform.base_url
    async with (
        aiohttp.ClientSession(cookies={"magpie_session": cookie} if cookie else None) as client,
        client.request(
            "GET" if form is None else "POST",
            f"{base}/console{path}",
            data=form,
            headers={"Origin": base},
            allow_redirects=False,
        ) as answer,
    ):
        return answer.status, await answer.text(), answer.headers.get("Location", "")


async def heard(world: World) -> str:
    """The SID of a call that a phone has caused."""
    world.answers["/sms"] = Answer(body=f"<Response><Message>{EVIL[8:]}".encode())
    await world.listen_at("/sms")
    await world.say(EVIL)
    await until(lambda: world.heard)
    while not (found := await world.webhooks(Event="inbound")):
        pass
    return str(found[0]["sid"])


async def test_what_is_shown_is_text(world: World) -> None:
    """Neither what a phone said nor what a server answered becomes a part of the page."""
    sid = await heard(world)
    cookie, _ = await visitor(world, Role.VIEWER)
    for path in ("/webhooks", f"/webhooks/{sid}", "/webhooks?failed=false&event=inbound"):
        status, text, _ = await ask(world, path, cookie)
        assert (status, sid in text, "<script>alert" in text) == (200, True, False), path
    _, text, _ = await ask(world, f"/webhooks/{sid}", cookie)
    assert "&lt;script&gt;alert(1)" in text
    assert "12100" in text
    assert "What was sent is what your auth token gives now." in text
    assert world.auth[1] not in text
    assert "Edit and replay" not in text


async def test_who_may_replay(world: World) -> None:
    """An operator may call again, as it was or edited; an agent may only look."""
    sid = await heard(world)
    agent, csrf = await visitor(world, Role.AGENT)
    assert (await ask(world, f"/webhooks/{sid}/replay", agent, {"csrf": csrf}))[0] == 403
    cookie, csrf = await visitor(world, Role.OPERATOR)
    status, _, where = await ask(world, f"/webhooks/{sid}/replay", cookie, {"csrf": csrf})
    assert (status, "note=Called+again" in where) == (303, True)
    assert world.heard[-1].body == world.heard[0].body
    form = {"csrf": csrf, "edited": "1", "name": "Body", "value": "a\r\nb", "url": ""}
    assert (await ask(world, f"/webhooks/{sid}/replay", cookie, form))[0] == 303
    assert world.heard[-1].params == [("Body", "a\nb")]
    form |= {"url": "javascript:alert(1)"}
    assert (await ask(world, f"/webhooks/{sid}/replay", cookie, form))[0] == 400


async def test_a_check_is_explained(world: World) -> None:
    """Whoever gives what his program computes is told which mistake it was."""
    sid = await heard(world)
    cookie, _ = await visitor(world, Role.VIEWER)
    _, text, _ = await ask(world, f"/webhooks/{sid}", cookie)
    rows = re.findall(r"Mistake\">([^<]+)<.*?<code>([^<]+)</code>", text, re.DOTALL)
    assert len(rows) > 5
    name, signature = rows[0]
    _, text, _ = await ask(
        world, f"/webhooks/{sid}?computed={signature.replace('+', '%2B')}", cookie
    )
    assert f"<b>{name}.</b>" in text


async def test_what_is_not_there(world: World) -> None:
    """A SID that is none, or of a call that is forgotten, leads to a page that says so."""
    cookie, _ = await visitor(world, Role.VIEWER)
    for sid in ("WA" + "0" * 32, "WAx", "SM" + "0" * 32):
        assert (await ask(world, f"/webhooks/{sid}", cookie))[0] == 404
    assert (await ask(world, "/webhooks?message=x", cookie))[0] == 400
    assert (await ask(world, "/webhooks/new?after=x", cookie))[1] == "0"


async def test_errors_are_grouped(world: World) -> None:
    """What failed is counted by code, with the phones that it hit, over the span."""
    world.answers["/bad"] = Answer(500)
    await world.send(f"{world.there}/bad")
    await world.platform.database.execute(
        "update messages set error_code = 30005, status = 'undelivered'"
    )
    now = clock.now() + timedelta(seconds=1)
    span = Span(now - timedelta(hours=1), now, bins=4)
    account, database = world.auth[0], world.platform.database
    [group] = await failures.groups(database, account, span)
    assert (group.code, group.counts, group.affected) == (30005, (0, 0, 0, 1), 1)
    assert await failures.numbers(database, account, 30005, span.since) == [(PHONE, 1)]
    [told] = await alerts.groups(database, account, span)
    assert (told.code, told.count) == (11200, 3)
    assert len(await alerts.of_code(database, account, 11200, span.since)) == 3
    for store in (failures, alerts):
        assert await store.groups(database, "AC" + "0" * 32, span) == []
    cookie, _ = await visitor(world, Role.VIEWER)
    _, text, _ = await ask(world, "/errors?span=1h", cookie)
    assert re.findall(r'id="code-(\d+)"', text) == ["11200", "30005"]
    _, text, _ = await ask(world, "/errors/30005", cookie)
    assert "error%3A30005" in text
    assert "1 time in the last 24h" in text


async def test_error_pages_are_open(world: World) -> None:
    """Every code has a page for whoever follows a link of the API, and it tells of no account."""
    await world.send("http://127.0.0.1:1/x")
    for code in CATALOGUE:
        status, text, _ = await ask(world, f"/errors/{code}")
        assert (status, f"Error {code}" in text) == (200, True)
    _, text, _ = await ask(world, "/errors/11202")
    assert "127.0.0.1" not in text
    assert "What to do" in text
    assert (await ask(world, "/errors/1"))[0] == 404
    for closed in ("/errors", "/webhooks", "/errors/30005/x"):
        assert (await ask(world, closed))[2].startswith("/console/sign-in")
