"""Links, routes and faults in the console: made, watched, switched, by whoever may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import Smsc
from tests.pairs.console_visitor import Person, person
from tests.pairs.fleet_world import PASSWORD, SENDER, Node, centre, node

from magpie.users.model import Role

LINK = "/carriers/links/acme"


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[Smsc, int]]:
    async with centre() as made:
        yield made


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


@pytest.fixture
async def simulated(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path, roles=("api", "dispatch", "simulator")) as made:
        yield made


async def visitor(one: Node, role: Role) -> Person:
    return await person(one.platform.database, one.platform.base_url, role)


def fields(port: int | str) -> dict[str, str]:
    known = {"host": "127.0.0.1", "port": str(port), "system_id": "magpie"}
    plain = {f"set.{name}": value for name, value in known.items()}
    return {"Name": "acme", "Kind": "smpp", "secret.password": PASSWORD, **plain}


async def test_a_link_from_its_form_to_its_trace(one: Node, smsc: tuple[Smsc, int]) -> None:
    """It is made, edited with its password kept, carries, shows what went over it, and goes."""
    operator = await visitor(one, Role.OPERATOR)
    status, _, where = await operator.post("/carriers/new", **fields(smsc[1]))
    assert (status, where.split("?")[0]) == (303, f"/console{LINK}")
    await one.state("acme", "up")
    form = await operator.see(f"{LINK}/edit")
    assert PASSWORD not in form
    given = fields(smsc[1]) | {"set.window": "5", "secret.password": ""}
    assert (await operator.post(LINK, **given))[0] == 303
    await one.state("acme", "up")
    assert (await one.carrier("acme"))["configuration"]["window"] == 5
    route = {"Carrier": "acme", "Prefix": "+1555", "Kinds": "sms", "Priority": "3"}
    assert (await operator.post("/carriers/routes", **route))[0] == 303
    await one.reaches(await one.send("hello"), "sent")
    page = await operator.see(LINK)
    assert "<code>SubmitSm</code>" in page
    assert "BOUND_TRX" in page
    assert PASSWORD not in page
    assert (await operator.post(f"{LINK}/delete"))[0] == 303
    assert (await operator.post(f"{LINK}/delete"))[0] == 404


async def test_a_form_that_is_wrong(one: Node) -> None:
    """It comes back as it was written, with the reason and without the password."""
    operator = await visitor(one, Role.OPERATOR)
    status, text, _ = await operator.post("/carriers/new", **fields("many"))
    assert (status, 'value="many"' in text) == (400, True)
    assert "port: must be a whole number (20422)" in text
    assert PASSWORD not in text
    assert (await operator.post("/carriers/routes", Carrier="nobody"))[0] == 400


@pytest.mark.parametrize(("status", "word"), [("paused", "Go on"), ("draining", "Pause")])
async def test_a_link_is_switched(one: Node, status: str, word: str) -> None:
    """Paused or draining, with the ways back on the page."""
    await one.post("/magpie/v1/Carriers", Name="acme", Kind="loopback")
    operator = await visitor(one, Role.OPERATOR)
    assert (await operator.post(f"{LINK}/status", status=status))[0] == 303
    assert (await one.carrier("acme"))["status"] == status
    assert word in await operator.see(LINK)
    assert (await operator.post(f"{LINK}/status", status="asleep"))[0] == 400


@pytest.mark.parametrize(
    ("switch", "told"), [("pause", "lane is paused"), ("drain", "takes nothing new")]
)
async def test_a_message_is_foreseen_that_would_not_leave(
    one: Node, switch: str, told: str
) -> None:
    """Whoever writes it is told that its lane stands still, not how soon it is there."""
    operator = await visitor(one, Role.OPERATOR)
    form = {"To": "+15558675310", "From": SENDER, "Body": "hello"}
    assert "leaves at once" in (await operator.post("/send/preview", **form))[1]
    assert (await operator.post(f"/queues/{switch}", lane=SENDER))[0] == 303
    page = (await operator.post("/send/preview", **form))[1]
    assert (told in page, "leaves at once" in page) == (True, False)


async def test_a_route_is_changed_and_deleted(one: Node) -> None:
    """By its own form; an empty prefix means all numbers."""
    await one.post("/magpie/v1/Carriers", Name="acme", Kind="loopback")
    made = await one.route("acme", Prefix="+1555")
    operator = await visitor(one, Role.OPERATOR)
    change = {"Carrier": "acme", "Prefix": "", "Kinds": "mms", "Priority": "7"}
    at = f"/carriers/routes/{made['sid']}"
    assert (await operator.post(at, **change))[0] == 303
    [told] = (await one.get("/magpie/v1/Routes"))["routes"]
    assert (told["prefix"], told["kinds"], told["priority"]) == ("", ["mms"], 7)
    assert (await operator.post(f"{at}/delete"))[0] == 303
    assert (await one.get("/magpie/v1/Routes"))["routes"] == []


async def test_faults_are_switched_on_and_off(simulated: Node) -> None:
    """What is on is shown as on, meets messages, and is off again."""
    operator = await visitor(simulated, Role.OPERATOR)
    at = "/carriers/networks/att"
    assert (await operator.post(at, preset="refusing"))[0] == 303
    page = await operator.see("/carriers")
    assert "refuse 100%" in page
    assert "Switch off for att" in page
    assert (await simulated.get("/simulator/v1/Carriers/att"))["faults"]["refuse"] == 1
    assert (await operator.post(at, preset=""))[0] == 303
    assert (await simulated.get("/simulator/v1/Carriers/att"))["faults"]["refuse"] == 0
    assert "Switch off for att" not in await operator.see("/carriers")
    assert (await operator.post(at, preset="nonsense"))[0] == 400


async def test_a_viewer_only_looks(one: Node) -> None:
    """No switch is shown to him, and none that he posts to does anything."""
    await one.post("/magpie/v1/Carriers", Name="acme", Kind="loopback")
    viewer = await visitor(one, Role.VIEWER)
    assert "<form method" not in (await viewer.see(LINK)).split("<main")[1]
    assert "<form method" not in (await viewer.see("/carriers")).split("<main")[1]
    for path in ("/carriers/new", LINK, f"{LINK}/status", f"{LINK}/delete", "/carriers/routes"):
        assert (await viewer.post(path, status="paused"))[0] == 403, path
    assert (await viewer.post("/carriers/networks/att", preset="silent"))[0] == 403


async def test_the_book_has_no_password(one: Node) -> None:
    """A link that was made here is in the audit book, without what is secret of it."""
    operator = await visitor(one, Role.OPERATOR)
    assert (await operator.post("/carriers/new", **fields(1)))[0] == 303
    rows = await one.platform.database.fetch("select action, detail::text from audit")
    [detail] = [row[1] for row in rows if row[0] == "POST /console/carriers/new"]
    assert PASSWORD not in detail
    assert "***" in detail
