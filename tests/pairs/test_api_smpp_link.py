"""Our own SMPP link, the one for carriers, bound to our own message centre: both ends at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.pairs.carrier_smpp import Taken, message, options
from tests.pairs.esme_world import World, until, world

from magpie.carriers import traffic as t
from magpie.carriers.smpp import SmppCarrier
from magpie.protocols import smpp
from magpie.settings import Secret

LONG = "0123456789" * 40


@asynccontextmanager
async def linked(smsc: World, given: dict[str, Any], **changes: Any) -> AsyncIterator[Any]:
    esme, password = await smsc.esme(**given)
    wanted = options(smsc.port, system_id=esme.system_id, password=Secret(password), **changes)
    carrier, taken = SmppCarrier(wanted), Taken()
    await carrier.start(taken)
    await until(lambda: carrier.state().bound)
    yield carrier, taken
    await carrier.stop()


@pytest.mark.parametrize("bind", ["trx", "tx+rx"])
@pytest.mark.parametrize("way", list(smpp.LongText))
async def test_texts_there_and_receipts_back(
    database_url: str, tmp_path: Path, bind: str, way: smpp.LongText
) -> None:
    """Every text is taken once, however it is cut, and the receipt of each part comes back."""
    text = smpp.TextOptions(long_text=way, message_reference=True)
    async with (
        world(database_url, tmp_path) as smsc,
        linked(smsc, {}, bind=bind, text=text) as (carrier, taken),
    ):
        bodies = ["short", LONG, "ünïcode 😀" * 30]
        sent = [carrier.submit(message(body, n)) for n, body in enumerate(bodies, 1)]
        outcomes = await asyncio.gather(*sent)
        assert all(isinstance(outcome, t.Accepted) for outcome in outcomes)
        assert {one.body for one in await smsc.messages()} == set(bodies)
        ids = {id_ for outcome in outcomes for id_ in outcome.ids}
        await until(lambda: len(taken.receipts) >= len(ids))
        assert {receipt.carrier_id for receipt in taken.receipts} == ids
        assert {receipt.state for receipt in taken.receipts} == {t.ReceiptState.DELIVERED}


async def test_texts_from_phones(database_url: str, tmp_path: Path) -> None:
    """What a phone sends comes out of the link as it went in."""
    async with (
        world(database_url, tmp_path) as smsc,
        linked(smsc, {"receives": "all"}) as (_, taken),
    ):
        inbound = t.Inbound(
            carrier="c", key="k", from_="+15558675310", to="+15017122661", body="hi"
        )
        await smsc.platform.arrivals.inbound(inbound)
        await until(lambda: taken.inbounds)
        (got,) = taken.inbounds
        assert (got.from_, got.to, got.body) == (inbound.from_, inbound.to, "hi")


async def test_a_throttled_link_loses_nothing(database_url: str, tmp_path: Path) -> None:
    """A link that is faster than it may be slows down, and everything passes in the end."""
    async with (
        world(database_url, tmp_path) as smsc,
        linked(smsc, {"rate": 50}, window=50) as (carrier, _),
    ):
        todo = list(range(1, 101))
        while todo:
            sent = [carrier.submit(message(f"number {n}", n)) for n in todo]
            outcomes = await asyncio.gather(*sent)
            todo = [n for n, one in zip(todo, outcomes, strict=True) if isinstance(one, t.Deferred)]
            await asyncio.sleep(0.2 if todo else 0)
        bodies = [one.body for one in await smsc.messages()]
        assert sorted(bodies) == sorted(f"number {n}" for n in range(1, 101))
