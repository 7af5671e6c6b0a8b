"""What went over a link, as the API tells it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import Smsc, receipt_for
from tests.pairs.fleet_world import PASSWORD, Node, centre, node

from magpie.protocols.smpp import MessageState

CARRIERS = "/magpie/v1/Carriers"


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[Smsc, int]]:
    async with centre() as made:
        yield made


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


async def test_the_trace_can_be_followed(one: Node, smsc: tuple[Smsc, int]) -> None:
    """Each entry has a number from which one goes on; people and passwords are overwritten."""
    await one.link("acme", smsc[1])
    await one.route("acme")
    await one.reaches(await one.send("meet me"), "sent")
    path = f"{CARRIERS}/acme/Trace"
    shown = (await one.get(path))["trace"]
    assert [(s["direction"], s["what"]) for s in shown] == [
        ("out", "BindTransceiver"),
        ("in", "BindTransceiverResp"),
        ("out", "SubmitSm"),
        ("in", "SubmitSmResp"),
    ]
    everything = str(shown)
    for hidden in (PASSWORD, PASSWORD.encode().hex(), b"meet me".hex(), b"15558675310".hex()):
        assert hidden not in everything
    after = (await one.get(f"{path}?After={shown[1]['number']}"))["trace"]
    assert [one["number"] for one in after] == [3, 4]
    assert [one["number"] for one in (await one.get(f"{path}?PageSize=1"))["trace"]] == [4]
    assert (await one.ask("GET", f"{CARRIERS}/nobody/Trace"))[0] == 404
    assert (await one.ask("GET", f"{path}?After=x"))[0] == 400


async def test_the_trace_of_one_message(one: Node, smsc: tuple[Smsc, int]) -> None:
    """Its submit and the answer by our key, its receipt by the carrier's; nothing of another."""
    await one.link("acme", smsc[1])
    await one.route("acme")
    sid, other = await one.send("meet me"), await one.send("not me")
    for message in (sid, other):
        await one.reaches(message, "sent")
    [taken] = [hop for hop in await one.hops(sid) if hop["hop"] == "taken"]
    [id_] = taken["detail"]["ids"]
    await smsc[0].deliver(receipt_for(id_, MessageState.DELIVERED))
    await one.reaches(sid, "delivered")
    path = f"{CARRIERS}/acme/Trace?MessageSid="
    shown = (await one.get(path + sid))["trace"]
    assert [one["what"] for one in shown] == ["SubmitSm", "SubmitSmResp", "DeliverSm"]
    assert [one["what"] for one in (await one.get(path + other))["trace"]] == [
        "SubmitSm",
        "SubmitSmResp",
    ]
    later = await one.get(f"{path}{sid}&After={shown[1]['number']}")
    assert later["trace"] == shown[2:]
    status, told = await one.ask("GET", f"{path}SM1")
    assert (status, "MessageSid must be the SID of a message" in told["message"]) == (400, True)
