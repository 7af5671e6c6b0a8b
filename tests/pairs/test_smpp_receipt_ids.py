"""Receipts find their messages however a carrier writes ids, and whatever parts there are."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.pairs.carrier_smpp import LONG, Answer, Smsc, receipt_for
from tests.pairs.fleet_world import Node, centre, node, until

from magpie.protocols import smpp
from magpie.protocols.smpp import MessageState

FORMS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "AbC01", "AbC01"),
    ({"receipt_ids": "response-hex"}, "1F4A", "8010"),
    ({"receipt_ids": "response-hex"}, "00001f4b", "0008011"),
    ({"receipt_ids": "response-dec"}, "8012", "1F4C"),
    ({"receipt_ids": "response-dec"}, "0008013", "00001f4d"),
    ({"fold_case": True}, "abcdef-1", "ABCDEF-1"),
    ({"fold_zeros": True}, "000012345", "12345"),
    ({"fold_case": True, "fold_zeros": True}, "000ABC", "abc"),
]


@pytest.fixture
async def one(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    async with node(database_url, tmp_path) as made:
        await made.number()
        yield made


async def test_ids_are_compared_as_the_carrier_writes_them(one: Node) -> None:
    """Hexadecimal here and decimal there, zeros at the beginning, letters large or small."""
    async with centre() as (smsc, port):
        await one.link("acme", port)
        await one.route("acme")
        for number, (options, answered, told) in enumerate(FORMS):
            smsc.answer = _answering(answered)
            bound_again = partial(_more, smsc, len(smsc.binds))
            reset: dict[str, Any] = {"receipt_ids": None, "fold_case": None, "fold_zeros": None}
            changed = msgspec.json.encode(reset | options).decode()
            await one.post("/magpie/v1/Carriers/acme", Configuration=changed)
            if number:
                await until(bound_again)
            await one.state("acme", "up")
            sid = await one.send(f"text {number}")
            await one.reaches(sid, "sent")
            await smsc.deliver(receipt_for(told, MessageState.DELIVERED))
            await one.reaches(sid, "delivered")


def _answering(id_: str) -> Answer:
    return lambda pdu, _: smpp.reply(pdu, message_id=id_)


def _more(smsc: Smsc, binds: int) -> bool:
    return len(smsc.binds) > binds


async def test_ids_are_not_folded_unasked(one: Node) -> None:
    """Where nobody says so, a and A are the receipts of two messages."""
    async with centre() as (smsc, port):
        smsc.answer = _answering("abc")
        await one.link("acme", port)
        await one.route("acme")
        sid = await one.send("hello")
        await one.reaches(sid, "sent")
        await smsc.deliver(receipt_for("ABC", MessageState.DELIVERED))
        assert await one.status(sid) == "sent"
        assert (await one.carrier("acme"))["parked_receipts"] == 1


async def test_a_long_text_is_delivered_when_all_its_parts_are(one: Node) -> None:
    """In any order, and told twice; one part that fails fails the text."""
    async with centre() as (smsc, port):
        await one.link("acme", port)
        await one.route("acme")
        sid = await one.send(LONG)
        await one.reaches(sid, "sent")
        for id_ in ("id3", "id1", "id1"):
            await smsc.deliver(receipt_for(id_, MessageState.DELIVERED))
        assert await one.status(sid) == "sent"
        await smsc.deliver(receipt_for("id2", MessageState.DELIVERED))
        await one.reaches(sid, "delivered")
        other = await one.send(LONG)
        await one.reaches(other, "sent")
        await smsc.deliver(receipt_for("id4", MessageState.DELIVERED))
        await smsc.deliver(receipt_for("id6", MessageState.UNDELIVERABLE))
        await one.reaches(other, "undelivered")


async def test_receipts_that_come_by_another_link(one: Node) -> None:
    """Two binds to one account: the carrier hands receipts to either, before the answer, too."""
    async with centre() as (_, port), centre() as (other, second):
        for name, where in (("acme", port), ("beta", second)):
            await one.link(name, where, account="ours")
        await one.link("stranger", port)
        await one.route("acme")
        sid = await one.send("hello")
        await one.reaches(sid, "sent")
        await other.deliver(receipt_for("id1", MessageState.DELIVERED))
        await one.reaches(sid, "delivered")
        await other.deliver(receipt_for("id2", MessageState.DELIVERED))
        early = await one.send("told before it is taken")
        await one.reaches(early, "delivered")
        for name in ("acme", "beta"):
            assert (await one.carrier(name))["parked_receipts"] == 0


async def test_links_of_other_accounts_share_nothing(one: Node) -> None:
    """Their ids are their own."""
    async with centre() as (smsc, port), centre() as (other, second):
        await one.link("acme", port, account="ours")
        await one.link("beta", second, account="theirs")
        await one.route("acme")
        sid = await one.send("hello")
        await one.reaches(sid, "sent")
        await other.deliver(receipt_for("id1", MessageState.DELIVERED))
        assert (await one.carrier("beta"))["parked_receipts"] == 1
        assert await one.status(sid) == "sent"
        await smsc.deliver(receipt_for("id1", MessageState.DELIVERED))
        await one.reaches(sid, "delivered")
