"""A TCP proxy that spoils connections: latency, reset, cut after a byte, silence.

The names are those of Toxiproxy. `Faults` are asked once for each connection.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum

import msgspec

_RESET = struct.pack("ii", 1, 0)


class Way(StrEnum):
    UP = "up"  # from the client to the server
    DOWN = "down"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """`latency` is in seconds, both ways.

    After `cut_after` bytes of direction `way` the connection is reset (`limit_data` with
    `reset_peer`), or where `silent`, no byte passes any more until the client gives up (`timeout`).
    """

    latency: float = 0.0
    cut_after: int | None = None
    way: Way = Way.UP
    silent: bool = False


Faults = Callable[[int], Fault | None]
"""Number of the connection, from 0, to its fault."""


class Proxy:
    def __init__(self, upstream: int, faults: Faults | None) -> None:
        self._upstream = upstream
        self._faults = faults
        self._links: set[Link] = set()
        self._server: asyncio.Server | None = None
        self.connections = 0
        self.cuts = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, upstream: int, faults: Faults | None = None) -> AsyncIterator["Proxy"]:
        proxy = cls(upstream, faults)
        proxy._server = await asyncio.start_server(proxy._connected, "127.0.0.1", 0)
        try:
            yield proxy
        finally:
            proxy._server.close()
            for link in list(proxy._links):
                link.reset()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def reset_all(self) -> None:
        for link in list(self._links):
            link.reset()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._faults(self.connections) if self._faults else None
        self.connections += 1
        try:
            server = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            writer.transport.abort()
            return
        link = Link((reader, writer), server, fault or Fault())
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)
            self.cuts += link.was_cut


class Link:
    """One connection on both sides of the proxy."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        fault: Fault,
    ) -> None:
        self._client, self._server = client, server
        self._fault = fault
        self._silent = False
        self.was_cut = False

    async def run(self) -> None:
        up = asyncio.create_task(self._pass(Way.UP, self._client[0], self._server[1]))
        down = asyncio.create_task(self._pass(Way.DOWN, self._server[0], self._client[1]))
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for task in (up, down):
            task.cancel()
        for _, writer in (self._client, self._server):
            writer.close()

    def reset(self) -> None:
        """Both ends see ECONNRESET: lingering for no time sends an RST in place of a FIN."""
        for _, writer in (self._client, self._server):
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, _RESET
                )
            writer.transport.abort()

    async def _pass(
        self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        left = self._fault.cut_after if way is self._fault.way else None
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self._fault.latency:
                    await asyncio.sleep(self._fault.latency)
                kept = data if left is None else data[:left]
                if not self._silent:
                    writer.write(kept)
                    await writer.drain()
                if left is not None:
                    left -= len(kept)
                    if left == 0:
                        self._cut()
                        left = None

    def _cut(self) -> None:
        self.was_cut = True
        if self._fault.silent:
            self._silent = True
        else:
            self.reset()
