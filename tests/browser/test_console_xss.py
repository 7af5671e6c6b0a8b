"""What others write is text on every page of the console: in a real browser, none of it runs."""

import asyncio
from collections.abc import Sequence
from itertools import count, repeat
from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

import msgspec
from aiohttp import ClientSession, encode_basic_auth
from tests.browser.xss_world import (
    ALL,
    BODY,
    TEXTS,
    Visited,
    cards,
    in_lines,
    in_urls,
    in_xml,
    joined,
    part,
)
from tests.pairs.carrier_mm7 import Relay, refuse
from tests.pairs.webhooks_world import OWN, PHONE, Answer, World, until
from tests.pictures import png

from magpie.carriers.traffic import InboundMedia
from magpie.kit import clock
from magpie.simulator import store
from magpie.simulator.model import Handset

_CALM: Final = "text/html; charset=utf-8"
_FORM: Final = "application/x-www-form-urlencoded"


async def test_texts(visited: Visited) -> None:
    """Of messages: in the list while it lives, and in the pages behind it."""
    await visited.sees("/messages")
    to = {"From": OWN, "To": PHONE}
    await visited.make(visited.account("/Messages"), (to | {"Body": one} for one in TEXTS))
    await visited.look()
    seen = await visited.sees_all("", "/messages")
    while await visited.page.get_by_role("link", name="Older").count():
        await visited.page.get_by_role("link", name="Older").click()
        seen |= await visited.look()
    assert seen == ALL


async def test_messages(world: World, visited: Visited) -> None:
    """Their texts, the addresses that they have, and what comes of them; and what a phone shows."""
    world.answers["/bad"] = Answer(500)
    groups = [
        [{"Body": text} for text in joined(BODY)],
        [{"Body": "x", "StatusCallback": f"{world.there}/{url}"} for url in in_urls(BODY)],
        [{"MediaUrl": f"{world.there}/{url}"} for url in in_urls(BODY)],
        [{"Body": "x", "StatusCallback": f"{world.there}/bad?{url}"} for url in in_urls(3500)],
    ]
    for group in groups:
        forms = ({"From": OWN, "To": PHONE} | form for form in group)
        made = await visited.make(visited.account("/Messages"), forms)
        assert await visited.sees_all(*await visited.ended(made)) == ALL
    for path in ("/handsets", "/webhooks", "/errors/11200"):
        assert await visited.sees(path) == ALL, path


async def test_requests(world: World, visited: Visited) -> None:
    """What a program sends beside its parameters: names that the call does not have, headers."""
    url = f"{world.platform.base_url}{visited.account('/Messages')}"
    form = {"From": OWN, "To": PHONE, "Body": "x"}
    told: list[tuple[dict[str, str], dict[str, str]]]
    told = [(form | {name: "x"}, {}) for name in joined(60_000)]
    told += [(form, {"X-Told": line}) for line in in_lines(2000)]
    head = {"Authorization": encode_basic_auth(*world.auth), "Content-Type": _FORM}
    seen: list[set[int]] = []
    async with ClientSession() as client:
        for fields, more in told:
            async with client.post(url, data=urlencode(fields), headers=head | more) as answer:
                sid = (await answer.json())["sid"]
            seen.append(await visited.sees(f"/messages/{sid}"))
    assert (seen[0], set().union(*seen[1:])) == (ALL, ALL)


async def test_what_phones_say(world: World, visited: Visited) -> None:
    """Texts, captions, contact cards, names of files and their kinds: there, and here."""
    assert world.platform.simulated is not None
    network = world.platform.simulated.network
    parcels: list[list[tuple[str, list[InboundMedia]]]] = [
        [(text, []) for text in joined(BODY)],
        [("", [part(text, "text/plain")]) for text in joined(8000)],
        [("", [part(text, "text/vcard")]) for text in cards()],
        [("", [part(text, "application/pdf", text)]) for text in joined(4000)],
        [("", [part(url, f"application/{url}")]) for url in in_urls(4000)],
        [("", [part(text, "application/smil", "a.smil")]) for text in joined(8000)],
    ]
    await world.listen_at("/sms")
    for number, group in enumerate(parcels, 15558675320):
        phone = Handset(f"+{number}", "simulator", clock.now())
        await store.put_handset(world.platform.database, phone)
        network.directory.forget()
        for text, parts in group:
            await network.send(phone.number, OWN, text, parts)
        seen = await visited.sees(f"/handsets?show=%2B{number}")
        assert seen == (ALL if group is not parcels[-1] else set()), number
    await until(lambda: len(world.heard) == sum(map(len, parcels)))
    listed = await visited.listed(visited.account("/Messages"), To=OWN)
    pages = [f"/messages/{one['sid']}" for one in listed["messages"]]
    assert await visited.sees_all(*pages) == ALL
    calls = [f"/webhooks/{call['sid']}" for call in await world.webhooks(PageSize="50")]
    assert await visited.sees_all(*calls[-len(parcels[0]) :]) == ALL


async def test_answers(world: World, visited: Visited) -> None:
    """Of customers' servers: bodies and headers, and how another one differs from them."""
    headers = {f"X-{n}": line for n, line in enumerate(in_lines(4000))}
    answers = {
        "/body": Answer(500, " ".join(TEXTS).encode(), _CALM),
        "/json": Answer(500, msgspec.json.encode(TEXTS), "application/json"),
        "/headers": Answer(500, b"", _CALM, headers),
    }
    for path, answer in answers.items():
        world.answers[path] = answer
        await world.send(f"{world.there}{path}")
        assert await visited.sees(f"/webhooks/{await called(world, path)}") == ALL
        world.answers[path] = Answer(500)
        await visited.page.get_by_role("button", name="Replay", exact=True).click()
        await visited.page.get_by_text("Called again").wait_for()
        assert await visited.look() == ALL


async def test_documents(world: World, visited: Visited) -> None:
    """TwiML, what it asks for, and what is wrong with it."""
    replies = [f"<Message>{escape(text)}</Message>" for text in in_xml(BODY)]
    documents = {
        "replies": ["".join(replies[:9]), "".join(replies[9:])],
        "actions": [f"<Message action={quoteattr(url)}>x</Message>" for url in in_urls(3000)],
        "redirects": [f"<Redirect>{world.there}/{escape(url)}</Redirect>" for url in in_urls(3000)],
        "verbs": [f"<a>{escape(text)}</a><Message to={quoteattr(text)}/>" for text in in_xml(8000)],
    }
    seen = {
        name: await documented(visited, *(f"<Response>{one}</Response>" for one in group))
        for name, group in documents.items()
    }
    assert seen["replies"] == seen["actions"] == seen["redirects"] == ALL
    assert await documented(visited, *joined(8000)) == ALL
    assert await documented(visited, *("x" for _ in range(6)), kinds=in_lines(4000)) == ALL


_NUMBERS: Final = count(1000)


async def documented(visited: Visited, *documents: str, kinds: Sequence[str] = ()) -> set[int]:
    """Each is the answer when a phone's text is told; gives what the page of that call shows."""
    seen = set[int]()
    for document, kind in zip(documents, kinds or repeat("text/xml"), strict=False):
        path = f"/{next(_NUMBERS)}"
        visited.world.answers[path] = Answer(200, document.encode(), kind)
        await visited.world.listen_at(path)
        await visited.world.say("x")
        seen |= await visited.sees(f"/webhooks/{await called(visited.world, path)}")
    return seen


async def called(world: World, path: str) -> str:
    async with asyncio.timeout(20):
        while not (found := await world.webhooks(Url=f"{world.there}{path}")):
            await asyncio.sleep(0.02)
    sid: str = found[0]["sid"]
    return sid


async def test_carriers(world: World, visited: Visited) -> None:
    """What a relay says of messages that it refuses: on their pages, and in the link's trace."""
    relay, texts = Relay(), in_xml(4000)
    link = {"url": f"http://127.0.0.1:{await relay.listen()}/mm7", "vasp_id": "x"}
    link_form = {
        "Name": "north",
        "Kind": "mm7",
        "Configuration": msgspec.json.encode(link).decode(),
    }
    await visited.make("/magpie/v1/Carriers", [link_form])
    await visited.make("/magpie/v1/Routes", [{"Carrier": "north", "Kinds": "mms"}])
    world.answers["/a.png"] = Answer(200, png(8, 8), "image/png")
    form, seen = {"From": OWN, "To": PHONE, "MediaUrl": f"{world.there}/a.png"}, set[int]()
    for text in texts:
        relay.answer = refuse(2004, text)
        made = await visited.make(visited.account("/Messages"), [form])
        seen |= await visited.sees_all(*await visited.ended(made))
    assert seen == await visited.sees("/carriers/links/north") == ALL
    await visited.sees("/carriers")
    await relay.close()
