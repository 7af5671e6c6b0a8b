"""The cheapest HTTP client: a load must cost less than what it loads."""

import asyncio
import re
from base64 import b64encode
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request(
    method: str, path: str, host: str, *, auth: tuple[str, str], body: bytes = b"", extra: str = ""
) -> bytes:
    """A request as it is on the wire; `extra` are whole header lines."""
    credentials = b64encode(f"{auth[0]}:{auth[1]}".encode()).decode()
    kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {credentials}\r\n"
        f"Accept: application/json\r\n{kind}{extra}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ends(buffer: bytes) -> int | None:
    """Where the first response in the buffer ends, if all of it is there."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = _LENGTH.search(buffer, 0, end)
    until = end + 4 + (int(length[1]) if length else 0)
    return until if len(buffer) >= until else None


class Connection(asyncio.Protocol):
    """One request at a time. Every way in which a connection ends is an OSError."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.lost = False

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, host, port)
        return connection

    async def ask(self, raw: bytes, seconds: float = 30.0) -> tuple[int, bytes]:
        if self.lost or self._transport is None:
            raise ConnectionResetError("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        try:
            async with asyncio.timeout(seconds):
                return await self._answer
        except TimeoutError:
            self.close()
            raise ConnectionAbortedError("no answer") from None

    def close(self) -> None:
        self.lost = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(str(exc)))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        until = ends(self._buffer)
        if until is not None and self._answer is not None and not self._answer.done():
            message, self._buffer = self._buffer[:until], self._buffer[until:]
            body = message[message.index(b"\r\n\r\n") + 4 :]
            self._answer.set_result((int(message[9:12]), body))
