"""The page of a message shows what went over the link for it, and nothing of any other."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import LONG, Smsc, receipt_for, refuse
from tests.pairs.console_visitor import Person, person
from tests.pairs.fleet_world import PASSWORD, Node, centre, node
from tests.pairs.webhooks_world import OWN, PHONE, Answer
from tests.pairs.webhooks_world import world as webhooks_world
from tests.pictures import png

from magpie.carriers.trace import KEPT
from magpie.protocols.smpp import MessageState, Status
from magpie.users.model import Role

TO, OTHER = "+15558675310", "+15558675311"


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[Smsc, int]]:
    async with centre() as made:
        yield made


@pytest.fixture
async def one(database_url: str, tmp_path: Path, smsc: tuple[Smsc, int]) -> AsyncIterator[Node]:
    """A node with one link and a route to it."""
    async with node(database_url, tmp_path) as made:
        await made.number()
        await made.link("acme", smsc[1])
        await made.route("acme", Prefix="+1555")
        yield made


async def viewer(one: Node) -> Person:
    return await person(one.platform.database, one.platform.base_url, Role.VIEWER)


async def wired(who: Person, sid: str) -> list[str]:
    """The names of the PDUs, the oldest first."""
    page = await who.see(f"/messages/{sid}")
    section = page.partition('<a href="/console/carriers/links/acme">acme</a></h2>')[2]
    return re.findall(r"<code>(\w+)</code>", section.partition("</section>")[0])


async def test_its_own_alone(one: Node, smsc: tuple[Smsc, int]) -> None:
    """Each submit with its answer, and the receipts, of a long text for each part."""
    sid, other = await one.send(LONG), await one.send("hello", OTHER)
    for message in (sid, other):
        await one.reaches(message, "sent")
    who = await viewer(one)
    pair = ["SubmitSm", "SubmitSmResp"]
    assert sorted(await wired(who, sid)) == sorted(pair * 3)
    assert await wired(who, other) == pair
    [taken] = [hop for hop in await one.hops(other) if hop["hop"] == "taken"]
    [id_] = taken["detail"]["ids"]
    await smsc[0].deliver(receipt_for(id_, MessageState.DELIVERED))
    await one.reaches(other, "delivered")
    assert await wired(who, other) == [*pair, "DeliverSm"]
    page = await who.see(f"/messages/{other}")
    assert id_.encode().hex() in page
    assert b"hello".hex() not in page
    assert PASSWORD not in page


async def test_one_that_was_refused(one: Node, smsc: tuple[Smsc, int]) -> None:
    """It never got an id of the carrier's, and is known by ours."""
    smsc[0].answer = refuse(Status.RINVDSTADR)
    sid = await one.send("hello")
    await one.reaches(sid, "failed")
    who = await viewer(one)
    assert await wired(who, sid) == ["SubmitSm", "SubmitSmResp"]
    assert "ESME_RINVDSTADR" in await who.see(f"/messages/{sid}")


async def test_what_others_have_pushed_out(one: Node) -> None:
    """The page says so: a link keeps its last words only."""
    sid = await one.send("hello")
    await one.reaches(sid, "sent")
    later = [await one.send("later") for _ in range(KEPT // 2)]
    await one.reaches(later[-1], "sent")
    who = await viewer(one)
    assert await wired(who, sid) == []
    assert "Nothing of it is in the trace any more" in await who.see(f"/messages/{sid}")


async def test_over_the_air(database_url: str, tmp_path: Path) -> None:
    """Of the built-in network the page shows what its phones got: texts and pictures."""
    async with webhooks_world(database_url, tmp_path, show_pii=True) as world:
        world.answers["/a.png"] = Answer(body=png(20, 20), kind="image/png")
        who = await person(world.platform.database, world.platform.base_url, Role.VIEWER)
        text = await world.send(f"{world.there}/status", "a long text " * 20)
        form = {"From": OWN, "To": PHONE, "MediaUrl": f"{world.there}/a.png"}
        at = f"/2010-04-01/Accounts/{world.auth[0]}/Messages"
        picture = (await world.ask("POST", f"{at}.json", **form))[1]["sid"]
        async with asyncio.timeout(20):
            while (await world.ask("GET", f"{at}/{picture}.json"))[1]["status"] != "delivered":
                await asyncio.sleep(0.02)
        page = await who.see(f"/messages/{text}")
        assert re.findall(r"<code>([a-z]+-[a-z]+)</code>", page) == ["sms-deliver"] * 2
        assert ("1 of 2" in page, "2 of 2" in page) == (True, True)
        page = await who.see(f"/messages/{picture}")
        assert re.findall(r"<code>([a-z]+-[a-z]+)</code>", page) == [
            "notification-ind",
            "retrieve-conf",
            "acknowledge-ind",
        ]
        assert "sms-deliver" in await who.see("/carriers/links/simulator")


async def test_one_that_waits(one: Node) -> None:
    """Until it is handed to a link there is no heading for one."""
    await one.post("/magpie/v1/Carriers/acme", Status="paused")
    sid = await one.send("hello")
    await one.reaches(sid, "queued")
    assert "carriers/links/acme" not in await (await viewer(one)).see(f"/messages/{sid}")
