"""Two connections joined: what comes in on one goes out on the other."""

import asyncio
from contextlib import suppress
from typing import Final, NamedTuple

from magpie.kit import clock

_CHUNK: Final = 64 * 1024
_IDLE_SECONDS: Final = 900.0
_LINGER_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 10.0
_CLOSE_SECONDS: Final = 5.0


class Streams(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Tunnel:
    """Ends when both sides have ended, or when nothing moves for too long.

    A side that has ended may still be waiting for its answer; it is given less patience.
    `heard` tells whether the first side ever said anything.
    """

    def __init__(
        self,
        one: Streams,
        other: Streams,
        *,
        idle: float = _IDLE_SECONDS,
        linger: float = _LINGER_SECONDS,
    ) -> None:
        self._pairs = ((one.reader, other.writer), (other.reader, one.writer))
        self._patience = idle
        self._linger = linger
        self._moved = clock.monotonic()
        self.heard = False

    async def run(self) -> None:
        await asyncio.gather(*(self._carry(*pair) for pair in self._pairs))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await self._copy(reader, writer)
        self._patience = min(self._patience, self._linger)
        _finish(writer)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await self._read(reader):
            self._moved = clock.monotonic()
            self.heard |= reader is self._pairs[0][0]
            writer.write(data)
            async with asyncio.timeout(self._patience):
                await writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """Nothing at the end, and when neither side has moved anything for too long."""
        while True:
            left = self._moved + self._patience - clock.monotonic()
            if left <= 0:
                return b""
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_SECONDS)):
                    return await reader.read(_CHUNK)


def _finish(writer: asyncio.StreamWriter) -> None:
    """Say that no more comes. TLS of asyncio knows no half-closed connection."""
    with suppress(OSError, RuntimeError):
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()


async def close(writer: asyncio.StreamWriter, seconds: float = _CLOSE_SECONDS) -> None:
    """Let go even where the other side no longer reads."""
    writer.close()
    try:
        async with asyncio.timeout(seconds):
            await writer.wait_closed()
    except OSError:
        writer.transport.abort()
