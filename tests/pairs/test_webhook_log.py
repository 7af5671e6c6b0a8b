"""The log of webhooks on a platform at work: what is kept, and what comes of a replay."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.pairs.webhooks_world import OWN, Answer, World, another, until
from tests.pairs.webhooks_world import world as webhooks_world
from twilio.request_validator import RequestValidator

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.webhooks.log import store

AT = "/magpie/v1/Webhooks"


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with webhooks_world(database_url, tmp_path) as made:
        yield made


async def test_status_callbacks_are_kept_whole(world: World) -> None:
    """Each callback is a row: what was asked, what was answered, and how it went."""
    world.answers["/ok"] = Answer(body=b'{"thanks": true}', kind="application/json")
    sid = await world.send(f"{world.there}/ok?a=b")
    listed = await world.webhooks(MessageSid=sid)
    assert [one["event"] for one in listed] == ["delivered", "sent", "sending"]
    assert {(one["url"], one["status"], one["error_code"]) for one in listed} == {
        (f"{world.there}/ok", 200, None)
    }
    assert "request" not in listed[0]
    _, whole = await world.ask("GET", f"{AT}/{listed[0]['sid']}")
    heard = world.heard[-1]
    assert whole["request"]["url"] == f"{world.there}/ok?a=b"
    assert [tuple(pair) for pair in whole["request"]["params"]] == heard.params
    assert whole["request"]["headers"].items() <= dict(heard.headers).items()
    assert whole["response"]["body"] == '{"thanks": true}'
    assert ["Content-Type", "application/json"] in whole["response"]["headers"]


async def test_failures_are_found(world: World) -> None:
    """A server that errs, one that is away, and the retry that its URL asked for."""
    world.answers["/bad"] = Answer(500, b"oops", "text/plain")
    bad = await world.send(f"{world.there}/bad#rc=2&rp=5xx")
    away = await world.send("http://127.0.0.1:1/away")
    assert {one["message_sid"] for one in await world.webhooks(Failed="true")} == {bad, away}
    assert await world.webhooks(Failed="false") == []
    tries = await world.webhooks(MessageSid=bad, Event="sent")
    assert [(one["attempt"], one["attempts"], one["status"]) for one in tries] == [
        (3, 3, 500),
        (2, 3, 500),
        (1, 3, 500),
    ]
    assert [one["next_try_at"] is not None for one in tries] == [False, True, True]
    assert len({one["idempotency_token"] for one in tries}) == 1
    gone = await world.webhooks(Url="http://127.0.0.1:1/")
    assert {(one["status"], one["failure"], one["error_code"]) for one in gone} == {
        (None, "refused", 11202)
    }


async def test_too_much_is_kept_too(world: World) -> None:
    """A document of over 64 kB is a failure, and still to be seen."""
    world.answers["/sms"] = Answer(body=b"<Response>" + b" " * 70_000 + b"</Response>")
    await world.listen_at("/sms")
    await world.say("Hi")
    await until(lambda: world.heard)
    found = []
    while not (found := await world.webhooks(Event="inbound")):
        pass
    assert (found[0]["error_code"], found[0]["size"]) == (11750, 70_021)


async def test_a_replay_is_the_same(world: World) -> None:
    """It is called again with the same body, signed, marked, and changes no message."""
    world.answers["/sms"] = Answer(body=b"<Response><Message>Thanks</Message></Response>")
    await world.listen_at("/sms")
    await world.say("Hi")
    await until(lambda: world.heard)
    while not (found := await world.webhooks(Event="inbound")):
        pass
    before = await world.platform.database.fetchval("select count(*) from messages")
    status, replay = await world.ask("POST", f"{AT}/{found[0]['sid']}/Replay")
    assert (status, replay["status"], replay["replay_of"]) == (201, 200, found[0]["sid"])
    first, second = (one for one in world.heard if one.path == "/sms")
    assert first.body == second.body
    assert second.headers["X-Magpie-Replay"] == found[0]["sid"]
    assert "X-Magpie-Replay" not in first.headers
    same = {"X-Twilio-Signature", "I-Twilio-Idempotency-Token", "Content-Type", "User-Agent"}
    assert {first.headers[name] for name in same} == {second.headers[name] for name in same}
    assert await world.platform.database.fetchval("select count(*) from messages") == before


async def test_a_replay_elsewhere_and_edited(world: World) -> None:
    """Another URL and other parameters are signed as what they are."""
    sid = await world.send(f"{world.there}/ok")
    [first, *_] = await world.webhooks(MessageSid=sid)
    there = f"{world.there}/new?x=1"
    params = '{"Body": "", "From": "+1", "Text": "\u00e4"}'
    status, replay = await world.ask(
        "POST", f"{AT}/{first['sid']}/Replay", Url=there, Parameters=params
    )
    assert (status, replay["url"], replay["message_sid"]) == (201, f"{world.there}/new", sid)
    heard = world.heard[-1]
    assert heard.params == [("Body", ""), ("From", "+1"), ("Text", "\u00e4")]
    official = RequestValidator(world.auth[1])
    assert official.validate(there, dict(heard.params), heard.headers["X-Twilio-Signature"])


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"Url": "ftp://h.example"}, 11100),
        ({"Parameters": "[]"}, 20422),
        ({"Parameters": '{"a": 1}'}, 20422),
    ],
)
async def test_what_cannot_be_replayed(world: World, form: dict[str, str], code: int) -> None:
    """A wrong parameter is told by its number, and nobody is called."""
    sid = await world.send(f"{world.there}/ok")
    [first, *_] = await world.webhooks(MessageSid=sid)
    count = len(world.heard)
    status, told = await world.ask("POST", f"{AT}/{first['sid']}/Replay", **form)
    assert (status, told["code"], len(world.heard)) == (400, code, count)


async def test_of_another_account(world: World) -> None:
    """Nobody sees or replays what was told to somebody else."""
    sid = await world.send(f"{world.there}/ok")
    [first, *_] = await world.webhooks(MessageSid=sid)
    other = await another(world)
    assert (await world.ask_as(other, "GET", AT))[1]["webhooks"] == []
    for method, path in (("GET", ""), ("POST", "/Replay")):
        status, told = await world.ask_as(other, method, f"{AT}/{first['sid']}{path}")
        assert (status, told["code"]) == (404, 20404)


async def test_pages(world: World) -> None:
    """Lists lead on and back, and from a try that is known to those that came after it."""
    await world.send(f"{world.there}/ok")
    every = await world.webhooks()
    _, first = await world.ask("GET", AT, PageSize="2")
    _, second = await world.ask("GET", first["meta"]["next_page_url"].partition("127.0.0.1")[2][6:])
    assert [one["sid"] for one in first["webhooks"] + second["webhooks"]] == [
        one["sid"] for one in every
    ]
    newer = await world.webhooks(PageToken=f"PB{every[-1]['sid']}")
    assert newer == every[:-1]


async def test_what_is_erased(world: World) -> None:
    """With a message its callbacks go; redacting takes them, too: they hold its text."""
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages"
    deleted, redacted = await world.send(f"{world.there}/ok"), await world.send(f"{world.there}/ok")
    await world.ask("DELETE", f"{at}/{deleted}.json")
    await world.ask("POST", f"{at}/{redacted}.json", Body="")
    assert await world.webhooks() == []


async def test_what_is_old(world: World) -> None:
    """After its time each account's log is forgotten, the rest stays."""
    await world.send(f"{world.there}/ok")
    database: Database = world.platform.database
    assert await store.prune(database, clock.now() - timedelta(minutes=1)) == 0
    await database.execute(
        """insert into webhook_log
        select 'AC' || n, id, message_id, event, endpoint, code, ms, exchange, answer
        from webhook_log, generate_series(1, 3) n"""
    )
    soon = clock.now() + timedelta(seconds=1)
    assert await store.prune(database, soon, most=5) == 5
    assert await store.prune(database, soon) == 7
    assert await store.prune(database, soon) == 0
    assert await database.fetchval("select count(*) from webhook_log") == 0


async def test_endpoints(world: World) -> None:
    """Each endpoint's last hour: calls, how many went well, and how long they took."""
    world.answers["/bad"] = Answer(500)
    await world.send(f"{world.there}/ok?n=1")
    await world.send(f"{world.there}/bad")
    ok, bad = sorted(
        await store.endpoints(world.platform.database, world.auth[0], clock.now()),
        key=lambda one: -one.good,
    )
    assert (ok.url, ok.calls, ok.good) == (f"{world.there}/ok", 3, 3)
    assert (bad.url, bad.calls, bad.good) == (f"{world.there}/bad", 3, 0)
    assert ok.p95 > 0
    assert OWN not in ok.url


@pytest.mark.parametrize(("keep", "events"), [("failed", {"/bad"}), ("none", set())])
async def test_less_is_kept(database_url: str, tmp_path: Path, keep: str, events: set[str]) -> None:
    """By the setting only failures are kept, or nothing."""
    async with webhooks_world(database_url, tmp_path, webhook_log=keep) as world:
        world.answers["/bad"] = Answer(500)
        at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
        for path in ("/ok", "/bad"):
            form = {"From": OWN, "To": "+15558675310", "Body": "x"}
            await world.ask("POST", at, StatusCallback=f"{world.there}{path}", **form)
        hops = "select count(*) from timeline where hop = 'webhook'"
        while await world.platform.database.fetchval(hops) < 6:
            await asyncio.sleep(0.02)
        found = {one["url"].removeprefix(world.there) for one in await world.webhooks()}
        assert found == events
