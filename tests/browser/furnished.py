"""A platform at which much has happened, and the way to every page of its console."""

import asyncio
from typing import Any

from tests.browser.landscape import evening
from tests.pairs.console_visitor import Person, person
from tests.pairs.webhooks_world import OWN, PHONE, Answer, World, until

from magpie.carriers.traffic import InboundMedia
from magpie.users.model import Role

NO_MMS, SMALL, MIDDLE = "+15558675311", "+15558675312", "+15558675313"
_NOBODY = "+15558675399"
_ENDS = {"delivered", "undelivered", "failed"}
_LONG = (
    "Dear guest, the terrace is open again from Thursday on. Book at "
    "https://example.com/terrace?from=text&campaign=evenings-over-the-hills \N{EN DASH} "
    "we look forward to you! Reply STOP and we write no more."
)


async def talk(world: World) -> dict[str, str]:
    """Texts and pictures both ways; gives the SIDs of some."""
    world.answers |= {
        "/evening.jpg": Answer(body=evening(), kind="image/jpeg"),
    }
    await world.listen_at("/sms")
    picture = f"{world.there}/evening.jpg"
    status = f"{world.there}/status"
    await sent(world, PHONE, "Café Pica: your table on the terrace is kept until 8 pm.")
    mms = await sent(world, PHONE, "The view just now.", picture, callback=status)
    await says(world, PHONE, "Lovely! Could we come at 7?", "A table for two at 7, by the window.")
    await says(world, NO_MMS, "When do you open?", "Anna asks in the kitchen …")
    await sent(world, NO_MMS, "Every day at 5. The view:", picture)
    await sent(world, SMALL, "Do you remember?", picture)
    await says(
        world,
        SMALL,
        "I do. Here is mine!",
        "We will hang it up!",
        evening(800, 1000, 3, bird=False),
    )
    await sent(
        world, MIDDLE, "The terrace opens again on Thursday. Reply STOP and we write no more."
    )
    await says(world, MIDDLE, "STOP", "")
    return {"mms": mms}


async def furnished(world: World) -> dict[str, str]:
    """The path of every page below /console, by a name that is fit for a file."""
    sids = await talk(world)
    world.answers["/bad"] = Answer(500, b"oops " * 60, "text/plain")
    lost = await sent(world, _NOBODY, _LONG, callback=f"{world.there}/bad?{'x' * 300}")
    await called(world, MessageSid=lost, Failed="true")
    boss = await person(world.platform.database, world.platform.base_url, Role.OWNER)
    service = await _set_up(world, boss)
    [call, *_] = await world.webhooks(Event="inbound")
    [bad, *_] = await world.webhooks(MessageSid=lost)
    numbers = f"/2010-04-01/Accounts/{world.auth[0]}/IncomingPhoneNumbers.json"
    _, listed = await world.ask("GET", numbers, PhoneNumber=OWN)
    return {
        **{name: f"/{name}" for name in _RAIL},
        "home": "",
        "message": f"/messages/{sids['mms']}",
        "message-failed": f"/messages/{lost}",
        "messages-found": "/messages?q=error:any",
        "webhook": f"/webhooks/{call['sid']}",
        "webhook-failed": f"/webhooks/{bad['sid']}",
        "error": "/errors/30005",
        "error-of-webhooks": "/errors/11200",
        "docs-api": "/docs/api?q=Messages",
        "docs-operation": "/docs/api/CreateMessage",
        "buy": "/numbers/buy",
        "number": f"/numbers/{listed['incoming_phone_numbers'][0]['sid']}",
        "service": f"/services/{service}",
        "carrier": "/carriers/links/acme",
        "carrier-down": "/carriers/links/far",
        "carrier-edit": "/carriers/links/far/edit",
        "carrier-new": "/carriers/new?kind=smpp",
        "you": "/you",
    }


async def to_strangers(world: World) -> dict[str, str]:
    """Likewise, the pages for whoever has not signed in."""
    link = await world.platform.sign_in_url()
    return {
        "sign-in": "/sign-in",
        "link": link.partition("/console")[2],
        "error-open": "/errors/30005",
    }


_RAIL = (
    *("send", "handsets", "webhooks", "errors", "docs", "messages", "numbers", "services"),
    *("queues", "carriers", "usage", "people", "audit", "system"),
)


async def sent(world: World, to: str, body: str, *media: str, callback: str = "") -> str:
    """Gives the SID once the message has ended."""
    at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages"
    form = {"From": OWN, "To": to, "Body": body}
    form |= {"MediaUrl": media[0]} if media else {}
    form |= {"StatusCallback": callback} if callback else {}
    status, message = await world.ask("POST", f"{at}.json", **form)
    assert status == 201, message
    async with asyncio.timeout(20):
        while (await _message(world, message["sid"]))["status"] not in _ENDS:
            await asyncio.sleep(0.02)
    sid: str = message["sid"]
    return sid


async def _message(world: World, sid: str) -> dict[str, Any]:
    _, found = await world.ask("GET", f"/2010-04-01/Accounts/{world.auth[0]}/Messages/{sid}.json")
    answered: dict[str, Any] = found
    return answered


async def says(world: World, phone: str, body: str, answer: str, *pictures: bytes) -> None:
    """A phone does; returns once the customer was told, and has answered."""
    twiml = f"<Response><Message>{answer}</Message></Response>" if answer else "<Response/>"
    world.answers["/sms"] = Answer(body=twiml.encode())
    simulated = world.platform.simulated
    assert simulated is not None
    before = len(world.heard)
    media = [
        InboundMedia(content_type="image/jpeg", content=picture, name="evening.jpg")
        for picture in pictures
    ]
    await simulated.network.send(phone, OWN, body, media)
    await until(lambda: len([one for one in world.heard[before:] if one.path == "/sms"]))


async def called(world: World, **filters: str) -> None:
    async with asyncio.timeout(20):
        while not await world.webhooks(**filters):
            await asyncio.sleep(0.02)


async def _set_up(world: World, boss: Person) -> str:
    """A service with a pool, a link and a route, people, keys, an account; gives the service."""
    _, service = await world.ask("POST", "/messaging/v1/Services", FriendlyName="Evenings")
    numbers = f"/2010-04-01/Accounts/{world.auth[0]}/IncomingPhoneNumbers.json"
    _, listed = await world.ask("GET", numbers)
    at = f"/messaging/v1/Services/{service['sid']}/PhoneNumbers"
    for one in listed["incoming_phone_numbers"][:1]:
        await world.ask("POST", at, PhoneNumberSid=one["sid"])
    await world.ask("POST", "/magpie/v1/Carriers", Name="acme", Kind="loopback", Rate="20")
    down = '{"host": "127.0.0.1", "port": 1, "system_id": "magpie", "password": "secret"}'
    await world.ask("POST", "/magpie/v1/Carriers", Name="far", Kind="smpp", Configuration=down)
    await world.ask("POST", "/magpie/v1/Routes", Carrier="acme", Prefix="+4479", Kinds="sms")
    await boss.post("/people/keys", name="Nightly reminders")
    await boss.post("/people/accounts", name="Branch by the harbour")
    await boss.post("/people/users", name="Anna", role="agent")
    await boss.post("/carriers/networks/duplicate-receipts", preset="slow")
    await boss.post("/queues/pause", lane=OWN)
    waiting = f"/2010-04-01/Accounts/{world.auth[0]}/Messages.json"
    await world.ask("POST", waiting, From=OWN, To=PHONE, Body="See you at 7!")
    sid: str = service["sid"]
    return sid
