"""Two links for the same numbers: what one cannot do the other does, and never twice."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.pairs.carrier_smpp import LONG, Smsc, Wire, accept, refuse, silent
from tests.pairs.fleet_world import JSON, Node, centre, node, smpp, texts, until

from magpie.kit import clock
from magpie.protocols import smpp as protocol
from magpie.protocols.smpp import Status
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import Rates

CARRIERS = "/magpie/v1/Carriers"
MANY = 60
SECONDS = 30.0


class Pair:
    """The first link has the better priority."""

    def __init__(self, one: Node, first: Smsc, second: Smsc, port: int) -> None:
        self.one, self.first, self.second, self.port = one, first, second, port

    async def send(self, count: int, pause: float = 0.0) -> list[str]:
        sids = []
        for number in range(count):
            sids.append(await self.one.send(f"text {number}"))
            await asyncio.sleep(pause)
        return sids

    async def all_sent(self, sids: list[str]) -> None:
        async with asyncio.timeout(SECONDS):
            for sid in sids:
                await self.one.reaches(sid, "sent")

    async def hop(self, sid: str, name: str) -> list[JSON]:
        return [hop["detail"] for hop in await self.one.hops(sid) if hop["hop"] == name]


@pytest.fixture
async def pair(database_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    async with (
        node(database_url, tmp_path) as one,
        centre() as (first, port),
        centre() as (second, other),
    ):
        await one.number()
        await one.link("first", port, window=50)
        await one.link("second", other, window=50)
        await one.route("first", Priority="1")
        await one.route("second", Priority="2")
        yield Pair(one, first, second, port)


@pytest.mark.parametrize("status", [Status.RSYSERR, Status.RTHROTTLED, Status.RINVSERTYP])
async def test_what_one_refuses_another_takes(pair: Pair, status: int) -> None:
    """Each text arrives there once, whether the first has a fault, too much, or is set up wrong."""
    pair.first.answer = refuse(status)
    sids = await pair.send(MANY)
    await pair.all_sent(sids)
    assert sorted(texts(pair.second)) == sorted(f"text {n}" for n in range(MANY))
    [here] = (await pair.one.carrier("first"))["nodes"]
    assert sum(here["counters"]["refusals"].values()) == here["counters"]["refused"]
    tried = await pair.hop(sids[0], "submitting")
    assert tried[-1]["carrier"] == "second"
    assert "first" in tried[-1]["passed_over"]


async def test_what_is_wrong_itself_is_wrong_everywhere(pair: Pair) -> None:
    """A number that does not exist is not tried elsewhere."""
    pair.first.answer = refuse(Status.RINVDSTADR)
    await pair.one.reaches((await pair.send(1))[0], "failed")
    assert texts(pair.second) == []


async def test_a_link_that_stops_under_load(pair: Pair) -> None:
    """What it may have taken stays with it until it is back; all else goes the other way."""
    pair.first.answer = lambda pdu, n: accept(pdu, n) if n <= MANY // 3 else None
    sending = asyncio.create_task(pair.send(MANY, 0.002))
    await until(lambda: len(pair.first.submits) >= MANY // 3 + 10)
    await pair.first.close()
    seen = set(texts(pair.first))
    sids = await sending
    await until(lambda: len(pair.second.submits) >= MANY - len(seen))
    again = Smsc()
    loop = asyncio.get_running_loop()
    again.server = await loop.create_server(lambda: Wire(again), "127.0.0.1", pair.port)
    await pair.all_sent(sids)
    taken = texts(pair.first)[: MANY // 3] + texts(pair.second) + texts(again)
    assert sorted(taken) == sorted(f"text {n}" for n in range(MANY))
    assert not set(texts(pair.second)) & (seen | set(texts(again)))
    await again.close()


async def test_an_unknown_outcome_stays_with_its_carrier(pair: Pair) -> None:
    """It is resent there as the policy says, marked, and never by another."""
    await pair.one.post(f"{CARRIERS}/first", Configuration='{"response_timeout": 0.5}')
    await pair.one.state("first", "up")
    pair.first.answer = silent
    [sid] = await pair.send(1)
    await until(lambda: len(pair.first.submits) == 2)
    await until(lambda: _unknowns(pair, sid, 2))
    assert texts(pair.second) == []
    tried = await pair.hop(sid, "submitting")
    assert [one.get("possible_duplicate", False) for one in tried] == [False, True]


async def _unknowns(pair: Pair, sid: str, count: int) -> bool:
    return len(await pair.hop(sid, "unknown")) == count


async def test_half_a_text_stays_with_its_carrier(pair: Pair) -> None:
    """Its parts cannot be put together from two networks."""
    pair.first.answer = lambda p, n: protocol.reply(p, Status.RSYSERR) if n == 2 else accept(p, n)
    sid = await pair.one.send(LONG)
    await pair.one.reaches(sid, "sent")
    assert pair.second.submits == []
    assert len(pair.first.submits) == 4


async def test_a_paused_link_is_passed_over(pair: Pair) -> None:
    """At once, without a try; and used again as soon as it is active."""
    await pair.one.post(f"{CARRIERS}/first", Status="paused")
    [sid] = await pair.send(1)
    await pair.one.reaches(sid, "sent")
    [tried] = await pair.hop(sid, "submitting")
    assert tried["carrier"] == "second"
    assert tried["passed_over"] == {"first": "first is paused"}
    await pair.one.post(f"{CARRIERS}/first", Status="active")
    await pair.all_sent(await pair.send(1))
    assert texts(pair.first) == ["text 0"]


async def test_what_waits_in_a_link_that_is_paused_leaves_it(pair: Pair) -> None:
    """Only what has left already stays; no more goes out than the window held."""
    await pair.one.post(f"{CARRIERS}/first", Configuration='{"window": 2}')
    await pair.one.state("first", "up")
    pair.first.answer = silent
    sids = await pair.send(10)
    await until(lambda: len(pair.first.submits) == 2)
    await pair.one.post(f"{CARRIERS}/first", Status="paused")
    await until(lambda: len(pair.second.submits) == 8)
    assert len(pair.first.submits) == 2
    assert len(sids) == 10


async def test_a_link_is_replaced_during_traffic(pair: Pair) -> None:
    """Nothing is lost, and nothing goes twice."""
    sending = asyncio.create_task(pair.send(MANY, 0.005))
    for window in (3, 30, 7):
        await asyncio.sleep(0.3)
        changed = f'{{"window": {window}}}'
        await pair.one.post(f"{CARRIERS}/first", Configuration=changed)
    await pair.all_sent(await sending)
    taken = texts(pair.first) + texts(pair.second)
    assert sorted(taken) == sorted(f"text {n}" for n in range(MANY))
    assert len(pair.first.binds) == 4
    assert len(pair.first.wires) == 1


async def test_a_link_is_taken_away_during_traffic(pair: Pair) -> None:
    """The other one goes on."""
    sending = asyncio.create_task(pair.send(MANY, 0.005))
    await asyncio.sleep(0.3)
    assert (await pair.one.ask("DELETE", f"{CARRIERS}/first"))[0] == 204
    await pair.all_sent(await sending)
    taken = texts(pair.first) + texts(pair.second)
    assert sorted(taken) == sorted(f"text {n}" for n in range(MANY))


async def test_every_node_runs_its_own_links(database_url: str, tmp_path: Path) -> None:
    """What one is told all do; a node that carries nothing knows how they are all the same."""
    folders = [tmp_path / name for name in ("one", "two", "api")]
    for folder in folders:
        folder.mkdir()
    async with (
        centre() as (smsc, port),
        node(database_url, folders[0], "one") as one,
        node(database_url, folders[1], "two") as two,
        node(database_url, folders[2], "api", roles=("api",)) as api,
    ):
        await api.post(CARRIERS, Name="acme", Kind="smpp", Configuration=smpp(port))
        await until(lambda: len(smsc.wires) == 2)
        for each in (one, two, api):
            await until(partial(_nodes_up, each, ["one", "two"]))
        await two.post(f"{CARRIERS}/acme", Status="draining")
        await until(lambda: not smsc.wires)
        await one.post(f"{CARRIERS}/acme", Status="active")
        await until(lambda: len(smsc.wires) == 2)
        assert (await one.ask("DELETE", f"{CARRIERS}/acme"))[0] == 204
        await until(lambda: not smsc.wires)
        await until(lambda: _gone(api))


async def _nodes_up(each: Node, names: list[str]) -> bool:
    status, told = await each.ask("GET", f"{CARRIERS}/acme")
    nodes: list[Any] = told["nodes"] if status == 200 else []
    return sorted(one["node"] for one in nodes if one["state"] == "up") == names


async def _gone(each: Node) -> bool:
    return (await each.ask("GET", f"{CARRIERS}/acme"))[0] == 404


async def test_a_pace_is_kept_across_a_moment_without_a_link(
    database_url: str, tmp_path: Path
) -> None:
    """What waited for the link does not leave all at once when it comes up."""
    times: list[float] = []

    def answer(pdu: protocol.SubmitSm, number: int) -> Pdu:
        times.append(clock.monotonic())
        return accept(pdu, number)

    async with (
        node(database_url, tmp_path, rates=Rates(local=20.0)) as one,
        centre() as (smsc, port),
    ):
        smsc.answer, smsc.binds_after = answer, 0.8
        await one.number()
        await one.post(CARRIERS, Name="acme", Kind="smpp", Configuration=smpp(port))
        await one.route("acme")
        for n in range(12):
            await one.send(f"number {n}")
        await until(lambda: len(times) == 12)
    at_once = max(sum(at <= other < at + 0.02 for other in times) for at in times)
    assert at_once < 5  # a gap is 50 ms
