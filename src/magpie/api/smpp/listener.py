"""Where clients of SMPP connect: a plain port, one with TLS, or both; and the server's clock."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog

from magpie.api.smpp.server import SmppServer
from magpie.kit import clock
from magpie.kit.db import DatabaseUnavailable

log = structlog.get_logger(__name__)

_BEAT: Final = 0.2
_STOP_SECONDS: Final = 8.0
_HANDSHAKE_SECONDS: Final = 10.0
_BACKLOG: Final = 256

Chore = tuple[float, Callable[[], Awaitable[object]]]
"""Seconds between two runs, and what is done."""


class Listener:
    def __init__(self, server: SmppServer, *chores: Chore) -> None:
        self._server = server
        self._chores = chores
        self._sockets: list[asyncio.Server] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Give the port; raises OSError if it is taken."""
        listening = await asyncio.get_running_loop().create_server(
            self._server.wire,
            host,
            port,
            ssl=tls,
            backlog=_BACKLOG,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if tls else None,
        )
        self._sockets.append(listening)
        bound: int = listening.sockets[0].getsockname()[1]
        log.info("smpp.listening", host=host, port=bound, tls=tls is not None)
        return bound

    def start(self) -> None:
        chores = [_every(seconds, work) for seconds, work in self._chores]
        self._tasks = [asyncio.create_task(work) for work in (self._beat(), *chores)]

    async def stop(self) -> None:
        for listening in self._sockets:
            listening.close()
        await self._server.stop(_STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            await clock.sleep(_BEAT)
            self._server.pulse()


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await clock.sleep(seconds * (0.9 + clock.chance().random() / 5))
        try:
            await work()
        except DatabaseUnavailable:
            continue
        except Exception:
            log.exception("smpp.chore_failed")


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """Raises OSError or ssl.SSLError where a file is missing or no PEM."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(cert, key)
    return context
