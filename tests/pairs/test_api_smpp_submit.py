"""What clients submit by SMPP becomes messages, by the same door as those of the HTTP API."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.pairs.esme_world import FROM, TO, World, address, submit, until, world

from magpie.app.smpp import Smpp
from magpie.consent import store as consent
from magpie.kit import clock
from magpie.kit.queue import Lane
from magpie.messages.raw import store as raw_requests
from magpie.messages.raw.came import of_pdus
from magpie.protocols import smpp
from magpie.sids import uuid_of

LONG = "0123456789" * 40


@pytest.fixture
async def smsc(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database_url, tmp_path) as made:
        yield made


def parts(body: str, way: smpp.LongText, **more: Any) -> list[smpp.SubmitSm]:
    options = smpp.TextOptions(long_text=way, **more)
    return smpp.build_submits(FROM, TO, body, options=options, reference=7)


async def test_a_text_is_accepted_and_sent(smsc: World) -> None:
    """The answer carries our id, the message goes out, and its story says whence it came."""
    client = await smsc.client(system_id="shop")
    answer = await client.submit("hello")
    assert answer.status == 0
    (message,) = await smsc.messages()
    assert (answer.message_id, message.body) == (message.sid, "hello")
    assert (message.from_, message.to) == (FROM, TO)
    hops = await smsc.hops(message)
    assert hops[0].detail == {"segments": 1, "media": 0, "by": "smpp", "system_id": "shop"}
    async with asyncio.timeout(10):
        while (await smsc.messages())[0].status != "delivered":
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("alphabet", "coding", "octets", "body"),
    [
        ("gsm7", 0, b"\x00 \x1b\x65 \x11", "@ € _"),
        ("latin1", 0, b"\xe9t\xe9", "été"),
        ("ascii", 0, b"a_b", "a_b"),
        ("gsm7", 3, b"\xe9", "é"),
        ("gsm7", 8, "Привет 😀".encode("utf-16-be"), "Привет 😀"),
    ],
)
async def test_alphabets(smsc: World, alphabet: str, coding: int, octets: bytes, body: str) -> None:
    """Text is read by its data_coding, and by the client's own default alphabet."""
    client = await smsc.client(alphabet=alphabet)
    answer = await client.submit(data_coding=coding, short_message=octets)
    assert answer.status == 0
    assert (await smsc.messages())[0].body == body


@pytest.mark.parametrize("way", [smpp.LongText.UDH_8, smpp.LongText.UDH_16, smpp.LongText.SAR])
async def test_parts_become_one_message(smsc: World, way: smpp.LongText) -> None:
    """In any order, each with an id of its own, one of them twice."""
    client = await smsc.client()
    first, *others = parts(LONG, way)
    answers = [await client.ask(pdu) for pdu in [*others, others[0], first]]
    assert {answer.status for answer in answers} == {0}
    assert answers[-2].message_id == answers[0].message_id
    assert len({answer.message_id for answer in answers}) == len(others) + 1
    (message,) = await smsc.messages()
    assert message.body == LONG
    again = await client.ask(first)
    assert again.message_id == answers[-1].message_id
    assert len(await smsc.messages()) == 1


async def test_pdus_are_kept_as_they_came(smsc: World) -> None:
    """Octet by octet; of a long text those of all its parts."""
    client = await smsc.client(system_id="shop")
    octets = smpp.encode(submit(tlvs=(smpp.Tlv(0x1501, b"as it came"),)), sequence=7)
    answers = client.raw(octets)
    await until(lambda: answers)
    (message,) = await smsc.messages()
    kept = await raw_requests.get(smsc.database, smsc.account_sid, message.id)
    assert kept == of_pdus("shop", [octets])
    client = await smsc.client(system_id="long")
    pdus = parts(LONG, smpp.LongText.SAR)
    for pdu in pdus:
        await client.ask(pdu)
    message = (await smsc.messages())[0]
    kept = await raw_requests.get(smsc.database, smsc.account_sid, message.id)
    assert kept is not None
    told = [smpp.decode(frame) for frame in smpp.Framer().feed(kept.body)]
    assert [one.short_message for one in told if isinstance(one, smpp.SubmitSm)] == [
        pdu.short_message for pdu in pdus
    ]


async def test_a_reference_comes_round(smsc: World) -> None:
    """The same reference with another text is another text."""
    client = await smsc.client()
    for body in (LONG, LONG[::-1]):
        for pdu in parts(body, smpp.LongText.UDH_8):
            assert (await client.ask(pdu)).status == 0
    assert {message.body for message in await smsc.messages()} == {LONG, LONG[::-1]}


async def test_parts_at_once(smsc: World) -> None:
    """On two binds, all together, they still make one message."""
    esme, password = await smsc.esme()
    one, two = [await smsc.bound(esme, password) for _ in range(2)]
    pdus = parts(LONG * 3, smpp.LongText.UDH_8)
    asked = [(one if n % 2 else two).ask(pdu) for n, pdu in enumerate(pdus)]
    assert {answer.status for answer in await asyncio.gather(*asked)} == {0}
    assert [message.body for message in await smsc.messages()] == [LONG * 3]


async def test_a_payload(smsc: World) -> None:
    """message_payload in submit_sm, and in data_sm."""
    client = await smsc.client()
    (pdu,) = parts(LONG, smpp.LongText.PAYLOAD)
    assert (await client.ask(pdu)).status == 0
    data = smpp.DataSm(source=pdu.source, destination=pdu.destination, tlvs=pdu.tlvs)
    answer = await client.ask(data)
    assert (answer.status, answer.command_id & 0xFFFF) == (0, smpp.Command.DATA_SM)
    assert [message.body for message in await smsc.messages()] == [LONG, LONG]


async def test_an_incomplete_text_is_sent_at_last(smsc: World) -> None:
    """When the gap is not filled, what is there goes, and the story tells what is missing."""
    client = await smsc.client()
    pdus = parts(LONG, smpp.LongText.UDH_8)
    await client.ask(pdus[0])
    await client.ask(pdus[2])
    await smsc.database.execute("update submitted_texts set at = at - interval '10 minutes'")
    await Smpp(smsc.platform).long.flush()
    (message,) = await smsc.messages()
    assert message.body == LONG[:153] + LONG[306:]
    detail = (await smsc.hops(message))[0].detail or {}
    assert detail["missing_parts"] == [2]


async def test_many_destinations(smsc: World) -> None:
    """Each gets its message; what is refused is named with the reason."""
    client = await smsc.client()
    numbers = [TO, "+15558675311", "+1555"]
    answer = await client.ask(
        smpp.SubmitMulti(
            source=address(FROM),
            destinations=(*map(address, numbers), smpp.DistributionList("friends")),
            short_message=b"all",
            registered_delivery=1,
        )
    )
    assert answer.status == 0
    refused = [(one.address.addr, one.status) for one in answer.unsuccess]
    assert refused == [
        ("1555", smpp.Status.RINVDSTADR),
        ("friends", smpp.Status.RINVDLNAME),
    ]
    assert {message.to for message in await smsc.messages()} == set(numbers[:2])
    await until(lambda: len(client.receipts()) == 2)
    assert {receipt.message_id for receipt in client.receipts()} == {answer.message_id}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"source": address("+15005550006")}, smpp.Status.RINVSRCADR),
        ({"source": smpp.Address()}, smpp.Status.RINVSRCADR),
        ({"source": smpp.Address(5, 0, "Shop")}, smpp.Status.RINVSRCADR),
        ({"destination": smpp.Address(1, 1, "12")}, smpp.Status.RINVDSTADR),
        ({"destination": smpp.Address(5, 0, "Somebody")}, smpp.Status.RINVDSTADR),
        ({"destination": address(FROM)}, smpp.Status.RINVDSTADR),
        ({"short_message": b""}, smpp.Status.RINVMSGLEN),
        ({"validity_period": "600101000000000+"}, None),
        ({"validity_period": "200101000000000+"}, smpp.Status.RINVEXPIRY),
        ({"validity_period": "0000000000000ABC"}, smpp.Status.RINVEXPIRY),
        ({"validity_period": "000003000000000R"}, None),
        ({"schedule_delivery_time": "000000010000000R"}, smpp.Status.RINVSCHED),
        ({"replace_if_present_flag": 1}, smpp.Status.RINVREPFLAG),
        ({"sm_default_msg_id": 3}, smpp.Status.RINVDFTMSGID),
        ({"esm_class": 0x04}, smpp.Status.RINVESMCLASS),
        ({"esm_class": 0x02}, smpp.Status.RINVESMCLASS),
        ({"data_coding": 4, "short_message": b"\1\2"}, smpp.Status.RINVDCS),
        ({"esm_class": 0x40, "short_message": b"\x50\0"}, smpp.Status.RINVESMCLASS),
    ],
)
async def test_refusals(smsc: World, changes: dict[str, Any], status: int | None) -> None:
    """What is wrong is told by its own status, and nothing is kept."""
    client = await smsc.client()
    answer = await client.submit(**changes)
    assert answer.status == (status or 0), smpp.status_name(answer.status)
    assert len(await smsc.messages()) == (status is None)


@pytest.mark.parametrize("octets", [b"\xd8\x00", b"\xd8\x3d", b"\0a\0", b"\0a\0\0\0b", b"\xff"])
async def test_broken_ucs2(smsc: World, octets: bytes) -> None:
    """Half a surrogate pair, half a letter or a NUL: something is kept, and nothing breaks."""
    client = await smsc.client()
    answer = await client.submit(data_coding=8, short_message=octets)
    assert answer.status == 0
    assert len(await smsc.messages()) == 1


async def test_a_text_beyond_all_bounds(smsc: World) -> None:
    """Longer than any message may be."""
    client = await smsc.client()
    tlv = smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"x" * 1601)
    answer = await client.submit("", tlvs=(tlv,))
    assert answer.status == smpp.Status.RINVMSGLEN


async def test_who_opted_out_is_not_written_to(smsc: World) -> None:
    """STOP holds for SMPP as well."""
    pair = (smsc.account_sid, FROM, TO)
    async with smsc.database.transaction() as connection:
        await consent.record(connection, pair, "stopped", clock.now())
    client = await smsc.client()
    assert (await client.submit()).status == smpp.Status.RSUBMITFAIL
    assert await smsc.messages() == []


async def test_parts_of_a_refused_text_get_receipts(smsc: World) -> None:
    """The last part is refused by its answer, those before it by receipts."""
    pair = (smsc.account_sid, FROM, TO)
    client = await smsc.client()
    pdus = parts(LONG, smpp.LongText.UDH_8)
    answers = [await client.ask(pdu) for pdu in pdus[:2]]
    async with smsc.database.transaction() as connection:
        await consent.record(connection, pair, "stopped", clock.now())
    assert (await client.ask(pdus[2])).status == smpp.Status.RSUBMITFAIL
    await until(lambda: len(client.receipts()) == 2)
    told = {receipt.message_id: receipt for receipt in client.receipts()}
    assert told.keys() == {answer.message_id for answer in answers}
    assert {(one.stat, one.error) for one in told.values()} == {("REJECTD", "610")}


async def test_a_full_lane(database_url: str, tmp_path: Path) -> None:
    """What the sender could not send within hours is refused as a full queue."""
    async with world(database_url, tmp_path, queue_hours=0.001) as smsc:
        async with smsc.database.transaction() as connection:
            lane = Lane(smsc.account_sid, FROM)
            await smsc.platform.queues.outbound.configure(connection, [(lane, 1.0, 2)])
            await smsc.platform.queues.outbound.pause(connection, [lane])
        client = await smsc.client()
        answers = [(await client.submit()).status for _ in range(3)]
        assert answers == [0, 0, smpp.Status.RMSGQFUL]


async def test_repeated_references(smsc: World) -> None:
    """With Deduplicate, the same reference with the same text is the same message."""
    client = await smsc.client(deduplicates=True)
    tlv = smpp.Tlv.number(smpp.Tag.USER_MESSAGE_REFERENCE, 7, 2)
    first, again = [await client.submit(tlvs=(tlv,)) for _ in range(2)]
    other = await client.submit("something else", tlvs=(tlv,))
    assert first.message_id == again.message_id != other.message_id
    assert len(await smsc.messages()) == 2
    plain = await smsc.client()
    ids = {(await plain.submit(tlvs=(tlv,))).message_id for _ in range(2)}
    assert len(ids) == 2


async def test_query(smsc: World) -> None:
    """A message is found by its id, and by that of each part; others' are not."""
    client = await smsc.client(id_form="decimal")
    answer = await client.submit()
    assert UUID(int=int(answer.message_id)) == uuid_of((await smsc.messages())[0].sid)
    async with asyncio.timeout(10):
        while (await smsc.messages())[0].status != "delivered":
            await asyncio.sleep(0.05)
    query = smpp.QuerySm(message_id=answer.message_id, source=address(FROM))
    told = await client.ask(query)
    assert (told.message_state, told.message_id) == (2, answer.message_id)
    assert told.final_date
    pdus = parts(LONG, smpp.LongText.UDH_8)
    last = [await client.ask(pdu) for pdu in pdus][-1]
    assert (await client.ask(smpp.QuerySm(message_id=last.message_id))).status == 0
    missing = await client.ask(smpp.QuerySm(message_id="12345"))
    assert missing.status == smpp.Status.RQUERYFAIL


async def test_cancel_and_replace(smsc: World) -> None:
    """What waits in its lane can be cancelled, once; nothing can be replaced."""
    async with smsc.database.transaction() as connection:
        lane = Lane(smsc.account_sid, FROM)
        await smsc.platform.queues.outbound.pause(connection, [lane])
    client = await smsc.client(id_form="hex")
    answer = await client.submit(registered_delivery=1)
    cancel = smpp.CancelSm(message_id=answer.message_id, source=address(FROM))
    assert (await client.ask(cancel)).status == 0
    assert (await client.ask(cancel)).status == smpp.Status.RCANCELFAIL
    assert (await smsc.messages())[0].status == "canceled"
    await until(client.receipts)
    (receipt,) = client.receipts()
    assert (receipt.message_id, receipt.state) == (answer.message_id, smpp.MessageState.DELETED)
    replace = smpp.ReplaceSm(message_id=answer.message_id, short_message=b"new")
    assert (await client.ask(replace)).status == smpp.Status.RREPLACEFAIL


async def test_a_client_killed_in_the_middle(smsc: World) -> None:
    """Each answer it got has its message; what it resends is all that is there twice."""
    esme, password = await smsc.esme()
    client = await smsc.bound(esme, password, window=50)
    asked = [asyncio.create_task(client.ask(submit(f"number {n}"))) for n in range(50)]
    while not any(task.done() for task in asked):
        await asyncio.sleep(0.001)
    client.close()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    answered = {f"number {n}" for n, end in enumerate(ended) if not isinstance(end, Exception)}
    await asyncio.sleep(0.5)
    bodies = [message.body for message in await smsc.messages()]
    assert answered <= set(bodies)
    assert len(bodies) == len(set(bodies))
