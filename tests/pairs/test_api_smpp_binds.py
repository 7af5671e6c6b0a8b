"""Who may bind, for how long, and what a client is answered that does not keep to the rules."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_smpp import self_signed
from tests.pairs.esme_world import World, submit, until, world
from tests.ports import free_port

from magpie.api.smpp import admission, server
from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu


@pytest.fixture
async def smsc(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(database_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("kind", [smpp.BindTransmitter, smpp.BindReceiver, smpp.BindTransceiver])
async def test_binding(smsc: World, kind: type[smpp.Bind]) -> None:
    """Each kind of bind is answered with our name and the version we speak; probes as well."""
    esme, password = await smsc.esme()
    client = await smsc.connect()
    answer = await client.ask(
        kind(system_id=esme.system_id, password=password, interface_version=0x50)
    )
    assert (answer.status, answer.system_id, answer.sc_interface_version) == (0, "magpie", 0x34)
    assert (await client.ask(smpp.EnquireLink())).status == 0
    assert (await client.ask(smpp.Unbind())).status == 0
    await client.closed


async def test_nobody_learns_which_names_exist(smsc: World) -> None:
    """An unknown name, a wrong password and a disabled client get one answer, after a while."""
    esme, password = await smsc.esme()
    off, its = await smsc.esme(enabled=False)
    pairs = [("nobody", "x"), (esme.system_id, "wrong"), (esme.system_id, ""), (off.system_id, its)]
    clients = [await smsc.connect() for _ in pairs]
    began = time.monotonic()
    answers = await asyncio.gather(
        *(
            client.ask(smpp.BindTransceiver(system_id=name, password=word))
            for client, (name, word) in zip(clients, pairs, strict=True)
        )
    )
    assert time.monotonic() - began >= admission.REFUSED_SECONDS
    assert {answer.status for answer in answers} == {smpp.Status.RINVPASWD}
    bind = smpp.BindTransceiver(system_id=esme.system_id, password=password)
    assert (await clients[0].ask(bind)).status == 0


async def test_guessing_is_made_slow(smsc: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten failures an address has to wait, with the right password, too."""
    monkeypatch.setattr(admission, "REFUSED_SECONDS", 0.0)
    esme, password = await smsc.esme()
    clients = [await smsc.connect() for _ in range(2)]
    guess = smpp.BindTransceiver(system_id=esme.system_id, password="guess")
    for client in clients * 5:
        assert (await client.ask(guess)).status == smpp.Status.RINVPASWD
    bind = smpp.BindTransceiver(system_id=esme.system_id, password=password)
    assert (await clients[0].ask(bind)).status == smpp.Status.RBINDFAIL


async def test_limits_of_a_client(smsc: World) -> None:
    """So many binds at a time, and only from its own networks."""
    esme, password = await smsc.esme(most_binds=2, allowed=("127.0.0.0/8",))
    first, _ = [await smsc.bound(esme, password) for _ in range(2)]
    third = await smsc.connect()
    bind = smpp.BindReceiver(system_id=esme.system_id, password=password)
    assert (await third.ask(bind)).status == smpp.Status.RALYBND
    first.close()
    async with asyncio.timeout(10):
        while (await third.ask(bind)).status:
            await asyncio.sleep(0.02)
    far, its = await smsc.esme(allowed=("192.0.2.0/24", "2001:db8::/32"))
    other = await smsc.connect()
    answer = await other.ask(smpp.BindTransceiver(system_id=far.system_id, password=its))
    assert answer.status == smpp.Status.RBINDFAIL


@pytest.mark.parametrize(
    "pdu", [submit(), smpp.QuerySm(message_id="1"), smpp.Unbind(), smpp.DeliverSm()]
)
async def test_nothing_goes_before_a_bind(smsc: World, pdu: Pdu) -> None:
    """Whatever is asked first is refused by its bind status."""
    client = await smsc.connect()
    answers = client.raw(smpp.encode(pdu, sequence=99))
    await until(lambda: answers)
    assert [answer.status for answer in answers] == [smpp.Status.RINVBNDSTS]


async def test_the_wrong_direction(smsc: World) -> None:
    """A receiver cannot submit, nobody delivers to us, and what we do not know is told."""
    client = await smsc.bound(*await smsc.esme(), smpp.BindReceiver)
    answers = client.raw(
        smpp.encode(submit(), sequence=5),
        smpp.encode(smpp.DeliverSm(), sequence=6),
        bytes.fromhex("00000010 00000999 00000000 00000007"),
    )
    await until(lambda: len(answers) == 3)
    told = {answer.sequence: (type(answer), answer.status) for answer in answers}
    assert told == {
        5: (smpp.SubmitSmResp, smpp.Status.RINVBNDSTS),
        6: (smpp.DeliverSmResp, smpp.Status.RINVBNDSTS),
        7: (smpp.GenericNack, smpp.Status.RINVCMDID),
    }
    client.raw(b"\xff" * 16)
    await client.closed


async def test_who_says_nothing_is_hung_up_on(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection without a bind ends."""
    monkeypatch.setattr(server, "SESSION", smpp.SessionConfig(session_init=0.5))
    async with world(database_url, tmp_path) as smsc:
        client = await smsc.connect()
        async with asyncio.timeout(20):
            await client.closed


async def test_a_client_that_is_switched_off(smsc: World) -> None:
    """Its binds end with a good-bye, and none come back."""
    esme, password = await smsc.esme()
    client = await smsc.bound(esme, password)
    await smsc.change(esme, enabled=False)
    await until(lambda: client.unbound)
    assert (await smsc.platform.esmes.find(esme.system_id)) is None


async def test_a_rate(smsc: World) -> None:
    """Segments a second on each bind; what is above is throttled, and passes later."""
    client = await smsc.client(rate=10)
    began = time.monotonic()
    asked = [client.submit(f"number {n}") for n in range(25)]
    statuses = [answer.status for answer in await asyncio.gather(*asked)]
    assert set(statuses) == {0, smpp.Status.RTHROTTLED}
    assert 10 <= statuses.count(0) <= 11 + 10 * (time.monotonic() - began)
    await asyncio.sleep(0.5)
    assert (await client.submit("later")).status == 0


async def test_a_window(smsc: World) -> None:
    """More requests without an answer than the window has are throttled."""
    client = await smsc.client(send_window=5)
    asked = [client.submit(f"number {n}") for n in range(50)]
    statuses = [answer.status for answer in await asyncio.gather(*asked)]
    assert statuses[:5] == [0] * 5
    assert smpp.Status.RTHROTTLED in statuses
    assert len(await smsc.messages()) == statuses.count(0)


async def test_stopping(database_url: str, tmp_path: Path) -> None:
    """What was asked is answered, then comes the good-bye."""
    async with world(database_url, tmp_path) as smsc:
        client = await smsc.client()
        asked = [asyncio.create_task(client.submit(f"number {n}")) for n in range(40)]
        await asyncio.sleep(0)
        smsc.keep_clients()
    answers = await asyncio.gather(*asked)
    assert {answer.status for answer in answers} == {0}
    await client.closed
    assert client.unbound


async def test_tls(database_url: str, tmp_path: Path) -> None:
    """The other port speaks TLS and nothing else."""
    certificate, key = self_signed(tmp_path)
    port = free_port()
    settings = {"smpp_tls_port": port, "smpp_tls_cert": certificate, "smpp_tls_key": key}
    async with world(database_url, tmp_path, **settings) as smsc:
        context = ssl.create_default_context(cafile=str(certificate))
        context.check_hostname = False
        client = await smsc.bound(*await smsc.esme(), port=port, ssl=context)
        assert (await client.submit()).status == 0
        plain = await smsc.connect(port=port)
        plain.write(smpp.BindTransceiver(system_id="a", password="b"))
        await plain.closed
