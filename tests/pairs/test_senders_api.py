"""Senders over real HTTP and PostgreSQL, asked by the official library."""

import asyncio
import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from magpie.accounts import actions as accounts
from magpie.accounts.auth import Authenticator
from magpie.accounts.model import Account
from magpie.accounts.seal import Sealer
from magpie.api import places
from magpie.api.mounts import Mounts
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Wakes
from magpie.senders import store
from magpie.senders.actions import Senders, stock
from magpie.senders.book import SenderBook
from magpie.senders.model import Item, Kind
from magpie.senders.resources import collections
from magpie.settings import Settings

T = TypeVar("T")
TOKEN = "0123456789abcdef0123456789abcdef"
PLACES = {
    "415": ("San Francisco", "CA", "94103", "37.7726", "-122.4099", "722", "SNFC CNTRL"),
    "510": ("Oakland", "CA", "94607", "37.8071", "-122.2851", "722", "OKLD"),
    "212": ("New York", "NY", "10001", "40.7506", "-73.9972", "132", "NWYRCYZN01"),
}
RATES = {"local": 1.0, "mobile": 1.0, "toll-free": 3.0, "short-code": 30.0}


def item(address: str, kind: Kind = Kind.LOCAL, country: str = "US", *, mms: bool = True) -> Item:
    place = PLACES.get(address[2:5], (None,) * 7) if kind is Kind.LOCAL else (None,) * 7
    return Item(address, country, kind, True, mms, kind is not Kind.SHORT_CODE, *place)


ITEMS = [
    *[item(f"+1{area}555010{line}", mms=line < 3) for area in PLACES for line in range(4)],
    item("+18005550100", Kind.TOLL_FREE),
    item("+447700900100", Kind.MOBILE, "GB", mms=False),
    item("99990", Kind.SHORT_CODE),
]


class World:
    base: str

    def __init__(self, database: Database, main: Account, sub: Account) -> None:
        self.database = database
        self.main = main
        self.sub = sub
        self.book = SenderBook(database)
        queue = Queue("outbound", database, Wakes(database, "n", alone=True), paced=True, node="n")
        self.senders = Senders(queue, self.book, RATES.__getitem__)

    def api(self, account: Account | None = None) -> Any:
        client = Client(self.main.sid, TOKEN, (account or self.main).sid)
        client.api.base_url = self.base
        return client.api.v2010.accounts((account or self.main).sid)

    async def code(self, call: Callable[[], object]) -> int:
        with pytest.raises(TwilioRestException) as wrong:
            await asyncio.to_thread(call)
        code: int = wrong.value.code
        return code

    async def get(self, path: str) -> tuple[int, Any]:
        pair = base64.b64encode(f"{self.main.sid}:{TOKEN}".encode()).decode()
        url = f"{self.base}/2010-04-01/Accounts/{self.main.sid}/{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Basic {pair}"})

        def read() -> tuple[int, Any]:
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, json.loads(answer.read())
            except urllib.error.HTTPError as wrong:
                with wrong:
                    return wrong.code, json.loads(wrong.read())

        return await asyncio.to_thread(read)


async def ask(call: Callable[[], T]) -> T:
    return await asyncio.to_thread(call)


async def _well() -> dict[str, str]:
    return {}


@asynccontextmanager
async def _serving(app: Any) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="off", proxy_headers=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    sealer = Sealer.of(tmp_path)
    async with database.transaction() as connection:
        main = await accounts.ensure_main(connection, sealer, auth_token=TOKEN)
        sub = await accounts.create_subaccount(connection, sealer, main, "Shop")
        assert await stock(connection, ITEMS) == {one.address for one in ITEMS}
    world = World(database, main, sub)
    mounts = Mounts(Authenticator(database, sealer), Settings())
    mounts.hang(places.ACCOUNT, *collections(database, world.senders, world.book))
    async with _serving(mounts.app(_well)) as world.base:
        yield world


async def test_buy_and_set_up(world: World) -> None:
    """A bought number has its settings, the usual defaults, its capabilities and a lane."""
    numbers = world.api().incoming_phone_numbers
    bought = await ask(
        lambda: numbers.create(
            phone_number="+14155550100",
            sms_url="https://a.example/in",
            voice_url="https://a.example/voice",
        )
    )
    assert bought.sid.startswith("PN")
    assert (bought.phone_number, bought.friendly_name) == ("+14155550100", "(415) 555-0100")
    assert bought.capabilities == {"voice": True, "sms": True, "mms": True, "fax": False}
    assert (bought.sms_url, bought.sms_method) == ("https://a.example/in", "POST")
    assert (bought.voice_url, bought.voice_receive_mode) == ("https://a.example/voice", "voice")
    assert (bought.status, bought.origin, bought.address_requirements) == (
        "in-use",
        "twilio",
        "none",
    )
    account = f"/2010-04-01/Accounts/{world.main.sid}"
    assert bought.uri == f"{account}/IncomingPhoneNumbers/{bought.sid}.json"
    lanes = await world.database.fetch("select lane, capacity from lanes where queue = 'outbound'")
    assert [tuple(row) for row in lanes] == [("+14155550100", 36_000)]


async def test_update(world: World) -> None:
    """An update changes what it names and keeps the rest, also of what is only recorded."""
    numbers = world.api().incoming_phone_numbers
    app = await ask(lambda: world.api().applications.create(friendly_name="Bot"))
    bought = await ask(
        lambda: numbers.create(phone_number="+14155550100", voice_url="https://a.example/v")
    )
    changed = await ask(
        lambda: numbers(bought.sid).update(
            sms_application_sid=app.sid, friendly_name="Main", voice_method="GET"
        )
    )
    assert (changed.friendly_name, changed.sms_application_sid) == ("Main", app.sid)
    assert (changed.voice_url, changed.voice_method) == ("https://a.example/v", "GET")
    other = "AP" + "0" * 32
    assert await world.code(lambda: numbers(bought.sid).update(sms_application_sid=other)) == 20422
    assert await world.code(lambda: numbers("PN" + "0" * 32).fetch()) == 20404


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"phone_number": "hello"}, 21421),
        ({"phone_number": "+14155550177"}, 21422),
        ({"phone_number": "99990"}, 21421),
        ({"area_code": "999"}, 21452),
        ({"area_code": "4"}, 21452),
        ({}, 21421),
        ({"phone_number": "+14155550100", "sms_url": "nowhere"}, 20422),
        ({"phone_number": "+14155550100", "friendly_name": "x" * 65}, 20002),
    ],
)
async def test_buying_what_cannot_be(world: World, asked: dict[str, str], code: int) -> None:
    """What cannot be bought is refused with the code for it, and nothing is taken."""
    numbers = world.api().incoming_phone_numbers
    assert await world.code(lambda: numbers.create(**asked)) == code
    assert await ask(numbers.list) == []


async def test_race(world: World) -> None:
    """Of those who buy one number at once, exactly one gets it."""

    async def buy() -> str | int:
        try:
            async with world.database.transaction() as connection:
                sender = await world.senders.buy(connection, world.main.sid, "+14155550100")
                return sender.sid
        except Refused as refused:
            return refused.code

    results = await asyncio.gather(*(buy() for _ in range(8)))
    assert sorted(map(str, results))[:7] == ["21422"] * 7
    held = await store.senders_of(world.database, world.main.sid, ["+14155550100"])
    assert held["+14155550100"].sid in results


async def test_race_in_an_area(world: World) -> None:
    """Those who buy in one area code at once get different numbers, until none is left."""

    async def buy() -> str | int:
        try:
            async with world.database.transaction() as connection:
                sender = await world.senders.buy_in_area(connection, world.main.sid, "415")
                return sender.address
        except Refused as refused:
            return refused.code

    results = await asyncio.gather(*(buy() for _ in range(4)))
    assert sorted(map(str, results)) == [f"+1415555010{line}" for line in range(4)]
    assert await buy() == 21452


async def test_release(world: World) -> None:
    """A released number is gone at once and can be bought again; its lane stays."""
    numbers = world.api().incoming_phone_numbers
    bought = await ask(lambda: numbers.create(area_code="212"))
    assert await world.book.owner(bought.phone_number) == world.main.sid
    assert await world.book.find(world.main.sid, bought.phone_number) is not None
    assert await ask(numbers(bought.sid).delete)
    assert await world.book.owner(bought.phone_number) is None
    assert await world.book.find(world.main.sid, bought.phone_number) is None
    assert await world.code(numbers(bought.sid).delete) == 20404
    assert await world.database.fetchval("select count(*) from lanes") == 1
    again = await ask(lambda: numbers.create(phone_number=bought.phone_number))
    assert again.sid != bought.sid


async def test_lists(world: World) -> None:
    """Lists are newest first, by page, by kind and by filters."""
    numbers = world.api().incoming_phone_numbers
    wanted = ["+14155550100", "+12125550100", "+18005550100", "+447700900100"]
    for number in wanted:
        await ask(partial(numbers.create, phone_number=number, friendly_name=f"n{number[1:3]}"))

    async def found(**filters: Any) -> list[str]:
        return [one.phone_number for one in await ask(lambda: numbers.list(**filters))]

    assert await found(page_size=1) == wanted[::-1]
    assert await found(phone_number="+1*15") == ["+14155550100"]
    assert await found(phone_number="5550100") == wanted[2::-1]
    assert await found(friendly_name="n44") == ["+447700900100"]
    assert await found(origin="hosted") == []
    assert [one.phone_number for one in await ask(numbers.local.list)] == wanted[1::-1]
    assert [one.phone_number for one in await ask(numbers.toll_free.list)] == [wanted[2]]
    assert [one.phone_number for one in await ask(numbers.mobile.list)] == [wanted[3]]
    local = (await ask(numbers.local.list))[0]
    assert local.uri.endswith(f"/IncomingPhoneNumbers/{local.sid}.json")
    status, page = await world.get("IncomingPhoneNumbers/Local.json?PageSize=1")
    assert status == 200
    assert page["next_page_uri"].endswith(f"PageToken=PA{local.sid}")


async def test_kinds_are_kept_apart(world: World) -> None:
    """A number is not sold as another kind, and a short code not at all."""
    numbers = world.api().incoming_phone_numbers
    assert await world.code(lambda: numbers.toll_free.create(phone_number="+14155550100")) == 21422
    free = await ask(lambda: numbers.toll_free.create(phone_number="+18005550100"))
    assert free.uri.endswith(f"/IncomingPhoneNumbers/{free.sid}.json")
    assert free.capabilities["mms"]


async def test_move(world: World) -> None:
    """A parent moves a number to its subaccount and back; a stranger's account is unknown."""
    numbers = world.api().incoming_phone_numbers
    app = await ask(lambda: world.api().applications.create(friendly_name="Bot"))
    bought = await ask(
        lambda: numbers.create(phone_number="+14155550100", sms_application_sid=app.sid)
    )
    assert await world.book.owner("+14155550100") == world.main.sid
    moved = await ask(lambda: numbers(bought.sid).update(account_sid=world.sub.sid))
    assert (moved.account_sid, moved.sid) == (world.sub.sid, bought.sid)
    assert moved.sms_application_sid == ""
    assert f"/Accounts/{world.sub.sid}/" in moved.uri
    assert await world.book.owner("+14155550100") == world.sub.sid
    assert await world.code(numbers(bought.sid).fetch) == 20404
    theirs = world.api(world.sub).incoming_phone_numbers
    stranger = "AC" + "f" * 32
    assert await world.code(lambda: theirs(bought.sid).update(account_sid=stranger)) == 21471
    assert await world.code(lambda: theirs(bought.sid).update(account_sid="AC1")) == 21470
    back = await ask(lambda: theirs(bought.sid).update(account_sid=world.main.sid))
    assert back.account_sid == world.main.sid


async def test_short_codes(world: World) -> None:
    """A short code is assigned by the operator, then listed, read and set up by its account."""
    async with world.database.transaction() as connection:
        code = await world.senders.assign_short_code(connection, world.main.sid, "99990")
    codes = world.api().short_codes
    assert [one.sid for one in await ask(lambda: codes.list(short_code="99990"))] == [code.sid]
    assert await ask(lambda: codes.list(short_code="11111")) == []
    assert await ask(lambda: codes.list(short_code="()")) == []
    changed = await ask(lambda: codes(code.sid).update(sms_url="https://a.example/in"))
    assert (changed.short_code, changed.sms_url) == ("99990", "https://a.example/in")
    assert (changed.sms_fallback_url, changed.api_version) == (None, "2010-04-01")
    assert changed.uri.endswith(f"/SMS/ShortCodes/{code.sid}.json")
    assert await ask(world.api().incoming_phone_numbers.list) == []
    assert await world.code(world.api().incoming_phone_numbers(code.sid).fetch) == 20404


async def test_applications(world: World) -> None:
    """An application is made, changed, found by its name and taken away."""
    apps = world.api().applications
    made = await ask(
        lambda: apps.create(
            friendly_name="Bot",
            sms_url="https://a.example/in",
            sms_status_callback="https://a.example/old",
            voice_caller_id_lookup=True,
        )
    )
    assert made.message_status_callback == made.sms_status_callback == "https://a.example/old"
    assert (made.voice_caller_id_lookup, made.voice_url, made.sms_method) == (True, None, "POST")
    callback = await world.book.callback_of(world.main.sid, made.sid)
    assert callback == "https://a.example/old"
    changed = await ask(
        lambda: apps(made.sid).update(
            message_status_callback="https://a.example/new",
            sms_status_callback="https://a.example/old",
            sms_url="",
        )
    )
    assert (changed.message_status_callback, changed.sms_url) == ("https://a.example/new", None)
    assert await world.book.callback_of(world.main.sid, made.sid) == "https://a.example/new"
    assert [one.sid for one in await ask(lambda: apps.list(friendly_name="Bot"))] == [made.sid]
    assert await ask(lambda: apps.list(friendly_name="Other")) == []
    assert await ask(apps(made.sid).delete)
    assert await world.book.application(world.main.sid, made.sid) is None
    assert await world.code(apps(made.sid).fetch) == 20404


async def test_countries(world: World) -> None:
    """Countries say which kinds of numbers they have."""
    available = world.api().available_phone_numbers
    countries = await ask(available.list)
    assert [one.country_code for one in countries] == ["GB", "US"]
    status, body = await world.get("AvailablePhoneNumbers.json")
    assert (status, sorted(body)) == (200, ["countries", "uri"])
    us = await ask(available("US").fetch)
    at = f"/2010-04-01/Accounts/{world.main.sid}/AvailablePhoneNumbers/US"
    assert (us.country, us.uri) == ("United States", f"{at}.json")
    assert us.subresource_uris == {"local": f"{at}/Local.json", "toll_free": f"{at}/TollFree.json"}
    assert await world.code(available("FR").fetch) == 20404
    assert (await world.get("AvailablePhoneNumbers/US/Mobile.json"))[0] == 404


@pytest.mark.parametrize(
    ("filters", "areas", "count"),
    [
        ({}, {"212", "415", "510"}, 12),
        ({"area_code": "415"}, {"415"}, 4),
        ({"contains": "510555****"}, {"510"}, 4),
        ({"contains": "+1OKL"}, set(), 0),
        ({"mms_enabled": False}, {"212", "415", "510"}, 3),
        ({"fax_enabled": True}, set(), 0),
        ({"exclude_all_address_required": True, "beta": False}, {"212", "415", "510"}, 12),
        ({"in_region": "ca"}, {"415", "510"}, 8),
        ({"in_locality": "Oakland"}, {"510"}, 4),
        ({"in_postal_code": "10001"}, {"212"}, 4),
        ({"in_lata": "722", "in_rate_center": "OKLD"}, {"510"}, 4),
        ({"in_region": "+12125550100"}, {"212"}, 4),
        ({"in_region": "+447700900100"}, set(), 0),
        ({"near_lat_long": "37.8,-122.3", "distance": 5}, {"510"}, 4),
        ({"near_lat_long": "37.8,-122.3"}, {"415", "510"}, 8),
        ({"near_number": "+14155559999"}, {"415", "510"}, 8),
        ({"near_number": "+13035550100"}, set(), 0),
    ],
)
async def test_for_sale(world: World, filters: dict[str, Any], areas: set[str], count: int) -> None:
    """What is for sale is found by each filter."""
    local = world.api().available_phone_numbers("US").local
    found = [one.phone_number for one in await ask(lambda: local.list(**filters))]
    assert (len(found), {number[2:5] for number in found}) == (count, areas)


async def test_for_sale_as_written(world: World) -> None:
    """The list has no paging fields, and a number that was bought is not in it."""
    await ask(lambda: world.api().incoming_phone_numbers.create(phone_number="+12125550100"))
    status, body = await world.get("AvailablePhoneNumbers/US/Local.json?PageSize=2")
    at = f"/2010-04-01/Accounts/{world.main.sid}/AvailablePhoneNumbers/US/Local.json"
    assert (status, sorted(body), body["uri"]) == (200, ["available_phone_numbers", "uri"], at)
    numbers = body["available_phone_numbers"]
    assert [one["phone_number"] for one in numbers] == ["+12125550101", "+12125550102"]
    assert numbers[0]["capabilities"] == {
        "voice": True,
        "SMS": True,
        "MMS": True,
        "sms": True,
        "mms": True,
        "fax": False,
    }
    assert (numbers[0]["locality"], numbers[0]["latitude"]) == ("New York", "40.7506")
    status, _ = await world.get("AvailablePhoneNumbers/US/Local.json?Contains=4")
    assert status == 400


async def test_provide(world: World) -> None:
    """What is provided at the first boot is not given back at the next after it was released."""
    first = [item("+15015550100"), item("55500", Kind.SHORT_CODE)]
    async with world.database.transaction() as connection:
        given = await world.senders.provide(connection, world.main.sid, first)
        assert [one.address for one in given] == ["+15015550100", "55500"]
        await world.senders.release(connection, given[0])
        assert await world.senders.provide(connection, world.main.sid, first) == []
    assert await world.book.owner("+15015550100") is None


async def test_rates_of_all(world: World) -> None:
    """When rates change, the lanes of all senders follow."""
    async with world.database.transaction() as connection:
        await world.senders.buy(connection, world.main.sid, "+14155550100")
        await world.senders.buy(connection, world.sub.sid, "+18005550100")
        queue = Queue(
            "outbound", world.database, Wakes(world.database, "n", alone=True), paced=True, node="n"
        )
        rates = {"local": 2.0, "toll-free": 0.0}
        await Senders(queue, world.book, rates.__getitem__, 1).configure_all_lanes(connection)
    rows = await world.database.fetch("select lane, capacity from lanes order by lane")
    assert [tuple(row) for row in rows] == [("+14155550100", 7200), ("+18005550100", None)]
