"""What clients are handed: receipts and texts, kept until they are taken."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.pairs.esme_world import FROM, TO, World, until, world

from magpie.app.smpp import Smpp
from magpie.carriers.traffic import Inbound
from magpie.esmes import due
from magpie.esmes.due import TextDue
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.sids import uuid_of

LONG = "0123456789" * 40


@pytest.fixture
async def smsc(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database_url, tmp_path) as made:
        yield made


async def text(smsc: World, body: str = "from a phone", key: str = "k", to: str = FROM) -> None:
    inbound = Inbound(carrier="test", key=key, from_=TO, to=to, body=body)
    await smsc.platform.arrivals.inbound(inbound)


async def jobs(smsc: World) -> int:
    found: int = await smsc.database.fetchval("select count(*) from jobs where queue = 'smpp'")
    return found


async def drained(smsc: World) -> None:
    async with asyncio.timeout(15):
        while await jobs(smsc):
            await asyncio.sleep(0.02)


async def test_a_receipt_in_both_forms(smsc: World) -> None:
    """Text and parameters tell the same, from one id; both addresses are turned round."""
    client = await smsc.client(system_id="shop")
    answer = await client.submit("hello there", registered_delivery=1)
    await until(lambda: client.delivered)
    (pdu,) = client.delivered
    assert (pdu.source.addr, pdu.destination.addr) == (TO[1:], FROM[1:])
    assert pdu.esm_class == smpp.EsmClass.RECEIPT
    (receipt,) = client.receipts()
    assert receipt.message_id == receipt.text_id == answer.message_id
    assert (receipt.stat, receipt.error, receipt.text) == ("DELIVRD", "000", "hello there")
    assert receipt.final
    assert len(receipt.done_date_raw) == 10
    await drained(smsc)
    hops = await smsc.hops((await smsc.messages())[0])
    told = [hop.detail or {} for hop in hops if hop.hop == "smpp"]
    assert [(d["kind"], d["told"], d["answer"], d["system_id"]) for d in told] == [
        ("receipt", "delivered", "ESME_ROK", "shop")
    ]


@pytest.mark.parametrize(
    ("form", "read"),
    [("hex", lambda sid: sid[2:]), ("decimal", lambda sid: str(uuid_of(sid).int))],
)
async def test_forms_of_ids(smsc: World, form: str, read: Callable[[str], str]) -> None:
    """As the client wants them, in the answer as in the receipt."""
    client = await smsc.client(id_form=form, date_form="seconds", receipt_tlvs=False)
    answer = await client.submit(registered_delivery=1)
    assert answer.message_id == read((await smsc.messages())[0].sid)
    await until(lambda: client.delivered)
    assert client.delivered[0].tlvs == ()
    (receipt,) = client.receipts()
    assert (receipt.message_id, len(receipt.done_date_raw)) == (answer.message_id, 12)


@pytest.mark.parametrize(
    ("registered", "to", "stats"),
    [
        (0, TO, []),
        (1, TO, ["DELIVRD"]),
        (2, TO, []),
        (3, TO, ["DELIVRD"]),
        (0x11, TO, ["ENROUTE", "DELIVRD"]),
        (1, "+15559990000", ["UNDELIV"]),
        (2, "+15559990000", ["UNDELIV"]),
        (3, "+15559990000", []),
    ],
)
async def test_what_was_asked_for(smsc: World, registered: int, to: str, stats: list[str]) -> None:
    """registered_delivery decides which states are told, in their order."""
    client = await smsc.client()
    destination = smpp.Address(1, 1, to[1:])
    await client.submit(registered_delivery=registered, destination=destination)
    async with asyncio.timeout(15):
        while (await smsc.messages())[0].status not in {"delivered", "undelivered"}:
            await asyncio.sleep(0.02)
    await drained(smsc)
    assert [receipt.stat for receipt in client.receipts()] == stats


async def test_each_part_has_its_receipt(smsc: World) -> None:
    """With the id that its answer had."""
    client = await smsc.client()
    options = smpp.TextOptions()
    pdus = smpp.build_submits(FROM, TO, LONG, options=options, reference=1)
    ids = {(await client.ask(pdu)).message_id for pdu in pdus}
    await until(lambda: len(client.receipts()) == len(pdus))
    assert {receipt.message_id for receipt in client.receipts()} == ids


async def test_receipts_wait_for_a_receiver(smsc: World) -> None:
    """A transmitter gets none; who binds as a receiver later gets them all."""
    esme, password = await smsc.esme()
    sender = await smsc.bound(esme, password, smpp.BindTransmitter)
    for n in range(5):
        await sender.submit(f"number {n}", registered_delivery=1)
    async with asyncio.timeout(15):
        while await jobs(smsc) < 5:
            await asyncio.sleep(0.02)
    receiver = await smsc.bound(esme, password, smpp.BindReceiver)
    await until(lambda: len(receiver.receipts()) == 5)
    await drained(smsc)
    assert sender.delivered == []


async def test_binds_take_turns(smsc: World) -> None:
    """Whoever is bound to receive gets a share; a bind that has gone gets nothing."""
    esme, password = await smsc.esme(receives="all")
    clients = [await smsc.bound(esme, password) for _ in range(3)]
    clients[2].close()
    await asyncio.sleep(0.05)
    for n in range(10):
        await text(smsc, key=str(n))
    await until(lambda: sum(len(client.delivered) for client in clients) == 10)
    assert [len(client.delivered) for client in clients] == [5, 5, 0]


async def test_a_no_is_asked_again(smsc: World) -> None:
    """A temporary refusal is tried again, later ones wait for their turn; a final one is not."""
    client = await smsc.client(receives="all")
    answers = iter([smpp.Status.RX_T_APPN, 0])
    client.answer = lambda _: next(answers)
    await text(smsc, "again")
    await until(lambda: len(client.delivered) == 2)
    await drained(smsc)
    client.answer = lambda _: smpp.Status.RX_R_APPN
    await text(smsc, "never", key="2")
    await drained(smsc)
    assert [pdu.short_message for pdu in client.delivered] == [b"again", b"again", b"never"]


async def test_a_bind_that_dies_with_a_receipt(smsc: World) -> None:
    """What was not answered goes to the next bind."""
    esme, password = await smsc.esme()
    first = await smsc.bound(esme, password)
    first.answer = lambda _: None
    await first.submit(registered_delivery=1)
    await until(lambda: first.delivered)
    first.close()
    second = await smsc.bound(esme, password)
    await until(second.receipts)
    assert second.receipts()[0].message_id == first.receipts()[0].message_id
    await drained(smsc)


@pytest.mark.parametrize(("way", "count"), [("udh", 3), ("sar", 3), ("payload", 1)])
async def test_a_long_text_from_a_phone(smsc: World, way: str, count: int) -> None:
    """As the client wants it."""
    client = await smsc.client(receives="all", long_text=way)
    await text(smsc, LONG)
    await until(lambda: len(client.delivered) == count)
    texts = [smpp.read_text(pdu) for pdu in client.delivered]
    texts.sort(key=lambda one: one.concat.index if one.concat else 0)
    assert "".join(one.body or "" for one in texts) == LONG


async def test_who_receives(smsc: World) -> None:
    """All, those that are listed, or none: each client says what it wants."""
    wanted: list[dict[str, Any]] = [
        {"receives": "all"},
        {"receives": "list", "numbers": [FROM]},
        {"receives": "list", "numbers": ["+18005550100"]},
        {"receives": "none", "numbers": [FROM]},
    ]
    clients = [await smsc.client(**given) for given in wanted]
    await text(smsc, "ünïcode 😀")
    await until(lambda: clients[0].delivered and clients[1].delivered)
    await drained(smsc)
    assert [len(client.delivered) for client in clients] == [1, 1, 0, 0]
    (pdu,) = clients[0].delivered
    assert (pdu.source.addr, pdu.destination.addr, pdu.esm_class) == (TO[1:], FROM[1:], 0)
    assert smpp.read_text(pdu).body == "ünïcode 😀"


async def test_what_nobody_comes_for(smsc: World) -> None:
    """After a day it is given up, and the story says so."""
    esme, _ = await smsc.esme(system_id="away", receives="all")
    with clock.use(clock.ManualClock(clock.now() - timedelta(hours=25))):
        old = TextDue(message_id=clock.uuid7(), from_=TO, to=FROM, body="old")
        put = due.put(esme.account_sid, esme.system_id, old)
    async with smsc.database.transaction() as connection:
        await smsc.platform.queues.smpp.put(connection, [put])
    await text(smsc, "young")
    await Smpp(smsc.platform).deliveries.drop_overdue()
    assert await jobs(smsc) == 1
    row = await smsc.database.fetchrow(
        "select hop, detail from timeline where message_id = $1", old.message_id
    )
    assert (row[0], row[1]["why"]) == ("smpp", "no bind")
