"""What the port of an MM4 link does not let in: strangers, crowds, smugglers and rubbish."""

import asyncio
from collections.abc import AsyncIterator

import aiosmtplib
import msgspec
import pytest
import uvloop
from tests.pairs.carrier_mm4 import BOX, FORWARD, OURS, WRITTEN, Line, Rig, rigged
from tests.pairs.carrier_smpp import self_signed

from magpie.carriers import traffic as t
from magpie.protocols import mm4
from magpie.settings import TlsFiles


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with rigged() as made:
        yield made


async def test_several_mails_at_once(rig: Rig) -> None:
    """All commands of two mails sent without waiting for a reply: each gets its own."""
    await rig.start()
    line = await Line.open(rig.carrier.port or 0)
    await line.say(b"EHLO peer")
    other = mm4.write(msgspec.structs.replace(FORWARD, message_id="m2"))
    for mail in (WRITTEN, other):
        line.put(f"MAIL FROM:<x@y>\r\nRCPT TO:<{BOX}>\r\nDATA\r\n".encode())
        line.put(mail + b"\r\n.\r\n")
    replies = [await line.reply() for _ in range(8)]
    assert [reply[:3] for reply in replies] == ["250", "250", "354", "250"] * 2
    line.close()
    assert len({one.key for one in rig.traffic.inbounds}) == 2


async def test_ten_thousand_recipients(rig: Rig) -> None:
    """Those above the limit are refused one by one; the others get the message."""
    await rig.start(most_recipients=20)
    line = await Line.open(rig.carrier.port or 0)
    await line.say(b"EHLO peer")
    await line.say(b"MAIL FROM:<x@y>")
    replies = [
        await line.say(f"RCPT TO:<+1555{number:07}/TYPE=PLMN@{OURS}>".encode())
        for number in range(10_000)
    ]
    assert sum(reply.startswith("250") for reply in replies) == 20
    assert sum(reply.startswith("452 4.5.3") for reply in replies) == 9_980
    await line.say(b"DATA")
    assert (await line.say(mm4.write(FORWARD) + b"\r\n.")).startswith("250")
    line.close()
    assert len(rig.traffic.inbounds) == 20


@pytest.mark.parametrize(
    "mail",
    [
        b"Subject: a\r\n\r\none\ntwo",
        b"Subject: a\r\n\r\none\n.\nMAIL FROM:<evil@x>\nRCPT TO:<y@z>\nDATA\nSubject: b\n\n",
        b"Subject: a\r\n\r\none\r.\rtwo",
        b"Subject: a\r\n\r\none\n.\r\nMAIL FROM:<evil@x>",
        b"Subject: a\r\n\r\none\r\r\n.\r\r\n",
        WRITTEN + b"\n.\nX-Mms-Message-Type: MM4_forward.REQ\n",
        WRITTEN.replace(b"\r\n", b"\n"),
    ],
    ids=range(7),
)
async def test_smuggling(rig: Rig, mail: bytes) -> None:
    """A mail with a line that ends otherwise than by CR LF is refused as a whole."""
    await rig.start()
    assert (await rig.deliver(mail))[:9] in {"550 5.6.0", "500 5.6.0"}
    assert rig.traffic.inbounds == []


@pytest.mark.parametrize(
    ("mail", "reply"),
    [
        (b"Subject: hello\r\n\r\nhello", "554 5.6.0"),
        (b"X-Mms-Message-Type: MM5\r\n\r\n", "554 5.6.0"),
        (b"Subject: " + b"x" * 2000 + b"\r\n\r\n", "500 5.6.0"),
        (b"\0\r\n\r\n", "554 5.6.0"),
        (b"Subject: a\r\n\r\n" + b"0123456789\r\n" * 20_000, "552 5.3.4"),
    ],
    ids=range(5),
)
async def test_rubbish(rig: Rig, mail: bytes, reply: str) -> None:
    """It gets a reply with a number, and the link goes on."""
    await rig.start(most_bytes=100_000)
    assert (await rig.deliver(mail))[:9] == reply
    assert (await rig.deliver(FORWARD)).startswith("250")


async def test_commands_that_are_none(rig: Rig) -> None:
    """Too long, not in ASCII, in no order, or of another protocol."""
    await rig.start()
    replies = await rig.call(
        b"EHLO " + b"x" * 5000,
        b"\xff\xfe",
        b"DATA",
        b"EHLO peer",
        b"RCPT TO:<x@y>",
        b"MAIL FROM:<x\0y@z>",
        b"MAIL FROM:<" + b"x" * 400 + b">",
        b"RCPT TO:<>",
        b"AUTH PLAIN AAA=",
        b"GET / HTTP/1.1",
    )
    assert all(reply[:3].isdigit() for reply in replies)
    assert all(reply[0] in "45" for reply in replies[:3] + replies[-3:])
    assert (await rig.deliver(FORWARD)).startswith("250")


async def test_other_networks(rig: Rig) -> None:
    """Who is not listed hears so, and no more."""
    await rig.start(peers=("192.0.2.0/24",))
    line = await Line.open(rig.carrier.port or 0)
    assert line.greeting.startswith("554 5.7.1")
    line.close()
    assert rig.carrier.state().counters.strangers == 1


async def test_too_many_connections(rig: Rig) -> None:
    """The last is told to come again; when another ends there is room."""
    await rig.start(most_connections=2)
    lines = [await Line.open(rig.carrier.port or 0) for _ in range(3)]
    assert [line.greeting[:3] for line in lines] == ["220", "220", "421"]
    for line in lines:
        line.close()
    async with asyncio.timeout(10):
        while not line.greeting.startswith("220"):
            line = await Line.open(rig.carrier.port or 0)
            line.close()


async def test_who_takes_too_long(rig: Rig) -> None:
    """In the middle of a mail, too."""
    await rig.start(listen_timeout=1.0)
    line = await Line.open(rig.carrier.port or 0)
    for command in (b"EHLO peer", b"MAIL FROM:<x@y>", f"RCPT TO:<{BOX}>".encode(), b"DATA"):
        await line.say(command)
    line.put(b"Subject: sl")
    await line.ended()


async def test_encryption(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With a certificate of ours who sends to us may use STARTTLS."""
    certificate, key = self_signed(tmp_path_factory.mktemp("tls"))
    await rig.start(tls=TlsFiles(cert=certificate, key=key))
    client = aiosmtplib.SMTP(
        hostname="localhost",
        port=rig.carrier.port,
        start_tls=True,
        cert_bundle=str(certificate),
    )
    await client.connect()
    await client.sendmail("x@y", [BOX], WRITTEN)
    assert not client.esmtp_extensions["auth"]
    await client.quit()
    assert len(rig.traffic.inbounds) == 1


async def test_commands_before_the_encryption(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What stands in the clear behind STARTTLS is not taken for something said inside."""
    certificate, key = self_signed(tmp_path_factory.mktemp("tls"))
    await rig.start(tls=TlsFiles(cert=certificate, key=key))
    line = await Line.open(rig.carrier.port or 0)
    await line.say(b"EHLO peer")
    injected = b"EHLO evil\r\nMAIL FROM:<evil@x>\r\nRCPT TO:<%b>\r\nDATA" % BOX.encode()
    assert (await line.say(b"STARTTLS\r\n" + injected)).startswith("220")
    await line.encrypt(certificate)
    assert (await line.say(b"NOOP")).startswith("250")
    assert (await line.say(b"DATA")).startswith("503")
    line.close()


async def test_on_the_loop_of_production(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The platform runs on uvloop: both directions, with encryption, limits and an end."""
    certificate, key = self_signed(tmp_path_factory.mktemp("tls"))
    tls = TlsFiles(cert=certificate, key=key)

    async def play() -> list[str]:
        async with rigged() as rig:
            await rig.start(tls=tls, most_connections=1)
            assert isinstance(await rig.submit(), t.Accepted)
            said = [await rig.deliver(FORWARD)]
            client = aiosmtplib.SMTP(
                hostname="localhost",
                port=rig.carrier.port,
                start_tls=True,
                cert_bundle=str(certificate),
            )
            await client.connect()
            said.append((await client.sendmail("x@y", [BOX], WRITTEN))[1])
            line = await Line.open(rig.carrier.port or 0)
            said.append(line.greeting)
            line.close()
            await rig.carrier.stop()
            return said

    said = await asyncio.to_thread(uvloop.run, play())
    assert [one[:5] for one in said] == ["250 2", "2.0.0", "421 4"]


async def test_a_port_that_is_taken(rig: Rig) -> None:
    """The link sends all the same, says what is wrong, and listens as soon as it can."""
    other = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    await rig.start(listen_port=port)
    assert rig.carrier.port is None
    assert "address already in use" in rig.carrier.state().last_error
    assert isinstance(await rig.submit(), t.Accepted)
    other.close()
    await rig.until(lambda: rig.carrier.port)
    assert (await rig.deliver(FORWARD)).startswith("250")
    assert rig.carrier.state().last_error == ""


async def test_after_the_end(rig: Rig) -> None:
    """Who is connected when the link stops is hung up on; the port is free again."""
    await rig.start()
    line = await Line.open(rig.carrier.port or 0)
    port = rig.carrier.port
    await rig.carrier.stop()
    await line.ended()
    await rig.start(listen_port=port)
    assert (await rig.deliver(FORWARD)).startswith("250")
