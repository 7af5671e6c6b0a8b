"""Messaging services over real HTTP and PostgreSQL: their settings and their pools."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.pairs.services_world import World, assert_published, item
from tests.pairs.services_world import world as services_world

from magpie.kit import clock
from magpie.kit.db import Database
from magpie.senders.model import Kind
from magpie.services.model import MOST_SENDERS

A, B, C, FREE, LONDON, CODE = (
    item("+14155550100"),
    item("+12125550100"),
    item("+15105550100", mms=False),
    item("+18005550100", Kind.TOLL_FREE),
    item("+447700900100", Kind.MOBILE, "GB"),
    item("99990", Kind.SHORT_CODE),
)
NOBODY = "MG" + "0" * 32


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with services_world(database, tmp_path) as made:
        yield made


async def test_defaults(world: World) -> None:
    """A service of which only the name is said has the usual settings, and links to its parts."""
    status, body = await world.ask("POST", "", FriendlyName="Shop")
    assert status == 201
    assert_published("CreateService", body)
    assert re.fullmatch("MG[0-9a-f]{32}", body["sid"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["date_created"])
    at = f"{world.base}/messaging/v1/Services/{body['sid']}"
    assert (body["url"], body["links"]["phone_numbers"]) == (at, f"{at}/PhoneNumbers")
    assert len(body["links"]) == 8
    for name in ("sticky_sender", "mms_converter", "smart_encoding", "area_code_geomatch"):
        assert body[name] is True
    for name in ("inbound_request_url", "fallback_url", "status_callback"):
        assert body[name] is None
    assert (body["validity_period"], body["usecase"], body["inbound_method"]) == (
        36000,
        "undeclared",
        "POST",
    )


async def test_life(world: World) -> None:
    """A service is made, read, listed, changed and taken away; another account sees nothing."""
    service = await world.made(StatusCallback="https://a.example/s", MmsConverter="false")
    assert (service.status_callback, service.mms_converter) == ("https://a.example/s", False)
    at = f"/{service.sid}"
    status, body = await world.ask("POST", at, StatusCallback="", ValidityPeriod="600")
    assert (status, body["status_callback"], body["validity_period"]) == (200, None, 600)
    assert (body["friendly_name"], body["mms_converter"]) == ("Shop", False)
    assert await world.ask("GET", at) == (200, body)
    assert_published("FetchService", body)
    changed = await world.services.find(world.account.sid, service.sid)
    assert changed is not None
    assert changed.validity_period == 600
    status, listed = await world.ask("GET", "")
    assert_published("ListService", listed)
    assert listed["services"] == [body]
    assert await world.services.find(world.other.sid, service.sid) is None
    assert (await world.ask("DELETE", at))[0] == 204
    assert await world.services.find(world.account.sid, service.sid) is None
    for method in ("GET", "POST", "DELETE"):
        status, body = await world.ask(method, at)
        assert (status, body["code"]) == (404, 20404)


async def test_pages(world: World) -> None:
    """Services are listed newest first, by pages whose links lead on and back."""
    names = [(await world.made(FriendlyName=f"s{n}")).friendly_name for n in range(3)]
    _, first = await world.ask("GET", "", PageSize="2")
    assert [one["friendly_name"] for one in first["services"]] == names[:0:-1]
    _, second = await world.ask("GET", first["meta"]["next_page_url"])
    assert [one["friendly_name"] for one in second["services"]] == names[:1]
    assert second["meta"]["next_page_url"] is None
    _, back = await world.ask("GET", second["meta"]["previous_page_url"])
    assert back["services"] == first["services"]
    status, wrong = await world.ask("GET", "", PageToken=f"PAPN{'0' * 32}")
    assert (status, wrong["code"]) == (400, 21481)


@pytest.mark.parametrize(
    ("form", "code"),
    [({}, 20002), ({"FriendlyName": "x" * 65}, 20002), ({"Usecase": "poll"}, 20002)],
)
async def test_what_cannot_be_made(world: World, form: dict[str, str], code: int) -> None:
    """A service without a good name is not made, and the answer says what is wrong."""
    status, body = await world.ask("POST", "", **form)
    assert (status, body["code"], body["status"]) == (400, code, 400)
    assert body["more_info"].endswith(str(code))
    assert (await world.ask("GET", ""))[1]["services"] == []


async def test_usecases(world: World) -> None:
    """The use cases are told at a path of their own, not taken for a service."""
    status, body = await world.ask("GET", "/Usecases")
    assert status == 200
    assert_published("FetchUsecase", body)
    assert {one["usecase"] for one in body["usecases"]} > {"notifications", "marketing", "poll"}
    assert body["usecases"][0].keys() == {"usecase", "description", "purpose"}
    status, body = await world.ask("POST", "", FriendlyName="Shop", Usecase="fun")
    assert (status, body["code"]) == (400, 21713)


async def test_pool(world: World) -> None:
    """Numbers, short codes and names have lists of their own, each answer as published."""
    number, gb, code = await world.own(A, LONDON, CODE)
    service = await world.made()
    added = await world.put(service, number, gb, code, "Acme")
    assert_published("CreatePhoneNumber", added[0])
    assert added[0]["capabilities"] == ["MMS", "SMS", "Voice"]
    assert [one.get("country_code") for one in added] == ["US", "GB", "US", None]
    assert_published("CreateShortCode", added[2])
    assert (added[2]["short_code"], added[2]["capabilities"]) == ("99990", ["MMS", "SMS"])
    assert_published("CreateAlphaSender", added[3])
    assert (added[3]["alpha_sender"], added[3]["capabilities"]) == ("Acme", ["SMS"])
    paths = {"PhoneNumbers": added[1::-1], "ShortCodes": added[2:3], "AlphaSenders": added[3:]}
    for path, wanted in paths.items():
        status, listed = await world.ask("GET", f"/{service.sid}/{path}")
        assert_published(f"List{path[:-1]}", listed)
        assert (status, next(iter(listed.values()))) == (200, wanted)
        for one in wanted:
            assert one["url"].endswith(f"/{service.sid}/{path}/{one['sid']}")
            assert await world.ask("GET", one["url"]) == (200, one)
    for address in ("+14155550100", "99990", "Acme"):
        assert await world.services.holds(world.account.sid, service.sid, address)
    assert not await world.services.holds(world.other.sid, service.sid, "Acme")


async def test_one_pool_for_a_number(world: World) -> None:
    """A number is in one pool once; after it was taken out it can go to another."""
    (number,) = await world.own(A)
    one, other = await world.made(), await world.made()
    await world.put(one, number)
    form = {"PhoneNumberSid": number.sid}
    status, body = await world.ask("POST", f"/{one.sid}/PhoneNumbers", **form)
    assert (status, body["code"]) == (409, 21710)
    status, body = await world.ask("POST", f"/{other.sid}/PhoneNumbers", **form)
    assert (status, body["code"]) == (400, 21712)
    at = f"/{one.sid}/PhoneNumbers/{number.sid}"
    assert (await world.ask("DELETE", f"/{other.sid}/PhoneNumbers/{number.sid}"))[0] == 404
    assert (await world.ask("DELETE", f"/{one.sid}/ShortCodes/{number.sid}"))[0] == 404
    assert (await world.ask("DELETE", at))[0] == 204
    assert not await world.services.holds(world.account.sid, one.sid, number.address)
    assert (await world.ask("DELETE", at))[0] == (await world.ask("GET", at))[0] == 404
    await world.put(other, number)
    assert await world.book.find(world.account.sid, number.address) is not None


async def test_race_for_a_number(world: World) -> None:
    """Of those who add one number to several services at once exactly one succeeds."""
    (number,) = await world.own(A)
    services = [await world.made() for _ in range(4)]
    answers = await asyncio.gather(
        *(
            world.ask("POST", f"/{one.sid}/PhoneNumbers", PhoneNumberSid=number.sid)
            for one in services
        )
    )
    assert sorted(body.get("code", 0) for _, body in answers) == [0, 21712, 21712, 21712]


@pytest.mark.parametrize(
    ("path", "form", "status", "code"),
    [
        ("PhoneNumbers", {}, 400, 20422),
        ("PhoneNumbers", {"PhoneNumberSid": "+14155550100"}, 400, 20422),
        ("PhoneNumbers", {"PhoneNumberSid": "SC" + "0" * 32}, 400, 20422),
        ("PhoneNumbers", {"PhoneNumberSid": "PN" + "0" * 32}, 404, 20404),
        ("ShortCodes", {"ShortCodeSid": "PN" + "0" * 32}, 400, 20422),
        ("AlphaSenders", {}, 400, 21708),
        ("AlphaSenders", {"AlphaSender": ""}, 400, 21708),
        ("AlphaSenders", {"AlphaSender": "123456"}, 400, 21709),
        ("AlphaSenders", {"AlphaSender": "Twelve chars"}, 400, 21709),
        ("AlphaSenders", {"AlphaSender": "a.com"}, 400, 21709),
        ("AlphaSenders", {"AlphaSender": "Acme"}, 409, 21710),
    ],
)
async def test_what_no_pool_takes(
    world: World, path: str, form: dict[str, str], status: int, code: int
) -> None:
    """Each thing that cannot come into a pool is refused with the code for it."""
    service = await world.made()
    await world.put(service, "Acme")
    told, body = await world.ask("POST", f"/{service.sid}/{path}", **form)
    assert (told, body["code"]) == (status, code)
    assert (await world.ask("POST", f"/{NOBODY}/{path}", AlphaSender="Acme"))[0] in {400, 404}
    assert (await world.ask("GET", f"/{NOBODY}/{path}"))[0] == 404


async def test_numbers_that_send_nothing(world: World) -> None:
    """A number for calls alone lacks what a service needs; another account's is unknown."""
    service = await world.made()
    (mute,) = await world.own(item("+14155550177", sms=False, mms=False))
    status, body = await world.ask("POST", f"/{service.sid}/PhoneNumbers", PhoneNumberSid=mute.sid)
    assert (status, body["code"]) == (400, 21715)
    (theirs,) = await world.own(A, account=world.other)
    path = f"/{service.sid}/PhoneNumbers"
    status, body = await world.ask("POST", path, PhoneNumberSid=theirs.sid)
    assert (status, body["code"]) == (404, 20404)


async def test_full(world: World) -> None:
    """A pool takes 400 numbers and short codes, and not one more."""
    service = await world.made()
    senders = await world.own(*(item(f"+1415556{n:04}") for n in range(MOST_SENDERS + 1)))
    await world.database.execute(
        """insert into service_senders
        select account_sid, sid, $2, gen_random_uuid(), now(), now() from senders
        where sid = any($1::text[])""",
        [one.sid for one in senders[1:]],
        service.sid,
    )
    path = f"/{service.sid}/PhoneNumbers"
    status, body = await world.ask("POST", path, PhoneNumberSid=senders[0].sid)
    assert (status, body["code"]) == (412, 21714)
    await world.put(service, "Acme")
    _, listed = await world.ask("GET", path, PageSize="1000")
    assert len(listed["phone_numbers"]) == MOST_SENDERS


async def test_a_released_number_leaves_its_pool(world: World) -> None:
    """Who gives a number up need not know of pools: it is gone from them, and is not picked."""
    number, kept = await world.own(A, B)
    service = await world.made()
    await world.put(service, number, kept)
    assert await world.pick(service, "+14155550199") == number.address
    async with world.database.transaction() as connection:
        await world.senders.release(connection, number)
    assert await world.pick(service, "+14155550199") == kept.address
    _, listed = await world.ask("GET", f"/{service.sid}/PhoneNumbers")
    assert [one["sid"] for one in listed["phone_numbers"]] == [kept.sid]
    async with world.database.transaction() as connection:
        await world.senders.move(connection, kept, world.other.sid, holder_sid=world.account.sid)
    assert await world.pick(service, "+14155550199") is None


async def test_deleting_a_service_frees_its_senders(world: World) -> None:
    """The numbers stay in the account, and what was remembered of recipients is forgotten."""
    (number,) = await world.own(A)
    service = await world.made()
    await world.put(service, number, "Acme")
    await world.pick(service, "+12125550199")
    assert (await world.ask("DELETE", f"/{service.sid}"))[0] == 204
    assert await world.book.find(world.account.sid, number.address) is not None
    for table in ("service_senders", "service_alpha_senders", "sticky_senders"):
        assert await world.database.fetchval(f"select count(*) from {table}") == 0
    await world.put(await world.made(), number)


async def test_pick(world: World) -> None:
    """Numbers go in turn; a picture goes from one that can; a name is given as it is."""
    a, c = await world.own(A, C)
    service = await world.made(AreaCodeGeomatch="false")
    assert await world.pick(service, "+12125550100") is None
    await world.put(service, a, c)
    sent = [await world.pick(service, f"+1212555{n:04}") for n in range(6)]
    assert sorted(map(str, sent)) == [a.address] * 3 + [c.address] * 3
    assert {await world.pick(service, f"+1213555{n:04}", mms=True) for n in range(4)} == {a.address}
    await world.put(service, "Acme")
    assert await world.pick(service, "+33612345678") == "Acme"
    assert await world.pick(service, "+33612345678", mms=True) == a.address


async def test_busy_lanes_are_spared(world: World) -> None:
    """A number in whose lane much waits is passed over until the others are as busy."""
    a, b = await world.own(A, B)
    service = await world.made(StickySender="false", AreaCodeGeomatch="false")
    await world.put(service, a, b)
    await world.database.execute(
        "insert into lane_puts values ($1, 'outbound', $2, 100)", world.account.sid, a.address
    )
    assert {await world.pick(service, "+13035550100") for _ in range(10)} == {b.address}


async def test_sticky(world: World) -> None:
    """A recipient hears from one number, unless the service is told otherwise or it leaves."""
    a, b = await world.own(A, B)
    service = await world.made(AreaCodeGeomatch="false")
    await world.put(service, a, b)
    to = "+13035550100"
    first = await world.pick(service, to)
    assert {await world.pick(service, to) for _ in range(5)} == {first}
    await world.ask("POST", f"/{service.sid}", StickySender="false")
    loose = await world.services.find(world.account.sid, service.sid)
    assert loose is not None
    assert {await world.pick(loose, to) for _ in range(4)} == {a.address, b.address}
    assert {await world.pick(service, to) for _ in range(4)} == {first}
    gone, left = (a, b) if first == a.address else (b, a)
    await world.ask("DELETE", f"/{service.sid}/PhoneNumbers/{gone.sid}")
    assert await world.pick(service, to) == left.address
    await world.put(service, gone)
    assert {await world.pick(service, to) for _ in range(4)} == {left.address}


async def test_first_messages_at_once(world: World) -> None:
    """Messages that are the first to one recipient at the same moment have one sender.

    Two nodes send them, which know nothing of each other.
    """
    senders = await world.own(*(item(f"+1415556{n:04}") for n in range(8)))
    service = await world.made()
    await world.put(service, *senders)
    elsewhere = type(world.services)(world.database, world.book)
    for n in range(5):
        to = f"+1303555{n:04}"
        picked = await asyncio.gather(
            *(
                book.pick(world.account.sid, service, to, mms=False)
                for book in (world.services, elsewhere)
                for _ in range(10)
            )
        )
        assert len({getattr(one, "address", one) for one in picked}) == 1


async def test_a_picture_from_another_number(world: World) -> None:
    """When the known number cannot send a picture, the one that does is known from then on."""
    (plain,) = await world.own(C)
    service = await world.made()
    await world.put(service, plain)
    assert await world.pick(service, "+13035550100") == plain.address
    assert await world.pick(service, "+13035550100", mms=True) is None
    (able,) = await world.own(A)
    await world.put(service, able)
    assert await world.pick(service, "+13035550100") == plain.address
    assert await world.pick(service, "+13035550100", mms=True) == able.address
    assert await world.pick(service, "+13035550100") == able.address


@pytest.mark.parametrize(("days", "known"), [(300, True), (366, False)])
async def test_a_year_unused(world: World, days: int, known: bool) -> None:
    """What was not used for a year is not true any more, and is forgotten in time."""
    a, b = await world.own(A, B)
    service = await world.made(AreaCodeGeomatch="false")
    await world.put(service, a)
    assert await world.pick(service, "+13035550100") == a.address
    used = clock.now() - timedelta(days=days)
    await world.database.execute("update sticky_senders set used_at = $1", used)
    await world.put(service, b)
    assert (await world.pick(service, "+13035550100") == a.address) == known
    assert await world.database.fetchval("select used_at from sticky_senders") > used
    await world.database.execute("update sticky_senders set used_at = $1", used)
    await world.services.tidy()
    assert await world.database.fetchval("select count(*) from sticky_senders") == known
