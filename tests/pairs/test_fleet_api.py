"""Links and routes by the API: made, changed, looked at, and taken away while messages go on."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.pairs.carrier_smpp import Smsc, accept, receipt_for
from tests.pairs.fleet_world import (
    ACCOUNT,
    PASSWORD,
    Node,
    centre,
    node,
    smpp,
    stored,
    texts,
    until,
)

from magpie.cli.entry import run
from magpie.cli.failed import Exit
from magpie.protocols import smpp as protocol
from magpie.settings import LoopbackSettings, RouteSettings, Secret, SmppSettings

CARRIERS, ROUTES = "/magpie/v1/Carriers", "/magpie/v1/Routes"
MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"Kind": "smpp", "Configuration": '{"host": "h"}'}, "missing required field `port`"),
    ({"Kind": "smpp", "Configuration": smpp(99999)}, "`int` <= 65535 - at `$.port`"),
    ({"Kind": "smpp", "Configuration": smpp(1, bind="rx")}, "allowed: trx, tx+rx"),
    ({"Kind": "smpp", "Configuration": smpp(1, pasword="x")}, "unknown field `pasword`"),
    ({"Kind": "smpp", "Configuration": smpp(1, password="toolongpw")}, "at most 8"),
    ({"Kind": "smpp", "Configuration": smpp(1, name="x")}, "name does not belong"),
    ({"Kind": "smpp", "Configuration": "[]"}, "must be a JSON object"),
    ({"Kind": "pigeon", "Configuration": "{}"}, "must be one of smpp, mm7"),
    ({"Kind": "loopback", "Name": "no blanks"}, "must have 1 to 64 letters"),
    ({"Kind": "smpp", "Configuration": smpp(1), "Status": "asleep"}, "must be one of active"),
]
NOWHERE: list[dict[str, str]] = [
    {"Carrier": "nobody"},
    {"Carrier": "acme", "Prefix": "1555"},
    {"Carrier": "acme", "Kinds": "fax"},
    {"Carrier": "acme", "Priority": "high"},
    {},
]


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[Smsc, int]]:
    async with centre() as made:
        yield made


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


async def test_a_link_is_made_and_carries_at_once(one: Node, smsc: tuple[Smsc, int]) -> None:
    """No restart: link, route, message."""
    centre_, port = smsc
    made = await one.link("acme", port)
    assert (made["origin"], made["kind"], made["status"]) == ("api", "smpp", "active")
    assert made["configuration"]["password"] == "***"
    await one.route("acme", Prefix="+1555", Kinds="sms")
    await one.reaches(await one.send("hello"), "sent")
    assert texts(centre_) == ["hello"]
    told = await one.carrier("acme")
    [here] = told["nodes"]
    assert (here["node"], here["state"], here["window"]) == ("one", "up", 10)
    assert here["counters"]["accepted"] == 1
    assert here["binds"][0]["state"] == "BOUND_TRX"
    assert told["links"]["trace"].endswith("/magpie/v1/Carriers/acme/Trace")


async def test_a_mistake_is_told_by_its_field(one: Node) -> None:
    """By the very checks of the file; a value that may be a secret is not repeated."""
    for form, says in MISTAKES:
        status, told = await one.ask("POST", CARRIERS, {"Name": "acme"} | form)
        assert (status, told["code"]) == (400, 20422)
        assert says in told["message"]
        assert PASSWORD not in str(told)
    assert (await one.ask("GET", f"{CARRIERS}/acme"))[0] == 404


async def test_a_change_keeps_what_it_does_not_say(one: Node, smsc: tuple[Smsc, int]) -> None:
    """What was shown hidden can be sent back; null takes away."""
    centre_, port = smsc
    await one.link("acme", port, window=5, system_type="SMPP")
    shown = (await one.carrier("acme"))["configuration"]
    changed = msgspec.json.encode(shown | {"window": 7, "system_type": None}).decode()
    told = await one.post(f"{CARRIERS}/acme", Configuration=changed)
    assert told["configuration"]["window"] == 7
    assert told["configuration"]["system_type"] == ""
    await until(lambda: len(centre_.binds) == 2)
    assert [getattr(bind, "password", "") for bind in centre_.binds] == [PASSWORD] * 2


async def test_a_name_is_taken_once(one: Node, smsc: tuple[Smsc, int]) -> None:
    """A second link of the name is a conflict."""
    await one.link("acme", smsc[1])
    form = {"Name": "acme", "Kind": "smpp", "Configuration": smpp(1)}
    status, told = await one.ask("POST", CARRIERS, form)
    assert (status, told["code"]) == (409, 20409)


async def test_what_the_file_says_is_listed_and_left(database_url: str, tmp_path: Path) -> None:
    """Read-only, but for pausing; its routes come first and cannot be changed either."""
    async with centre() as (centre_, port):
        link = SmppSettings(
            name="acme", host="127.0.0.1", port=port, system_id="m", password=Secret(PASSWORD)
        )
        routes = (RouteSettings(carrier="acme", prefix="+1"),)
        async with node(database_url, tmp_path, carriers=(link,), routes=routes) as one:
            await one.number()
            await one.state("acme", "up")
            told = await one.carrier("acme")
            assert (told["origin"], told["configuration"]["password"]) == ("file", "***")
            answers = [
                await one.ask("POST", f"{CARRIERS}/acme", {"Configuration": '{"window": 1}'}),
                await one.ask("DELETE", f"{CARRIERS}/acme"),
            ]
            later = await one.route("acme", Prefix="+12")
            [first, second] = (await one.get(ROUTES))["routes"]
            assert (first["origin"], second["sid"]) == ("file", later["sid"])
            answers += [
                await one.ask("POST", f"{ROUTES}/{first['sid']}", {"Priority": "3"}),
                await one.ask("DELETE", f"{ROUTES}/{first['sid']}"),
            ]
            assert [status for status, _ in answers] == [409] * 4
            assert "magpie.toml" in answers[0][1]["message"]
            paused = await one.post(f"{CARRIERS}/acme", Status="paused")
            assert paused["status"] == "paused"
            await one.send("hello")
            await asyncio.sleep(0.5)
            assert texts(centre_) == []


async def test_the_longest_prefix_then_the_priority(one: Node) -> None:
    """Changes of routes hold at once; the last one gone, nothing goes."""
    async with centre() as (near, near_port), centre() as (far, far_port):
        await one.link("near", near_port)
        await one.link("far", far_port)
        await one.route("far")
        route = await one.route("near", Prefix="+1555", Priority="9")
        await one.reaches(await one.send("a"), "sent")
        assert texts(near) == ["a"]
        await one.route("far", Prefix="+1555", Priority="5")
        await one.reaches(await one.send("b"), "sent")
        assert texts(far) == ["b"]
        await one.post(f"{ROUTES}/{route['sid']}", Priority="-1")
        await one.reaches(await one.send("c"), "sent")
        assert texts(near) == ["a", "c"]
        for known in (await one.get(ROUTES))["routes"]:
            assert (await one.ask("DELETE", f"{ROUTES}/{known['sid']}"))[0] == 204
        await one.reaches(await one.send("d"), "failed")


async def test_a_route_that_leads_nowhere_is_refused(one: Node) -> None:
    """Each with 20422, and nothing is kept."""
    created = {"Name": "acme", "Kind": "smpp", "Configuration": smpp(9)}
    await one.post(CARRIERS, **created)
    for form in NOWHERE:
        status, told = await one.ask("POST", ROUTES, form)
        assert (status, told["code"]) == (400, 20422)
    assert (await one.get(ROUTES))["routes"] == []


async def test_a_paused_link_stays_connected_and_gets_nothing(
    one: Node, smsc: tuple[Smsc, int]
) -> None:
    """Receipts still come; what waits goes when it is active again, with the reason told."""
    centre_, port = smsc
    await one.link("acme", port)
    await one.route("acme")
    before = await one.send("before")
    await one.reaches(before, "sent")
    await one.post(f"{CARRIERS}/acme", Status="paused")
    waiting = await one.send("waits")
    await until(lambda: _deferred(one, waiting, "acme is paused"))
    await centre_.deliver(receipt_for("id1", protocol.MessageState.DELIVERED))
    await one.reaches(before, "delivered")
    assert texts(centre_) == ["before"]
    await one.post(f"{CARRIERS}/acme", Status="active")
    await one.reaches(waiting, "sent")
    assert texts(centre_) == ["before", "waits"]
    assert len(centre_.binds) == 1


async def _deferred(one: Node, sid: str, why: str) -> bool:
    return any(hop["detail"].get("said") == why for hop in await one.hops(sid))


async def test_a_drained_link_finishes_and_hangs_up(one: Node, smsc: tuple[Smsc, int]) -> None:
    """An answer that is owed still counts; then it unbinds, and binds again when it may."""
    centre_, port = smsc
    owed: list[tuple[Any, protocol.SubmitSm, int]] = []
    centre_.answer = lambda pdu, number: owed.append((centre_.wires[0], pdu, number))
    await one.link("acme", port)
    await one.route("acme")
    sid = await one.send("under way")
    await until(lambda: owed)
    await one.post(f"{CARRIERS}/acme", Status="draining")
    later = await one.send("later")
    await asyncio.sleep(0.3)
    wire, pdu, number = owed[0]
    wire.send(accept(pdu, number))
    await one.reaches(sid, "sent")
    await until(lambda: not centre_.wires)
    await one.state("acme", "stopped")
    assert texts(centre_) == ["under way"]
    centre_.answer = accept
    await one.post(f"{CARRIERS}/acme", Status="active")
    await one.reaches(later, "sent")
    assert texts(centre_) == ["under way", "later"]


async def test_a_link_taken_away_is_gone(one: Node, smsc: tuple[Smsc, int]) -> None:
    """It unbinds; a message for its route finds none."""
    centre_, port = smsc
    await one.link("acme", port)
    await one.route("acme")
    assert (await one.ask("DELETE", f"{CARRIERS}/acme"))[0] == 204
    await until(lambda: not centre_.wires)
    assert (await one.ask("GET", f"{CARRIERS}/acme"))[0] == 404
    await one.reaches(await one.send("nowhere"), "failed")


async def test_only_the_operator_may(one: Node) -> None:
    """Not a subaccount, not a key of the main account; nobody without credentials."""
    sub = await one.post("/2010-04-01/Accounts.json", FriendlyName="customer")
    keys = f"/2010-04-01/Accounts/{ACCOUNT}/Keys.json"
    key = await one.post(keys, FriendlyName="ci")
    asked = [
        ("GET", CARRIERS),
        ("POST", CARRIERS),
        ("GET", f"{CARRIERS}/acme"),
        ("POST", f"{CARRIERS}/acme"),
        ("DELETE", f"{CARRIERS}/acme"),
        ("GET", f"{CARRIERS}/acme/Trace"),
        ("GET", f"{CARRIERS}/acme/ParkedReceipts"),
        ("GET", ROUTES),
        ("POST", ROUTES),
        ("GET", f"{ROUTES}/RT{'0' * 32}"),
        ("DELETE", f"{ROUTES}/RT{'0' * 32}"),
    ]
    form = {"Name": "acme", "Kind": "smpp", "Configuration": smpp(9), "Carrier": "acme"}
    for method, path in asked:
        for auth in ((sub["sid"], sub["auth_token"]), (key["sid"], key["secret"])):
            status, told = await one.ask(method, path, form, auth=auth)
            assert (status, told["code"]) == (403, 20403), (method, path)
    assert (await one.ask("GET", CARRIERS, auth=(ACCOUNT, "wrong" * 4)))[0] == 401


async def test_parked_receipts_are_listed_counted_and_matched(
    one: Node, smsc: tuple[Smsc, int]
) -> None:
    """One that overtook its answer counts in the end; one of nobody's message stays."""
    centre_, port = smsc
    await one.link("acme", port)
    await one.route("acme")
    for id_ in ("nobody1", "nobody2", "id1"):
        await centre_.deliver(receipt_for(id_, protocol.MessageState.DELIVERED))
    path = f"{CARRIERS}/acme/ParkedReceipts"
    found = (await one.get(path))["parked_receipts"]
    assert {parked["carrier_id"] for parked in found} == {"nobody1", "nobody2", "id1"}
    assert (await one.carrier("acme"))["parked_receipts"] == 3
    await one.reaches(await one.send("late"), "delivered")
    page = await one.get(f"{path}?PageSize=1")
    rest = await one.get(page["meta"]["next_page_url"].removeprefix(one.base))
    ids = [p["carrier_id"] for p in (*page["parked_receipts"], *rest["parked_receipts"])]
    assert sorted(ids) == ["nobody1", "nobody2"]
    assert (await one.carrier("acme"))["parked_receipts"] == 2


async def test_a_secret_is_nowhere(
    one: Node, smsc: tuple[Smsc, int], database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in answers, trace, logs or the store, where its link binds with it all the same."""
    centre_, port = smsc
    await one.link("acme", port)
    await one.post(f"{CARRIERS}/acme", Configuration='{"window": 3}', Status="active")
    await until(lambda: len(centre_.binds) == 2)
    centre_.bind_answers = iter([0x0E, 0x0E])
    await one.post(f"{CARRIERS}/acme", Configuration='{"window": 4}')
    await one.state("acme", "down")
    paths = (CARRIERS, f"{CARRIERS}/acme", f"{CARRIERS}/acme/Trace")
    told = [await one.get(path) for path in paths]
    logged = capfd.readouterr()
    everything = str(told) + logged.out + logged.err + await stored(database_url)
    for text in (PASSWORD, PASSWORD.encode().hex()):
        assert text not in everything
    assert "ESME_RINVPASWD" in str(told[1]["nodes"][0]["last_error"])


async def test_a_network_that_is_not_there(database_url: str, tmp_path: Path) -> None:
    """A node without the simulator has no loopback link: refused by the API, idle in the file."""
    async with node(database_url, tmp_path, carriers=(LoopbackSettings(name="play"),)) as one:
        told = await one.carrier("play")
        assert told["state"] == "broken"
        assert "no network of its kind" in told["nodes"][0]["last_error"]


async def test_links_from_the_terminal(
    one: Node, smsc: tuple[Smsc, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """List, look, pause and go on; a name that does not exist is not found."""

    async def magpie(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["carriers", *arguments, "--data", str(tmp_path)])
        return code, capsys.readouterr().out

    (await one.platform.card(os.getpid())).write(tmp_path)
    await one.link("acme", smsc[1])
    capsys.readouterr()
    code, listed = await magpie("ls")
    assert (code, listed.splitlines()[1].split()[:5]) == (
        0,
        ["acme", "smpp", "api", "active", "up"],
    )
    shown = (await magpie("show", "acme"))[1]
    assert "bind: BOUND_TRX" in shown
    assert PASSWORD not in shown
    assert "  tls: false\n" in shown
    assert "None" not in shown
    assert (await magpie("pause", "acme", "--drain"))[1].endswith("acme is draining\n")
    assert (await magpie("pause", "acme"))[1].endswith("acme is paused\n")
    assert (await magpie("resume", "acme"))[1].endswith("acme is active\n")
    await one.state("acme", "up")
    capsys.readouterr()
    assert "-> BindTransceiver 1 ESME_ROK" in (await magpie("trace", "acme", "--hex"))[1]
    assert msgspec.json.decode((await magpie("trace", "acme", "-o", "json"))[1])
    assert (await magpie("show", "nobody"))[0] == Exit.NOT_FOUND


async def test_all_is_there_after_a_restart(
    database_url: str, tmp_path: Path, smsc: tuple[Smsc, int]
) -> None:
    """Links, their secrets, routes, and what is paused."""
    centre_, port = smsc
    async with node(database_url, tmp_path) as before:
        await before.number()
        await before.link("acme", port)
        await before.link("other", port)
        await before.route("acme", Prefix="+1")
        await before.post(f"{CARRIERS}/other", Status="paused")
    assert not centre_.wires
    async with node(database_url, tmp_path) as after:
        await after.state("acme", "up")
        assert (await after.carrier("other"))["status"] == "paused"
        await after.reaches(await after.send("again"), "sent")
    assert texts(centre_) == ["again"]
    assert {getattr(bind, "password", "") for bind in centre_.binds} == {PASSWORD}


async def test_another_key_breaks_links_and_nothing_else(
    database_url: str, tmp_path: Path, smsc: tuple[Smsc, int]
) -> None:
    """A configuration that does not open says so; set anew it works."""
    _, port = smsc
    async with node(database_url, tmp_path) as before:
        await before.link("acme", port)
        async with before.platform.database.transaction() as connection:
            await connection.execute("update carriers set configuration = '\\x01'::bytea")
            await connection.execute("update carrier_changes set number = number + 1")
        await before.state("acme", "broken")
        told = await before.carrier("acme")
        assert "sealed with another key" in told["nodes"][0]["last_error"]
        await before.post(f"{CARRIERS}/acme", Configuration=smpp(port))
        await before.state("acme", "up")
