"""A message whose answer is lost and that is held: a person says what became of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import Smsc, accept, silent
from tests.pairs.console_visitor import person
from tests.pairs.fleet_world import JSON, Node, centre, node, texts, until

from magpie.users.model import Role


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


@pytest.fixture
async def smsc(one: Node) -> AsyncIterator[Smsc]:
    async with centre() as (made, port):
        await one.link("acme", port, on_unknown="hold", response_timeout=0.4)
        await one.route("acme")
        yield made


async def lost(one: Node, sid: str, times: int = 1) -> None:
    async def so() -> bool:
        return [hop["hop"] for hop in await one.hops(sid)].count("unknown") == times

    await until(so)


async def held(one: Node, smsc: Smsc) -> str:
    smsc.answer = silent
    sid = await one.send("hello")
    await lost(one, sid)
    return sid


async def settle(one: Node, sid: str, outcome: str) -> tuple[int, JSON]:
    return await one.ask("POST", f"/magpie/v1/Messages/{sid}/Outcome", {"Outcome": outcome})


@pytest.mark.parametrize(("outcome", "code"), [("sent", None), ("failed", 30008)])
async def test_somebody_knows(one: Node, smsc: Smsc, outcome: str, code: int | None) -> None:
    """It is as they say, once; nothing more is sent."""
    sid = await held(one, smsc)
    status, told = await settle(one, sid, outcome)
    assert (status, told["status"], told["sid"]) == (200, outcome, sid)
    assert await one.status(sid) == outcome
    last = (await one.hops(sid))[-1]
    assert (last["hop"], last["detail"].get("code")) == ("settled", code)
    assert (await settle(one, sid, "resend"))[0] == 409
    assert texts(smsc) == ["hello"]


async def test_once_more(one: Node, smsc: Smsc) -> None:
    """By the same carrier, as what it perhaps has already; and if that is lost, it is held anew."""
    sid = await held(one, smsc)
    assert (await settle(one, sid, "resend"))[1]["status"] == "sending"
    await lost(one, sid, times=2)
    smsc.answer = accept
    assert (await settle(one, sid, "resend"))[0] == 200
    await one.reaches(sid, "sent")
    begun = [hop["detail"] for hop in await one.hops(sid) if hop["hop"] == "submitting"]
    assert [one["attempt"] for one in begun] == [1, 2, 3]
    assert [one.get("possible_duplicate") for one in begun] == [None, True, True]
    assert texts(smsc) == ["hello"] * 3


async def test_what_is_not_held(one: Node, smsc: Smsc) -> None:
    """A message that goes its way, one that is not there, and a word that means nothing."""
    sid = await one.send("hello")
    await one.reaches(sid, "sent")
    for outcome in ("sent", "failed", "resend"):
        status, told = await settle(one, sid, outcome)
        assert (status, told["code"]) == (409, 20409)
    assert (await settle(one, sid, "perhaps"))[0] == 400
    assert (await settle(one, f"SM{1:032x}", "sent"))[0] == 404
    assert texts(smsc) == ["hello"]


async def test_what_is_tried_again_by_itself(one: Node) -> None:
    """While the policy has not said its last word, nobody needs to."""
    async with centre() as (made, port):
        made.answer = silent
        await one.link("acme", port, on_unknown="resend", response_timeout=0.4)
        await one.route("acme")
        sid = await one.send("hello")
        await lost(one, sid)
        assert (await settle(one, sid, "sent"))[0] == 409


async def test_by_the_page_of_the_message(one: Node, smsc: Smsc) -> None:
    """An operator is offered it as long as the message is held; a viewer is not."""
    sid = await held(one, smsc)
    viewer = await person(one.platform.database, one.base, Role.VIEWER)
    operator = await person(one.platform.database, one.base, Role.OPERATOR)
    assert "It was sent" not in await viewer.see(f"/messages/{sid}")
    assert "It was sent" in await operator.see(f"/messages/{sid}")
    assert (await viewer.post(f"/messages/{sid}/settle", Outcome="sent"))[0] == 403
    assert (await operator.post(f"/messages/{sid}/settle", Outcome="maybe"))[0] == 400
    assert (await operator.post(f"/messages/{sid}/settle", Outcome="sent"))[0] == 303
    assert await one.status(sid) == "sent"
    assert "It was sent" not in await operator.see(f"/messages/{sid}")
    assert (await operator.post(f"/messages/{sid}/settle", Outcome="sent"))[0] == 409
