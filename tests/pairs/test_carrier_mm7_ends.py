"""The MM7 carrier and relays that are away, fall silent, hang up or want certificates."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from tests.pairs.carrier_mm7 import Rig, accept, raw, rigged, silent
from tests.pairs.carrier_smpp import self_signed

from magpie.carriers import traffic as t
from magpie.carriers.mm7 import LinkOptions, Mm7Carrier
from magpie.carriers.mms import Contents
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Policy
from magpie.protocols import mm7
from magpie.settings import TlsFiles


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_a_silent_relay(rig: Rig) -> None:
    """What is not answered in time may have been taken."""
    await rig.start(timeout=0.5)
    rig.relay.answer = silent
    assert isinstance(await rig.submit(), t.Unknown)
    rig.relay.answer = accept
    assert isinstance(await rig.submit(2), t.Accepted)
    assert rig.carrier.state().counters.unknown == 1
    assert rig.carrier.state().outstanding == 0


@pytest.mark.parametrize("octets", [None, 0, 10, 300])
async def test_a_relay_that_hangs_up(rig: Rig, octets: int | None) -> None:
    """Before its answer or within it: the outcome is unknown, and the link goes on."""
    await rig.start()

    async def answer(request: web.Request, message: mm7.Message, number: int) -> object:
        if octets is not None:
            whole = (await accept(request, message, number)).body
            assert isinstance(whole, bytes)
            response = web.StreamResponse(headers={"Content-Type": "text/xml"})
            response.content_length = len(whole)
            await response.prepare(request)
            await response.write(whole[:octets])
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    rig.relay.answer = answer  # type: ignore[assignment]
    assert isinstance(await rig.submit(), t.Unknown)
    rig.relay.answer = accept
    assert isinstance(await rig.submit(2), t.Accepted)


async def test_a_relay_that_is_away(rig: Rig) -> None:
    """Nothing has left, so nothing is lost; later tries wait until it may be back."""
    await rig.start(outage=(1.0, 1.0))
    port = rig.relay.runner.addresses[0][1]
    await rig.relay.close()
    outcomes = [await rig.submit(number) for number in (1, 2)]
    waiting = [one for one in outcomes if isinstance(one, t.Deferred) and one.throttled]
    pauses = [one.after for one in waiting if one.after]
    assert len(pauses) == 2
    assert rig.carrier.state().down
    assert rig.carrier.state().counters.unreached == 1
    await rig.relay.runner.setup()
    await web.TCPSite(rig.relay.runner, "127.0.0.1", port).start()
    await asyncio.sleep(pauses[0])
    assert isinstance(await rig.submit(), t.Accepted)
    assert rig.carrier.state().down == ""


async def test_wrong_credentials(rig: Rig) -> None:
    """The messages are not to blame: they wait until somebody has mended it."""
    await rig.start(outage=(5.0, 5.0))
    rig.relay.answer = raw(b"", 401, WWW_Authenticate='Basic realm="x"')
    outcomes = [await rig.submit(number) for number in (1, 2, 3)]
    assert all(isinstance(one, t.Deferred) and one.throttled for one in outcomes)
    assert len(rig.relay.messages) == 1


@pytest.mark.parametrize("url", ["http://169.254.169.254/mm7", "http://10.0.0.1/", "http://a..b/"])
async def test_an_address_that_is_denied(rig: Rig, url: str) -> None:
    """A link connects to nothing that the platform may not."""
    await rig.start(url=url, outage=(5.0, 5.0))
    outcome = await rig.submit()
    assert isinstance(outcome, t.Deferred)
    assert rig.carrier.state().down


async def test_a_stopped_link(rig: Rig) -> None:
    """A stop waits for outstanding answers; what comes after it stays in the queue."""
    await rig.start()
    leave = asyncio.Event()

    async def slow(request: web.Request, message: mm7.Message, number: int) -> object:
        await leave.wait()
        return await accept(request, message, number)

    rig.relay.answer = slow  # type: ignore[assignment]
    task = asyncio.create_task(rig.submit())
    while not rig.relay.messages:
        await asyncio.sleep(0.002)
    stopping = asyncio.create_task(rig.carrier.stop())
    await asyncio.sleep(0)
    outcome = await rig.submit(2)
    assert len(rig.relay.messages) == 1
    leave.set()
    assert isinstance(await task, t.Accepted)
    await stopping
    assert isinstance(outcome, t.Deferred)
    assert outcome.throttled


def context(certificate: Path, key: Path, *, client: bool) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificate)
    made.load_cert_chain(certificate, key)
    made.verify_mode = ssl.CERT_REQUIRED if client else ssl.CERT_NONE
    return made


async def test_a_certificate_of_ours(tmp_path: Path) -> None:
    """The relay's certificate is checked, and it is shown ours where it asks for one."""
    certificate, key = self_signed(tmp_path)
    async with rigged(context(certificate, key, client=True)) as rig:
        port = rig.relay.runner.addresses[0][1]
        url = f"https://localhost:{port}/mm7"
        await rig.start(url=url, tls=TlsFiles(ca=certificate, cert=certificate, key=key))
        assert isinstance(await rig.submit(), t.Accepted)
        await rig.carrier.stop()
        await rig.start(url=url, tls=TlsFiles(ca=certificate))
        assert not isinstance(await rig.submit(), t.Accepted)
        await rig.carrier.stop()
        await rig.start(url=f"https://127.0.0.1:{port}/mm7", tls=TlsFiles(ca=certificate))
        assert isinstance(await rig.submit(), t.Deferred)
        await rig.carrier.stop()
        await rig.start(url=url, tls=TlsFiles())
        assert isinstance(await rig.submit(), t.Deferred)
        assert len(rig.relay.messages) == 1


def test_files_that_are_no_certificates(tmp_path: Path) -> None:
    """A mistake in the settings shows when the platform starts."""
    missing = TlsFiles(ca=tmp_path / "missing.pem")
    with pytest.raises(ValueError, match="carrier north: its TLS files"):
        Mm7Carrier(
            LinkOptions(name="north", url="https://localhost/", tls=missing),
            Contents(Blobs.open("memory://")),
            Policy(),
        )
