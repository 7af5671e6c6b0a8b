"""A message centre for tests of the SMPP carrier, made from the same session; proxies that cut."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from magpie.carriers import traffic as t
from magpie.carriers.smpp import Host, LinkOptions, SmppCarrier
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import Secret

FROM, TO = "+15017122661", "+15558675310"
LONG = "x" * 400  # three parts
Answer = Callable[[smpp.SubmitSm, int], Pdu | None]


def accept(pdu: smpp.SubmitSm, number: int) -> Pdu:
    return smpp.reply(pdu, message_id=f"id{number}")


def refuse(status: int) -> Answer:
    return lambda pdu, _: smpp.reply(pdu, status)


def silent(_pdu: smpp.SubmitSm, _number: int) -> None:
    return None


class Wire(asyncio.Protocol):
    def __init__(self, smsc: "Smsc") -> None:
        self.smsc = smsc
        self.session = smpp.Session(
            smpp.Role.SMSC, clock.monotonic(), smpp.SessionConfig(inbound_window=100_000)
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.smsc.wires.append(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.smsc.wires.remove(self)

    def send(self, pdu: Pdu, token: object = None) -> None:
        self.transport.write(self.session.send(pdu, clock.monotonic(), token))

    def data_received(self, data: bytes) -> None:
        if self.smsc.deaf:
            return
        for event in self.session.receive(data, clock.monotonic()):
            match event:
                case smpp.BytesToSend(data=octets):
                    self.transport.write(octets)
                case smpp.RequestReceived(pdu=smpp.SubmitSm() as pdu):
                    self.smsc.submitted(self, pdu)
                case smpp.RequestReceived(pdu=pdu):
                    self.smsc.binds.append(pdu)
                    answer = smpp.reply(pdu, next(self.smsc.bind_answers, 0), system_id="centre")
                    self.smsc.later(partial(self.send, answer))
                case smpp.ResponseReceived(token=asyncio.Future() as token, response=response):
                    token.set_result(response)
                case smpp.Closed():
                    self.transport.close()
                case _:
                    pass


class Smsc:
    """Answers as it is told; keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = accept
        self.bind_answers: Any = iter(())
        self.binds: list[Pdu] = []
        self.submits: list[smpp.SubmitSm] = []
        self.wires: list[Wire] = []
        self.deaf = False
        self.binds_after = 0.0
        self.largest = 0
        self._numbers = count(1)

    async def listen(self, port: int = 0) -> int:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Wire(self), "127.0.0.1", port)
        return int(self.server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        self.server.close()
        for wire in list(self.wires):
            wire.transport.abort()
        await self.server.wait_closed()

    def later(self, bind: Callable[[], None]) -> None:
        """Binds are answered after `binds_after` seconds, at once if that is 0."""
        if self.binds_after:
            asyncio.get_running_loop().call_later(self.binds_after, bind)
        else:
            bind()

    def submitted(self, wire: Wire, pdu: smpp.SubmitSm) -> None:
        self.submits.append(pdu)
        self.largest = max(self.largest, wire.session.unanswered)
        response = self.answer(pdu, next(self._numbers))
        if response is not None:
            wire.send(response)

    async def deliver(self, pdu: smpp.Message) -> int:
        """Give the status of the answer."""
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        receiving = {smpp.State.BOUND_RX, smpp.State.BOUND_TRX}
        wire = next(wire for wire in self.wires if wire.session.state in receiving)
        wire.send(pdu, answer)
        return (await answer).status


class Taken:
    """Keeps what the carrier hands in; `before` stands for the commit."""

    def __init__(self) -> None:
        self.receipts: list[t.Receipt] = []
        self.inbounds: list[t.Inbound] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    async def receipt(self, receipt: t.Receipt) -> None:
        if self.before:
            await self.before()
        self.receipts.append(receipt)

    async def inbound(self, inbound: t.Inbound) -> None:
        if self.before:
            await self.before()
        self.inbounds.append(inbound)


class Rig:
    def __init__(self, smsc: Smsc, port: int) -> None:
        self.smsc = smsc
        self.port = port
        self.traffic = Taken()
        self.carrier = SmppCarrier(options(port))

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not true():
                await asyncio.sleep(0.002)

    async def bound(self) -> None:
        await self.until(lambda: self.carrier.state().bound)

    def has_binds(self, number: int) -> bool:
        return len(self.smsc.binds) == number

    async def start(self, **changes: Any) -> None:
        self.carrier = SmppCarrier(msgspec.structs.replace(self.carrier.options, **changes))
        await self.carrier.start(self.traffic)
        await self.bound()


def options(port: int, **changes: Any) -> LinkOptions:
    return msgspec.structs.replace(
        LinkOptions(
            name="north",
            hosts=(Host("127.0.0.1", port),),
            system_id="magpie",
            password=Secret("secret"),
            reconnect=(0.02, 0.1),
            throttle=(0.02, 0.1),
            down_patience=0.1,
            drain=1.0,
            unbind=0.5,
        ),
        **changes,
    )


@asynccontextmanager
async def rigged() -> AsyncIterator[Rig]:
    smsc = Smsc()
    rig = Rig(smsc, await smsc.listen())
    try:
        yield rig
    finally:
        await rig.carrier.stop()
        await smsc.close()


def message(body: str = "hello", number: int = 1, **more: Any) -> t.Submission:
    return t.Submission(
        account_sid="AC" + "0" * 32,
        message_id=UUID(int=number << 80 | 7 << 76 | 2 << 62 | number),
        attempt=more.pop("attempt", 1),
        kind=t.Kind.SMS,
        from_=FROM,
        to=TO,
        body=body,
        **more,
    )


def address(number: str) -> smpp.Address:
    return smpp.Address(1, 1, number.removeprefix("+"))


def receipt_for(message_id: str, state: smpp.MessageState, error: str = "000") -> smpp.DeliverSm:
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    return smpp.build_receipt(
        address(TO), address(FROM), message_id, state, submitted=at, done=at, error=error
    )


class Cut:
    """A proxy that carries so many octets of the server's, then drops the connection."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.left: int | None = None

    async def listen(self) -> int:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection("127.0.0.1", self.target)
        ways = self._carry(reader, there, cut=False), self._carry(back, writer, cut=True)
        await asyncio.gather(*ways)

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, cut: bool
    ) -> None:
        while data := await reader.read(4096):
            if cut and self.left is not None:
                writer.write(data[: self.left])
                await writer.drain()
                break
            writer.write(data)
        writer.close()


class Faulty(Cut):
    """Drops each connection after some octets either way, by chance; at last none."""

    def __init__(self, port: int, cuts: int, chance: random.Random) -> None:
        super().__init__(port)
        self.cuts = cuts
        self.chance = chance

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, there = await asyncio.open_connection("127.0.0.1", self.target)
        ways = [
            asyncio.create_task(self._some(*pair)) for pair in ((reader, there), (back, writer))
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for end in (there, writer):
            end.transport.abort()
        await asyncio.wait(ways)

    async def _some(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.cuts -= 1
        left = self.chance.randrange(60, 1500) if self.cuts > 0 else 1 << 30
        with suppress(ConnectionError):
            while left > 0 and (data := await reader.read(min(left, 200))):
                writer.write(data)
                await writer.drain()
                left -= len(data)


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret
