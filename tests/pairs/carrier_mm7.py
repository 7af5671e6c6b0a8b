"""A relay for tests of the MM7 carrier, made of the same codec; and our door, on a real port."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import ClientSession, web
from multidict import CIMultiDict

from magpie.carriers import traffic as t
from magpie.carriers.door import Knock
from magpie.carriers.mm7 import LinkOptions, Mm7Carrier
from magpie.carriers.mms import Contents
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Policy
from magpie.protocols import mm7

FROM, TO = "+15017122661", "+15558675310"
Answer = Callable[[web.Request, mm7.Message, int], Awaitable[web.StreamResponse]]


def said(
    operation: mm7.Operation, transaction_id: str, dialect: mm7.Dialect | None = None
) -> web.Response:
    framed = mm7.write_message(operation, transaction_id, dialect or mm7.Dialect())
    return web.Response(body=b"".join(framed.chunks), headers=dict(framed.headers))


async def accept(_request: web.Request, message: mm7.Message, number: int) -> web.Response:
    assert isinstance(message.operation, mm7.Request)
    fields = {"message_id": f"m{number}"} if isinstance(message.operation, mm7.SubmitReq) else {}
    answer = message.operation.response(status=mm7.Status.of(1000), **fields)
    return said(answer, message.transaction_id)


def refuse(code: int, text: str = "") -> Answer:
    async def answer(_request: web.Request, message: mm7.Message, _number: int) -> web.Response:
        assert isinstance(message.operation, mm7.Request)
        refused = message.operation.response(status=mm7.Status(code, text))
        return said(refused, message.transaction_id)

    return answer


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    async def answer(_request: web.Request, _message: mm7.Message, _number: int) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=named)

    return answer


async def silent(_request: web.Request, _message: mm7.Message, _number: int) -> web.Response:
    await asyncio.sleep(20)
    return web.Response()


class Relay:
    """Answers as it is told; keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = accept
        self.messages: list[mm7.Message] = []
        self.headers: list[CIMultiDict[str]] = []
        self.bodies: list[bytes] = []
        self.connections: set[tuple[str, int]] = set()
        self.busy = self.busiest = 0

    async def listen(self, tls: ssl.SSLContext | None = None) -> int:
        self.runner = web.ServerRunner(
            web.Server(self._serve, access_log=None), shutdown_timeout=0.1
        )
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0, ssl_context=tls).start()
        return int(self.runner.addresses[0][1])

    async def close(self) -> None:
        await self.runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read()
        message = mm7.read_message(request.headers["Content-Type"], body)
        self.bodies.append(body)
        self.messages.append(message)
        self.headers.append(CIMultiDict(request.headers))
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername"))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            return await self.answer(request, message, len(self.messages))  # type: ignore[arg-type]
        finally:
            self.busy -= 1


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
    def __init__(self, relay: Relay, port: int) -> None:
        self.relay = relay
        self.traffic = Taken()
        self.blobs = Blobs.open("memory://")
        self.options = LinkOptions(
            name="north", url=f"http://127.0.0.1:{port}/mm7", vasp_id="v", outage=(0.02, 0.1)
        )
        self.carrier = self._made()
        self._door: Door | None = None

    def _made(self) -> Mm7Carrier:
        return Mm7Carrier(self.options, Contents(self.blobs), Policy(allow_loopback=True))

    async def start(self, **changes: Any) -> None:
        self.options = msgspec.structs.replace(self.options, **changes)
        self.carrier = self._made()
        await self.carrier.start(self.traffic)

    async def stop(self) -> None:
        if self._door is not None:
            await self._door.close()
        await self.carrier.stop()
        await self.relay.close()

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

    async def door(self) -> "Door":
        self._door = self._door or await Door.open(self.carrier)
        return self._door


class Door:
    """Stands for the mounts of the API: what is posted becomes a Knock."""

    def __init__(self, carrier: Mm7Carrier) -> None:
        self.carrier = carrier
        self._session = ClientSession()
        self.runner = web.ServerRunner(web.Server(self._serve, access_log=None))
        self.url = ""

    @classmethod
    async def open(cls, carrier: Mm7Carrier) -> "Door":
        self = cls(carrier)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/"
        return self

    async def close(self) -> None:
        await self._session.close()
        await self.runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        knock = Knock(
            method=request.method,
            path="",
            query="",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.content.read(),
            peer=request.remote or "",
            url=self.url,
        )
        given = await self.carrier.answer(knock)
        headers = {**given.headers, "Content-Type": given.content_type}
        return web.Response(body=given.body, status=given.status, headers=headers)

    async def post(self, body: bytes, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._session.post(self.url, data=body, headers=named) as answer:
            return answer.status, await answer.read()

    async def tell(
        self, operation: mm7.Operation, transaction_id: str = "t1", **more: Any
    ) -> mm7.Operation:
        framed = mm7.write_message(operation, transaction_id, mm7.Dialect(), **more)
        headers = {name.replace("-", "_"): value for name, value in framed.headers}
        _, body = await self.post(b"".join(framed.chunks), **headers)
        answer = mm7.read_message("", body)
        assert answer.transaction_id == transaction_id
        return answer.operation


@asynccontextmanager
async def rigged(tls: ssl.SSLContext | None = None) -> AsyncIterator[Rig]:
    relay = Relay()
    rig = Rig(relay, await relay.listen(tls))
    try:
        yield rig
    finally:
        await rig.stop()
