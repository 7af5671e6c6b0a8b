"""The CONNECT proxy of `magpie run`: *.twilio.com is answered by Magpie, the rest is passed on.

What a program sends to api.twilio.com:443 is decrypted here and handed to the platform as it is;
the Host header tells the platform which product is meant.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Final

from magpie.cli import upstream
from magpie.cli.request import Asked, is_twilio, parse
from magpie.cli.tunnel import Streams, Tunnel, close

_MOST_HEAD: Final = 64 * 1024
_MOST_CONNECTIONS: Final = 1000
_CONNECT_SECONDS: Final = 10.0
_HEAD_SECONDS: Final = 30.0
_HANDSHAKE_SECONDS: Final = 15.0
_ESTABLISHED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"

Distrust = Callable[[str], None]


class Proxy:
    """Listens on a loopback port of its own while the program runs.

    `distrusted` hears of a host when the program ended a connection before it said anything.
    """

    def __init__(
        self,
        platform: tuple[str, int],
        tls: ssl.SSLContext,
        *,
        beyond: upstream.Upstream | None = None,
        distrusted: Distrust = lambda _: None,
    ) -> None:
        self._platform = platform
        self._tls = tls
        self._beyond = beyond or upstream.Upstream({})
        self._distrusted = distrusted
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Give the port that it listens on."""
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", port, limit=_MOST_HEAD)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Cuts what is still open."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(Streams(reader, writer)))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, program: Streams) -> None:
        try:
            await self._answer(program)
        except OSError:  # gone, or too slow
            pass
        finally:
            await close(program.writer)

    async def _answer(self, program: Streams) -> None:
        if len(self._serving) > _MOST_CONNECTIONS:
            return await _refuse(program, "503 Too many connections")
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await program.reader.readuntil(b"\r\n\r\n")
            asked = parse(head)
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError:
            return await _refuse(program, "431 Request header fields too large")
        except ValueError:
            return await _refuse(program, "400 Not a request to a proxy")
        if is_twilio(asked.host):
            return await self._to_platform(program, asked)
        return await self._pass_on(program, asked, head)

    async def _to_platform(self, program: Streams, asked: Asked) -> None:
        peer = await _reach(*self._platform)
        if peer is None:
            return await _refuse(program, "502 Magpie does not answer")
        try:
            if asked.tunnel:
                await self._play(program, peer, asked.host)
            else:
                peer.writer.write(asked.head)
                await Tunnel(program, peer).run()
        finally:
            await close(peer.writer)

    async def _play(self, program: Streams, peer: Streams, host: str) -> None:
        """From here on the program believes that it talks to Twilio.

        Not every client says why it ends; with TLS 1.3 it may end when for us all is well.
        """
        tunnel = Tunnel(program, peer)
        try:
            program.writer.write(_ESTABLISHED)
            await program.writer.start_tls(self._tls, ssl_handshake_timeout=_HANDSHAKE_SECONDS)
            await tunnel.run()
        except OSError:
            pass
        if not tunnel.heard:
            self._distrusted(host)

    async def _pass_on(self, program: Streams, asked: Asked, head: bytes) -> None:
        proxied = self._beyond.of(asked)
        peer = await _reach(proxied.host, proxied.port) if proxied else await _reach(*asked[:2])
        if peer is None:
            return await _refuse(program, "502 The host does not answer")
        try:
            if proxied:
                peer.writer.write(upstream.through(proxied, head))
            elif asked.tunnel:
                program.writer.write(_ESTABLISHED)
            else:
                peer.writer.write(asked.head)
            await Tunnel(program, peer).run()
        finally:
            await close(peer.writer)


async def _refuse(program: Streams, status: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    program.writer.write(answer.encode("ascii"))
    async with asyncio.timeout(_CONNECT_SECONDS):
        await program.writer.drain()


async def _reach(host: str, port: int) -> Streams | None:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            return Streams(*await asyncio.open_connection(host, port))
    except (OSError, UnicodeError):
        return None
