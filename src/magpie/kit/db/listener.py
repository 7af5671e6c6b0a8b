import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from magpie.kit import clock
from magpie.kit.db.connection import CONNECT_SECONDS, arguments
from magpie.kit.db.failures import DatabaseUnavailable

# A connection that died without a word is found out by asking.
_HEARTBEAT_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 5.0
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 5.0

_FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Listener:
    """One connection for all channels, made anew whenever it is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._callbacks: defaultdict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None
        self._busy = asyncio.Lock()
        self._ready = asyncio.Event()

    async def listen(self, channel: str, callback: Callable[[str], None]) -> None:
        known = channel in self._callbacks
        self._callbacks[channel].append(callback)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="database listener")
        elif not known:
            await self._subscribe(channel)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise DatabaseUnavailable("cannot listen: the database does not answer") from error

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        again = False
        while True:
            try:
                await self._connect()
                if again:
                    self._tell_all()
                pause, again = _FIRST_PAUSE, True
                await self._stay()
            except _FAILURES:
                self._drop()
                await clock.sleep(pause * clock.chance().uniform(0.5, 1.0))
                pause = min(pause * 2, _LONGEST_PAUSE)
            finally:
                self._drop()

    async def _connect(self) -> None:
        self._connection = await asyncpg.connect(self._url, **arguments(_ANSWER_SECONDS))
        async with self._busy:
            for channel in list(self._callbacks):
                await self._connection.add_listener(channel, self._hear)
        self._ready.set()

    async def _subscribe(self, channel: str) -> None:
        async with self._busy:
            if self._connection is None:
                return  # the next connection takes every channel that is known by then
            try:
                await self._connection.add_listener(channel, self._hear)
            except _FAILURES:
                self._connection.terminate()

    async def _stay(self) -> None:
        """Raises when the connection is lost or does not answer."""
        lost = asyncio.Event()
        self._connection.add_termination_listener(lambda _: lost.set())
        while not (lost.is_set() or self._connection.is_closed()):
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    await lost.wait()
            except TimeoutError:
                async with self._busy:
                    await self._connection.execute("SELECT 1")
        raise ConnectionError("the connection was lost")

    def _drop(self) -> None:
        self._ready.clear()
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def _hear(self, _connection: Any, _pid: int, channel: str, payload: str) -> None:
        for callback in self._callbacks[channel]:
            callback(payload)

    def _tell_all(self) -> None:
        for callbacks in self._callbacks.values():
            for callback in callbacks:
                callback("")
