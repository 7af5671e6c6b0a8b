import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import asyncpg

from magpie.kit.db.connection import GONE, Connection, arguments, is_lost, prepare
from magpie.kit.db.failures import DatabaseUnavailable
from magpie.kit.db.hooks import hooks_of
from magpie.kit.db.listener import Listener

ACQUIRE_SECONDS: Final = 10.0
_NEVER: Final = 2**31


async def _keep(connection: Any) -> None:
    """Spare the round trip by which the pool would reset a session: ours have no state."""


class Database:
    """A pool of connections; all its methods raise DatabaseUnavailable when the server is away."""

    def __init__(self, pool: Any, listener: Listener) -> None:
        self._pool = pool
        self._listener = listener

    @classmethod
    async def open(cls, url: str, *, size: int = 10) -> Self:
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=size,
                max_queries=_NEVER,
                init=prepare,
                reset=_keep,
                **arguments(),
            )
        except (*GONE, OSError, TimeoutError) as error:
            raise DatabaseUnavailable(f"cannot connect to the database: {error}") from error
        return cls(pool, Listener(url))

    async def close(self) -> None:
        await self._listener.close()
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """What a session is told (SET, LISTEN, advisory locks) must end with the block."""
        connection = await self._acquire()
        try:
            yield connection
        except (*GONE, asyncpg.InterfaceError, OSError) as error:
            if is_lost(error, connection):
                raise DatabaseUnavailable(str(error)) from error
            raise
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self.connection() as connection:
            with hooks_of(connection):
                async with connection.transaction():
                    yield connection

    async def fetch(self, query: str, *args: object) -> list[Any]:
        async with self.connection() as connection:
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> Any:
        async with self.connection() as connection:
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        async with self.connection() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        async with self.connection() as connection:
            return await connection.execute(query, *args)

    async def listen(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call back with each payload, and with "" after a gap in which some may be lost."""
        await self._listener.listen(channel, callback)

    async def _acquire(self) -> Any:
        try:
            async with asyncio.timeout(ACQUIRE_SECONDS):
                return await self._pool.acquire()
        except (*GONE, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            raise DatabaseUnavailable(f"no connection to the database: {error}") from error
