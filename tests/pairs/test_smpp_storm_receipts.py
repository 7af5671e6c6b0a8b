"""Ten thousand receipts, repeated and out of order, have the effect of one each."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import receipt_for
from tests.pairs.fleet_world import Node, centre, node

from magpie.protocols import smpp
from magpie.protocols.smpp import MessageState

_TEXTS, _EACH = 50, 200
# The window of the centre's session.
_AT_ONCE = 10
_STATES = (MessageState.ENROUTE, MessageState.ACCEPTED, MessageState.DELIVERED)


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


@pytest.mark.timeout(300)
async def test_a_storm_of_receipts(one: Node) -> None:
    """Each is answered; each message moves once, to where the first final word led it."""
    async with centre() as (smsc, port):
        await one.link("acme", port)
        await one.route("acme")
        await one.state("acme", "up")
        smsc.answer = lambda pdu, number: smpp.reply(pdu, message_id=f"id{number}")
        sids = [await one.send(f"text {number}") for number in range(_TEXTS)]
        for sid in sids:
            await one.reaches(sid, "sent")
        storm = [
            receipt_for(f"id{1 + number % _TEXTS}", _STATES[number % 3])
            for number in range(_TEXTS * _EACH)
        ]
        random.Random(8).shuffle(storm)
        statuses: list[int] = []
        for at in range(0, len(storm), _AT_ONCE):
            statuses += await asyncio.gather(*map(smsc.deliver, storm[at : at + _AT_ONCE]))
        assert set(statuses) == {0}
        for sid in sids:
            await one.reaches(sid, "delivered")
            told = [hop["detail"] for hop in await one.hops(sid) if hop["hop"] == "receipt"]
            assert [hop["status"] for hop in told if "status" in hop] == ["delivered"]
