"""Another centre for tests of the MM4 carrier: a mail server that answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.pairs.carrier_mm7 import FROM, TO, Taken

from magpie.carriers import traffic as t
from magpie.carriers.mm4 import LinkOptions, Mm4Carrier
from magpie.carriers.mms import Contents, related
from magpie.kit.blobs import Blobs
from magpie.protocols import mm4

OURS, THEIRS = "mms.ours.example", "mms.theirs.example"
AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SYSTEM = mm4.Address(f"mms@{THEIRS}", mm4.AddressKind.EMAIL)
BOX = f"{FROM}/TYPE=PLMN@{OURS}"
MEDIA = (
    t.InboundMedia(content_type="image/jpeg", content=b"\xff\xd8one", name="one.jpg"),
    t.InboundMedia(content_type="image/gif", content=b"GIF89a", name="two.gif"),
)
FORWARD = mm4.ForwardReq(
    transaction_id='"t1"',
    message_id='"m1@theirs"',
    from_=mm4.Address(TO, domain=THEIRS),
    to=(mm4.Address(FROM),),
    date=AT,
    ack_request=True,
    originator_system=SYSTEM,
    content=related(MEDIA, "look"),
)
WRITTEN = mm4.write(FORWARD)
M = TypeVar("M", bound=mm4.Message)
Say = Callable[["Peer", mm4.Message], Awaitable[str]]


def says(reply: str) -> Say:
    async def say(_peer: "Peer", _message: mm4.Message) -> str:
        return reply

    return say


async def silent(_peer: "Peer", _message: mm4.Message) -> str:
    await asyncio.sleep(20)
    return "250 OK"


class Peer:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.say: Say = says("250 OK")
        self.mail = self.rcpt = "250 OK"
        self.mails: list[bytes] = []
        self.messages: list[mm4.Message] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.options: list[Sequence[str]] = []
        self.peers: set[object] = set()
        self.logins: list[object] = []
        self.smtps: list[SMTP] = []
        self.extensions: list[str] = []

    async def listen(self, **more: Any) -> int:
        """`implicit` is a context for TLS from the start."""
        loop = asyncio.get_running_loop()
        implicit: ssl.SSLContext | None = more.pop("implicit", None)
        if more.pop("auth", False):
            more |= {"authenticator": self._login, "auth_required": True, "auth_require_tls": False}

        def made() -> SMTP:
            self.smtps.append(SMTP(self, hostname="peer", loop=loop, **more))
            return self.smtps[-1]

        self.server = await loop.create_server(made, "127.0.0.1", 0, ssl=implicit)
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        self.server.close()
        for smtp in self.smtps:
            if smtp.transport is not None:
                cast(asyncio.Transport, smtp.transport).abort()
        await asyncio.sleep(0.01)

    def of(self, kind: type[M]) -> list[M]:
        return [message for message in self.messages if isinstance(message, kind)]

    def _login(self, *arguments: Any) -> AuthResult:
        given = arguments[-1]
        assert isinstance(given, LoginPassword)
        self.logins.append(given)
        return AuthResult(success=given.password == b"secret", handled=False)

    async def handle_EHLO(  # noqa: N802
        self, _: SMTP, session: Session, __: Envelope, host: str, replies: list[str]
    ) -> list[str]:
        session.host_name = host
        for extension in self.extensions:
            replies = [one for one in replies if extension.split(" ")[0] not in one]
            replies.insert(-1, f"250-{extension}")
        return replies

    async def handle_MAIL(  # noqa: N802
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        self.options.append(options)
        envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        self.envelopes.append((envelope.mail_from or "", [str(one) for one in envelope.rcpt_tos]))
        self.messages.append(mm4.read(envelope.content))
        return await self.say(self, self.messages[-1])


class Rig:
    def __init__(self, peer: Peer, port: int) -> None:
        self.peer = peer
        self.traffic = Taken()
        self.blobs = Blobs.open("memory://")
        self.known: set[str] | None = None
        self.broken = False
        self.options = LinkOptions(
            name="north",
            host="127.0.0.1",
            port=port,
            domain=THEIRS,
            own_domain=OURS,
            listen_port=0,
            outage=(0.02, 0.1),
            ack_wait=0.05,
            drain=0.2,
        )
        self.carrier = self._made()

    def _made(self) -> Mm4Carrier:
        return Mm4Carrier(self.options, Contents(self.blobs), self._knows)

    async def _knows(self, number: str) -> bool:
        if self.broken:
            raise ConnectionError("the store is away")
        return self.known is None or number in self.known

    async def start(self, **changes: Any) -> None:
        self.options = msgspec.structs.replace(self.options, **changes)
        self.carrier = self._made()
        await self.carrier.start(self.traffic)

    async def stop(self) -> None:
        await self.carrier.stop()
        await self.peer.close()

    async def message(
        self, number: int = 1, body: str = "hello", content: bytes = b"GIF89a", **more: Any
    ) -> t.Submission:
        part = t.MediaPart(
            content_type="image/gif",
            size=len(content),
            digest=await self.blobs.put(content),
            name="a.gif",
        )
        return t.Submission(
            account_sid="AC" + "0" * 32,
            message_id=UUID(int=number << 80 | 7 << 76 | 2 << 62 | number),
            attempt=more.pop("attempt", 1),
            kind=more.pop("kind", t.Kind.MMS),
            from_=FROM,
            to=TO,
            body=body,
            media=(part,),
            **more,
        )

    async def submit(self, number: int = 1, **more: Any) -> t.Outcome:
        return await self.carrier.submit(await self.message(number, **more))

    async def id_of(self, number: int = 1) -> str:
        return f"{(await self.message(number)).key}@{OURS}"

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.005)

    async def call(self, *lines: bytes) -> list[str]:
        """Talk to our port by hand; gives the replies, one for each line."""
        line = await Line.open(self.carrier.port or 0)
        try:
            return [await line.say(text) for text in lines]
        finally:
            line.close()

    async def deliver(
        self,
        mail: bytes | mm4.Message,
        *recipients: str,
        sender: str = f"mms@{THEIRS}",
    ) -> str:
        """The last reply."""
        octets = mail if isinstance(mail, bytes) else mm4.write(mail)
        to = recipients or (BOX,)
        commands = [b"EHLO peer", f"MAIL FROM:<{sender}>".encode()]
        commands += [f"RCPT TO:<{one}>".encode() for one in to]
        replies = await self.call(*commands, b"DATA", octets + b"\r\n.")
        return replies[-1]


class Line:
    """An SMTP connection without any help."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Line":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        line = cls(reader, writer)
        line.greeting = await line.reply()
        return line

    greeting = ""

    async def say(self, text: bytes) -> str:
        self._writer.write(text + b"\r\n")
        await self._writer.drain()
        return await self.reply()

    def put(self, text: bytes) -> None:
        self._writer.write(text)

    async def encrypt(self, certificate: Path) -> None:
        context = ssl.create_default_context(cafile=certificate)
        async with asyncio.timeout(10):
            await self._writer.start_tls(context, server_hostname="localhost")

    async def ended(self) -> None:
        """The other side goes on for ten seconds at most."""
        async with asyncio.timeout(10):
            await self._reader.read()

    def close(self) -> None:
        self._writer.close()

    async def reply(self) -> str:
        async with asyncio.timeout(10):
            while True:
                line = (await self._reader.readline()).decode().rstrip()
                if line[3:4] != "-":
                    return line


@asynccontextmanager
async def rigged(**server: Any) -> AsyncIterator[Rig]:
    peer = Peer()
    rig = Rig(peer, await peer.listen(**server))
    try:
        yield rig
    finally:
        await rig.stop()
