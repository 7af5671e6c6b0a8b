"""Routes that could never do anything are refused by the API."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import Smsc
from tests.pairs.fleet_world import Node, centre, node

CARRIERS, ROUTES = "/magpie/v1/Carriers", "/magpie/v1/Routes"


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[Smsc, int]]:
    async with centre() as made:
        yield made


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        yield made


async def test_a_route_carries_what_its_link_does(one: Node, smsc: tuple[Smsc, int]) -> None:
    """No pictures by SMPP: neither when it is made nor later; nobody says what, then all of it."""
    await one.link("acme", smsc[1])
    await one.post(CARRIERS, Name="play", Kind="loopback")
    made = await one.route("acme", Prefix="+1")
    assert made["kinds"] == ["sms"]
    at = f"{ROUTES}/{made['sid']}"
    assert (await one.route("play", Prefix="+2"))["kinds"] == ["mms", "sms"]
    for path, form in (
        (ROUTES, {"Carrier": "acme", "Prefix": "+3", "Kinds": "mms"}),
        (ROUTES, {"Carrier": "acme", "Prefix": "+3", "Kinds": "sms,mms"}),
        (at, {"Kinds": "mms"}),
    ):
        status, told = await one.ask("POST", path, form)
        assert (status, told["code"]) == (400, 20422)
        assert told["message"] == "Carrier 'acme' carries no MMS."
    assert (await one.post(at, Priority="7"))["priority"] == 7


async def test_two_routes_are_not_the_same(one: Node) -> None:
    """The second would never be asked; one of another kind, prefix or link would."""
    for name in ("near", "far"):
        await one.post(CARRIERS, Name=name, Kind="loopback")
    first = await one.route("near", Prefix="+1", Kinds="sms")
    other = await one.route("near", Prefix="+1", Kinds="mms")
    await one.route("far", Prefix="+1")
    await one.route("near", Prefix="+12")
    same = {"Carrier": "near", "Prefix": "+1"}
    for path, form in (
        (ROUTES, {**same, "Kinds": "sms"}),
        (ROUTES, {**same, "Priority": "9"}),
        (f"{ROUTES}/{other['sid']}", {"Kinds": "sms,mms"}),
    ):
        status, told = await one.ask("POST", path, form)
        assert (status, told["code"]) == (409, 20409)
    assert (await one.post(f"{ROUTES}/{first['sid']}", Priority="1"))["priority"] == 1
    asked = [one.ask("POST", ROUTES, {"Carrier": "near", "Prefix": "+13"}) for _ in range(4)]
    assert sorted([status for status, _ in await asyncio.gather(*asked)]) == [201, 409, 409, 409]
