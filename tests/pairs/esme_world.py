"""A platform at work with its SMPP port, and a client that binds to it by the same session."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, cast

from tests.ports import free_port

from magpie.app.platform import Platform
from magpie.esmes import actions, store
from magpie.esmes.model import Esme
from magpie.esmes.parameters import CreateEsme, changed
from magpie.kit import clock
from magpie.messages import store as messages
from magpie.messages import timeline
from magpie.messages.model import Hop, Message
from magpie.protocols import smpp
from magpie.protocols.smpp.pdu import Pdu
from magpie.settings import Rates, Secret, Settings

FROM, TO = "+15017122661", "+15558675310"
_SECONDS: Final = 15.0


def address(number: str) -> smpp.Address:
    return smpp.to_address(number, smpp.AddressRules())


def submit(body: str = "hello", **more: Any) -> smpp.SubmitSm:
    fields: dict[str, Any] = {
        "source": address(FROM),
        "destination": address(TO),
        "short_message": body.encode("latin-1"),
    }
    return smpp.SubmitSm(**(fields | more))


class Client(asyncio.Protocol):
    """A client on one connection; `delivered` is what it was handed and answered `answer`."""

    def __init__(self, window: int = 100) -> None:
        self.session = smpp.Session(
            smpp.Role.ESME, clock.monotonic(), smpp.SessionConfig(window=window)
        )
        self.delivered: list[smpp.DeliverSm] = []
        self.answer: Callable[[smpp.DeliverSm], int | None] = lambda _: 0
        self.raw_answers: list[Pdu] | None = None
        self._framer = smpp.Framer()
        self.closed = asyncio.get_running_loop().create_future()
        self.unbound = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._heed(self.session.lost())
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self.raw_answers is not None:
            self.raw_answers += [smpp.decode(frame) for frame in self._framer.feed(data)]
            return
        self._heed(self.session.receive(data, clock.monotonic()))

    def _heed(self, events: list[smpp.Event]) -> None:
        for event in events:
            match event:
                case smpp.BytesToSend(data=octets):
                    self.transport.write(octets)
                case smpp.RequestReceived(pdu=smpp.DeliverSm() as pdu):
                    self._take(pdu)
                case smpp.ResponseReceived(token=asyncio.Future() as token, response=response):
                    token.set_result(response)
                case smpp.PeerUnbound():
                    self.unbound = True
                case smpp.Closed(outstanding=outstanding):
                    for one in outstanding:
                        _lose(one.token)
                    self.transport.close()
                case _:
                    pass

    def _take(self, pdu: smpp.DeliverSm) -> None:
        self.delivered.append(pdu)
        status = self.answer(pdu)
        if status is not None:
            self.write(smpp.reply(pdu, status))

    def write(self, pdu: Pdu, token: object = None) -> None:
        self.transport.write(self.session.send(pdu, clock.monotonic(), token))

    def raw(self, *pdus: bytes) -> list[Pdu]:
        """Past our own session; gives the list that the answers will be in."""
        self.raw_answers = []
        self.transport.write(b"".join(pdus))
        return self.raw_answers

    async def ask(self, pdu: Pdu) -> Any:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.write(pdu, done)
        async with asyncio.timeout(_SECONDS):
            return await done

    async def submit(self, body: str = "hello", **more: Any) -> Any:
        return await self.ask(submit(body, **more))

    def receipts(self) -> list[smpp.Receipt]:
        found = [smpp.read_receipt(pdu) for pdu in self.delivered if pdu.esm_class & 0x3C]
        return [receipt for receipt in found if receipt is not None]

    def close(self) -> None:
        """Without a word."""
        self.transport.abort()


def _lose(token: object) -> None:
    if isinstance(token, asyncio.Future) and not token.done():
        token.set_exception(ConnectionError("closed"))


class World:
    def __init__(self, platform: Platform, port: int, stack: AsyncExitStack) -> None:
        self.platform = platform
        self.port = port
        self.database = platform.database
        self.account_sid = platform.account.sid
        self._stack = stack

    def keep_clients(self) -> None:
        """Let them outlive the platform."""
        self._stack.pop_all()

    async def esme(self, account_sid: str | None = None, **given: Any) -> tuple[Esme, str]:
        """A new one and its password."""
        async with self.database.transaction() as connection:
            return await actions.create(
                connection,
                self.platform.sealer,
                account_sid or self.account_sid,
                CreateEsme.of(**given),
            )

    async def change(self, esme: Esme, **given: Any) -> Esme:
        async with self.database.transaction() as connection:
            new = changed(esme, CreateEsme.of(**given))
            await store.save(connection, new)
        self.platform.esmes.forget(new)
        return new

    async def connect(self, **options: Any) -> Client:
        loop = asyncio.get_running_loop()
        port = options.pop("port", self.port)
        window = options.pop("window", 100)
        _, made = await loop.create_connection(lambda: Client(window), "127.0.0.1", port, **options)
        self._stack.callback(made.close)
        return made

    async def bound(
        self,
        esme: Esme,
        password: str,
        kind: type[smpp.Bind] = smpp.BindTransceiver,
        **options: Any,
    ) -> Client:
        made = await self.connect(**options)
        answer = await made.ask(kind(system_id=esme.system_id, password=password))
        assert answer.status == 0, smpp.status_name(answer.status)
        return made

    async def client(self, **given: Any) -> Client:
        """Bound with a new name."""
        return await self.bound(*await self.esme(**given))

    async def messages(self, account_sid: str | None = None) -> list[Message]:
        """Newest first."""
        return await messages.page(
            self.database,
            account_sid or self.account_sid,
            messages.Filter(),
            older_than=None,
            newer_than=None,
            most=1000,
        )

    async def hops(self, message: Message) -> list[Hop]:
        return await timeline.of_message(self.database, message.account_sid, message.id)


async def until(true: Callable[[], object], seconds: float = _SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def world(database_url: str, folder: Path, **changes: Any) -> AsyncIterator[World]:
    port = free_port()
    settings = Settings(
        **{
            "data": folder,
            "database_url": Secret(database_url),
            "smpp_port": port,
            "roles": ("api", "dispatch", "simulator"),
            "rates": Rates(local=500.0, toll_free=500.0),
            **changes,
        }
    )
    async with AsyncExitStack() as stack:
        platform = await Platform.open(settings, 0, stack)
        await platform.start(stack)
        async with AsyncExitStack() as clients:
            yield World(platform, port, clients)
