"""The request by which a message came is kept as it came, shown, and erased with its text."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest
from tests.pairs.console_visitor import Person, person
from tests.pairs.webhooks_world import OWN, PHONE, World, another
from tests.pairs.webhooks_world import world as webhooks_world

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.messages.raw import store
from magpie.users.model import Role


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with webhooks_world(database_url, tmp_path) as made:
        yield made


def at(world: World, sid: str = "") -> str:
    return f"/2010-04-01/Accounts/{world.auth[0]}/Messages{'/' if sid else ''}{sid}.json"


async def send(world: World, body: bytes | aiohttp.FormData, **headers: str) -> str:
    """As a program would, that writes its own request."""
    headers["Authorization"] = aiohttp.encode_basic_auth(*world.auth)
    if isinstance(body, bytes):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    url = f"{world.platform.base_url}{at(world)}?from=test"
    async with (
        aiohttp.ClientSession() as client,
        client.post(url, data=body, headers=headers) as answer,
    ):
        told = await answer.json()
        assert answer.status == 201, told
        sid: str = told["sid"]
        return sid


async def delivered(world: World, sid: str) -> None:
    async with asyncio.timeout(20):
        while (await world.ask("GET", at(world, sid)))[1]["status"] != "delivered":
            await asyncio.sleep(0.02)


async def page(world: World, sid: str) -> str:
    who = await person(world.platform.database, world.platform.base_url, Role.VIEWER)
    return unescape(await section(who, sid))


async def section(who: Person, sid: str) -> str:
    found = (await who.see(f"/messages/{sid}")).partition('id="request"')[2]
    return found.partition("</section>")[0]


FORM = f"To=%2B{PHONE[1:]}&From=%2B{OWN[1:]}&Body=%C3%A9+%26&Bodi=oops".encode()
NAMED = {"Idempotency-Key": "k1"}


async def test_a_call_is_told_as_it_came(world: World) -> None:
    """Its line, its headers without the secret, its octets, and whose it was."""
    sid = await send(world, FORM, **NAMED)
    status, told = await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request")
    assert (status, told["door"], told["by"]) == (200, "api", world.auth[0])
    assert (told["method"], told["target"]) == ("POST", f"{at(world)}?from=test")
    assert (told["body"], told["size"]) == (FORM.decode(), len(FORM))
    assert told["address"] == "127.0.0.1"
    headers = dict(told["headers"])
    assert headers["authorization"] == f"Basic {world.auth[0]}:********"
    assert headers["idempotency-key"] == "k1"
    assert world.auth[1] not in str(told)


async def test_the_page_shows_it(world: World) -> None:
    """As parameters and raw, with what was ignored, and nothing that is secret."""
    shown = await page(world, await send(world, FORM, **NAMED))
    assert "Bodi</b> is no parameter of this call" in shown
    assert re.findall(r"<tr><td>(\w+)</td><td>([^<]*)</td></tr>", shown)[:4] == [
        ("To", PHONE),
        ("From", OWN),
        ("Body", "\u00e9 &"),
        ("Bodi", "oops"),
    ]
    assert f"POST {at(world)}?from=test" in shown
    assert FORM.decode() in shown
    assert world.auth[1] not in shown


async def test_passwords_are_masked(world: World) -> None:
    """Those of URLs on the whole page, and in what is kept."""
    url = world.there.replace("://", "://me:pass4711@")
    sid = await send(world, FORM + f"&{urlencode({'StatusCallback': url})}".encode())
    await delivered(world, sid)
    assert world.heard
    who = await person(world.platform.database, world.platform.base_url, Role.VIEWER)
    assert "4711" not in unescape(await who.see(f"/messages/{sid}"))
    _, told = await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request")
    assert "me%3A********%40127.0.0.1" in told["body"]


async def test_the_second_call_with_a_token_changes_nothing(world: World) -> None:
    """What is shown is the call that made the message."""
    first = await send(world, FORM, **NAMED)
    assert await send(world, FORM, **NAMED, **{"X-Second": "yes"}) == first
    _, told = await world.ask("GET", f"/magpie/v1/Messages/{first}/Request")
    assert "x-second" not in dict(told["headers"])


async def test_files_are_not_kept_twice(world: World) -> None:
    """A multipart form is there without the content of its files."""
    form = aiohttp.FormData({"To": PHONE, "From": OWN, "Body": "hi"})
    picture = (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    )
    picture += b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    form.add_field("Media", picture, filename="a.gif", content_type="image/gif")
    sid = await send(world, form)
    _, told = await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request")
    assert f"({len(picture)} bytes)" in told["body"]
    assert "GIF89a" not in told["body"]
    shown = await page(world, sid)
    assert f"<td>Media</td><td>a.gif ({len(picture)} bytes)" in shown
    assert "is no parameter" not in shown


async def test_of_the_console(world: World) -> None:
    """Its call of the API stands for it, with who sat before it."""
    who = await person(world.platform.database, world.platform.base_url, Role.AGENT)
    status, _, where = await who.post("/send", To=PHONE, From=OWN, Body="a b")
    assert status == 303
    sid = where.partition("?")[0].rpartition("/")[2]
    _, told = await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request")
    assert (told["door"], told["headers"]) == ("console", [])
    assert parse_qsl(told["body"]) == [("To", PHONE), ("From", OWN), ("Body", "a b")]
    assert f"The console made this call of the API for <b>{told['by']}</b>" in await page(
        world, sid
    )


async def test_what_is_erased(world: World) -> None:
    """With a message its request goes; redacting takes it, too: it holds the text."""
    database: Database = world.platform.database
    sids = [await send(world, FORM), await send(world, FORM)]
    for sid in sids:
        await delivered(world, sid)
    assert await database.fetchval("select count(*) from raw_requests") == 2
    await world.ask("DELETE", at(world, sids[0]))
    await world.ask("POST", at(world, sids[1]), Body="")
    assert await database.fetchval("select count(*) from raw_requests") == 0
    assert "It is not kept" in await page(world, sids[1])
    for sid in sids:
        assert (await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request"))[0] == 404


async def test_what_is_old(world: World) -> None:
    """After its time it is forgotten; the message stays."""
    sid = await send(world, FORM)
    database: Database = world.platform.database
    assert await store.prune(database, clock.now() - timedelta(minutes=1)) == 0
    assert await store.prune(database, clock.now() + timedelta(seconds=1)) == 1
    assert (await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request"))[0] == 404
    assert (await world.ask("GET", at(world, sid)))[0] == 200


async def test_of_another_account(world: World) -> None:
    """Nobody sees what somebody else asked for."""
    sid = await send(world, FORM)
    other = await another(world)
    status, told = await world.ask_as(other, "GET", f"/magpie/v1/Messages/{sid}/Request")
    assert (status, told["code"]) == (404, 20404)


async def test_a_reply_had_none(world: World) -> None:
    """The answer to STOP was asked for by no program, and its page says so."""
    await world.say("STOP")
    listed: list[dict[str, str]] = []
    async with asyncio.timeout(20):
        while len(listed) < 2:
            listed = (await world.ask("GET", at(world)))[1]["messages"]
    sids = {one["direction"]: one["sid"] for one in listed}
    assert "There was none" in await page(world, sids["outbound-reply"])
    assert await page(world, sids["inbound"]) == ""


async def test_none_is_kept(database_url: str, tmp_path: Path) -> None:
    """By the setting."""
    async with webhooks_world(database_url, tmp_path, request_log="none") as world:
        sid = await send(world, FORM)
        assert (await world.ask("GET", f"/magpie/v1/Messages/{sid}/Request"))[0] == 404
        assert "It is not kept" in await page(world, sid)
