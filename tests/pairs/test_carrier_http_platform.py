"""Messages by a provider's API through the whole platform, and back by its callbacks."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.pairs.provider import Answer, Provider, arrived, delivered, provided
from tests.pairs.test_carrier_http import NAMES
from tests.pairs.webhooks_world import OWN, PHONE, World, until
from tests.pairs.webhooks_world import Answer as Customer
from tests.pairs.webhooks_world import world as webhooks_world
from tests.pictures import png

from magpie.app.system import SystemFacts
from magpie.settings import RouteSettings

PICTURE = png(8, 8)


@pytest.fixture(params=NAMES)
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with provided(request.param) as made:
        yield made


@pytest.fixture
async def world(provider: Provider, database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    links = {
        "carriers": (provider.settings(dedupes=True),),
        "routes": (RouteSettings(carrier="north"),),
    }
    async with webhooks_world(database_url, tmp_path, **links) as made:
        yield made


def door(world: World) -> str:
    return f"{world.platform.base_url}/carriers/v1/north"


async def sent(world: World, **form: str) -> str:
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    _, message = await world.ask("POST", at, From=OWN, To=PHONE, **form)
    return str(message["sid"])


async def status(world: World, sid: str) -> tuple[str, int | None]:
    _, message = await world.ask("GET", f"/2010-04-01/Accounts/{world.auth[0]}/Messages/{sid}.json")
    return message["status"], message["error_code"]


async def comes_to(world: World, sid: str, wanted: str) -> int | None:
    """The error code that goes with it."""
    async with asyncio.timeout(20):
        while (now := await status(world, sid))[0] != wanted:
            await asyncio.sleep(0.02)
    return now[1]


def addresses(provider: Provider) -> list[str]:
    names = {"twilio": "MediaUrl", "bandwidth": "media", "telnyx": "media_urls"}
    found: list[str] = provider.asked[0].fields[names[provider.name]]
    return found


async def fetched(url: str, method: str = "GET") -> tuple[int, str, bytes]:
    """As a provider does: without credentials."""
    async with aiohttp.ClientSession() as client, client.request(method, url) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_picture_and_its_delivery(world: World, provider: Provider) -> None:
    """The provider fetches the very bytes by an address that nobody could have made up."""
    world.answers["/a.png"] = Customer(body=PICTURE, kind="image/png")
    sid = await sent(world, Body="Look", MediaUrl=f"{world.there}/a.png")
    await until(lambda: provider.asked)
    (url,) = addresses(provider)
    assert url.startswith(f"{door(world)}/media/")
    assert await fetched(url) == (200, "image/png", PICTURE)
    assert await fetched(url, "HEAD") == (200, "image/png", b"")
    assert (await fetched(url.replace("type=image", "type=text")))[0] == 404
    assert (await fetched(url, "POST"))[0] in {403, 404}
    assert await provider.tell(door(world), delivered(provider.name)) == 200
    assert await comes_to(world, sid, "delivered") is None


async def test_a_text(world: World, provider: Provider) -> None:
    """It goes from our number to theirs as it is, whatever it is made of."""
    await sent(world, Body="Grüße 🐦")
    await until(lambda: provider.asked)
    body = provider.asked[0].fields
    said = (body.get("Body") or [body.get("text")])[0]
    from_ = (body.get("From") or [body.get("from")])[0]
    assert (said, from_) == ("Grüße 🐦", OWN)
    assert PHONE in str(body.get("To") or body.get("to"))


FAILED: dict[str, Any] = {
    "twilio": ({"MessageStatus": "undelivered", "ErrorCode": "30005"}, 30005),
    "bandwidth": ({"type": "message-failed", "errorCode": 4770, "description": "spam"}, 30007),
    "telnyx": (
        {
            "to": [{"phone_number": "+1", "status": "delivery_failed"}],
            "errors": [{"code": "40300", "title": "Blocked due to STOP message"}],
        },
        21610,
    ),
}


async def test_what_was_not_delivered(world: World, provider: Provider) -> None:
    """The provider's code has one of ours; a delivery that is told after it changes nothing."""
    changes, code = FAILED[provider.name]
    sid = await sent(world, Body="Nobody")
    await until(lambda: provider.asked)
    assert await provider.tell(door(world), delivered(provider.name, **changes)) == 200
    assert await comes_to(world, sid, "undelivered") == code
    assert await provider.tell(door(world), delivered(provider.name)) == 200
    assert await status(world, sid) == ("undelivered", code)


REFUSED: dict[str, Any] = {
    "twilio": {"code": 21211, "message": "No\0"},
    "bandwidth": {"type": "no\0", "fieldErrors": [{"fieldName": "to", "description": "no\0"}]},
    "telnyx": {"errors": [{"code": "40310", "title": "No\0"}]},
}


async def test_answers_with_a_nul(world: World, provider: Provider) -> None:
    """They can be kept without it; nothing is sent twice because of it."""
    provider.answers.append(Answer(400, json.dumps(REFUSED[provider.name]).encode()))
    sid = await sent(world, Body="Nobody")
    assert await comes_to(world, sid, "failed") == 21211
    assert len(provider.asked) == 1
    event = arrived(provider.name, PHONE, OWN, "N\0UL", f"{provider.url}/in/a%00.png")
    provider.media["/in/a\0.png"] = PICTURE
    await world.listen_at("/in")
    assert await provider.tell(door(world), event) == 200
    await until(lambda: [one for one in world.heard if one.path == "/in"])


async def test_a_callback_that_overtakes_the_answer(world: World, provider: Provider) -> None:
    """It waits for its message."""
    assert await provider.tell(door(world), delivered(provider.name)) == 200
    sid = await sent(world, Body="Fast")
    assert await comes_to(world, sid, "delivered") is None


async def test_a_picture_from_a_phone(world: World, provider: Provider) -> None:
    """It is fetched with our credentials, once more if need be, and told on once."""
    provider.media["/in/b.png"] = PICTURE
    provider.answers.append(Answer(404))
    await world.listen_at("/in")
    event = arrived(provider.name, PHONE, OWN, "Back", f"{provider.url}/in/b.png")
    assert await provider.tell(door(world), event) == 200
    assert await provider.tell(door(world), event) == 200
    await until(lambda: [one for one in world.heard if one.path == "/in"])
    (heard,) = (dict(one.params) for one in world.heard if one.path == "/in")
    assert (heard["From"], heard["Body"], heard["NumMedia"]) == (PHONE, "Back", "1")
    assert all(credentials for _, credentials in provider.fetched)


async def test_our_credentials_stay_at_home(world: World, provider: Provider) -> None:
    """Media that lie elsewhere are fetched without them."""
    async with provided("twilio") as elsewhere:
        elsewhere.media["/b.png"] = PICTURE
        event = arrived(provider.name, PHONE, OWN, "Look", f"{elsewhere.url}/b.png")
        assert await provider.tell(door(world), event) == 200
        assert elsewhere.fetched == [("/b.png", "")]


async def test_a_picture_that_cannot_be_had(world: World, provider: Provider) -> None:
    """The provider is asked to come again; nothing is told of half a message."""
    provider.answers.extend([Answer(404)] * 3)
    event = arrived(provider.name, PHONE, OWN, "Look", f"{provider.url}/b.png")
    assert await provider.tell(door(world), event) == 503


async def test_an_operator_is_told_what_is_missing(world: World) -> None:
    """An address by which the provider finds us, and a profile that there is not."""
    (said,) = (await SystemFacts(world.platform)()).warnings
    assert said.startswith("public_url is not set: the provider behind north")
    south = {"provider": "twilio", "account": "AC1", "token": "t", "profile": "papyrus"}
    status, made = await world.ask(
        "POST", "/magpie/v1/Carriers", Name="south", Kind="http", Configuration=json.dumps(south)
    )
    assert status == 201, made
    warnings = (await SystemFacts(world.platform)()).warnings
    assert "There is no media profile papyrus: south goes by the standard one." in warnings


async def test_calls_of_others(world: World, provider: Provider) -> None:
    """Without the signature, with that of another text, or with nonsense under a good one."""
    headers, body = provider.signed(door(world), delivered(provider.name))
    async with aiohttp.ClientSession() as client:
        async with client.post(door(world), data=body) as answer:
            assert answer.status == 403
        if provider.name != "bandwidth":
            async with client.post(door(world), data=body + b"x", headers=headers) as answer:
                assert answer.status == 403
    nonsense: dict[str, str] = {"one": "two"}
    assert await provider.tell(door(world), nonsense) == 400
