"""An MM4 link whose peer is away, slow, locked or encrypted."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pairs.carrier_mm4 import Peer, Rig, rigged, says, silent
from tests.pairs.carrier_smpp import self_signed

from magpie.carriers import traffic as t
from magpie.protocols import mm4
from magpie.settings import Secret, TlsFiles

# Longer than it takes until somebody has looked.
LONG = (20.0, 20.0)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_connections_are_kept(rig: Rig) -> None:
    """One after the other on one; at once on no more than the window has."""
    await rig.start(window=3, ack_request=False)
    for number in range(5):
        await rig.submit(number)
    assert len(rig.peer.peers) == 1
    await asyncio.gather(*(rig.submit(number) for number in range(30)))
    assert len(rig.peer.peers) <= 3
    assert rig.carrier.state().connections == len(rig.peer.peers)


async def test_a_kept_connection_that_ended(rig: Rig) -> None:
    """The next message goes on a new one, and nobody notices."""
    await rig.start()
    await rig.submit(1)
    transport = rig.peer.smtps[0].transport
    assert isinstance(transport, asyncio.Transport)
    transport.close()
    assert isinstance(await rig.submit(2), t.Accepted)
    assert len(rig.peer.peers) == 2


async def test_a_reply_that_is_lost(rig: Rig) -> None:
    """The mail was sent, so nobody knows; the next attempt has the same id."""
    await rig.start(timeout=1.0)
    rig.peer.say = silent
    assert isinstance(await rig.submit(), t.Unknown)

    async def hang_up(peer: Peer, _message: mm4.Message) -> str:
        transport = peer.smtps[-1].transport
        assert isinstance(transport, asyncio.Transport)
        transport.abort()
        await asyncio.sleep(1)
        return ""

    rig.peer.say = hang_up
    assert isinstance(await rig.submit(attempt=2), t.Unknown)
    rig.peer.say = says("250 OK")
    assert isinstance(await rig.submit(attempt=3), t.Accepted)
    assert len({one.message_id for one in rig.peer.of(mm4.ForwardReq)}) == 1


@pytest.mark.parametrize("greeting", [b"", b"554 no\r\n", b"\x1f\x8b\xff\r\n", b"250-x\r\n" * 9999])
async def test_nobody_to_talk_to(rig: Rig, greeting: bytes) -> None:
    """Nothing was sent: later, and it uses up no try. The link comes back by itself."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = rig.options.port
    there = server.sockets[0].getsockname()[1]
    await rig.start(port=there, connect_timeout=0.5, outage=LONG)
    outcome = await rig.submit()
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert rig.carrier.state().down
    server.close()
    await rig.carrier.stop()
    await rig.start(port=port)
    assert isinstance(await rig.submit(), t.Accepted)


@pytest.mark.parametrize("mail", ["530 5.7.0 who are you", "550 5.7.1 not you"])
async def test_when_the_link_itself_is_refused(rig: Rig, mail: str) -> None:
    """No message fails for that; the link is down until somebody mends it."""
    await rig.start(outage=LONG)
    rig.peer.mail = mail
    outcome = await rig.submit()
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled
    assert mail in rig.carrier.state().down


async def test_a_slow_peer(rig: Rig) -> None:
    """It holds up no more than the window; what waits too long is told so."""
    await rig.start(window=1, timeout=0.5, patience=0.1)
    rig.peer.say = silent
    outcomes = await asyncio.gather(rig.submit(1), rig.submit(2))
    [waited] = [one for one in outcomes if isinstance(one, t.Deferred)]
    assert waited.throttled
    assert [one for one in outcomes if isinstance(one, t.Unknown)]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
async def test_a_login() -> None:
    """By name and password; a wrong one stops the link, and is not to be seen anywhere."""
    async with rigged(auth=True) as rig:
        await rig.start(username="me", password=Secret("secret"))
        assert isinstance(await rig.submit(), t.Accepted)
        await rig.carrier.stop()
        await rig.start(username="me", password=Secret("wrong-one"), outage=LONG)
        outcome = await rig.submit()
        assert isinstance(outcome, t.Deferred)
        assert rig.carrier.state().down
        assert "wrong-one" not in repr((outcome, rig.options, rig.carrier.state()))


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encryption(tmp_path: Path, security: str) -> None:
    """Both ways of TLS, with the peer's certificate looked at."""
    certificate, key = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = (
        {"implicit": context}
        if security == "tls"
        else {"tls_context": context, "require_starttls": True}
    )
    async with rigged(**server) as rig:
        await rig.start(security=security, host="localhost", tls=TlsFiles(ca=certificate))
        assert isinstance(await rig.submit(), t.Accepted)
        await rig.carrier.stop()
        await rig.start(security=security, host="localhost", tls=TlsFiles())
        assert isinstance(await rig.submit(), t.Deferred)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encryption_that_the_peer_has_not(rig: Rig, security: str) -> None:
    """Nothing goes out in the clear instead."""
    await rig.start(security=security, connect_timeout=0.5)
    assert isinstance(await rig.submit(), t.Deferred)
    assert rig.peer.mails == []


async def test_pace(rig: Rig) -> None:
    """No sliding second has more than the rate."""
    await rig.start(rate=20.0, ack_request=False)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(rig.submit(number) for number in range(15)))
    assert loop.time() - began >= 14 / 20
