from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import asyncpg
import msgspec

CONNECT_SECONDS: Final = 10.0
COMMAND_SECONDS: Final = 30.0

# jsonb on the wire is one byte of format version, then text.
_JSONB_VERSION = b"\x01"
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode

# What a server says, or a socket does, when nobody is there to serve.
GONE: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)


class Queries(Protocol):
    """A database (each statement its own commit) or a connection; jsonb is plain Python values."""

    async def execute(self, query: str, *args: object) -> str: ...

    async def fetch(self, query: str, *args: object) -> list[Any]: ...

    async def fetchrow(self, query: str, *args: object) -> Any: ...

    async def fetchval(self, query: str, *args: object) -> Any: ...


class Connection(Queries, Protocol):
    """The part of asyncpg's connection that stores use."""

    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None: ...

    async def copy_records_to_table(
        self,
        table_name: str,
        *,
        records: Iterable[Sequence[object]],
        columns: Sequence[str],
    ) -> str: ...

    def cursor(self, query: str, *args: object, prefetch: int = ...) -> Any: ...

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

    def is_closed(self) -> bool: ...


async def prepare(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: _JSONB_VERSION + _encode(value),
        decoder=lambda data: _decode(memoryview(data)[1:]),
    )


def arguments(command_seconds: float = COMMAND_SECONDS) -> dict[str, Any]:
    return {
        "timeout": CONNECT_SECONDS,
        "command_timeout": command_seconds,
        "max_cached_statement_lifetime": 0,
        "server_settings": {
            "application_name": "magpie",
            # A transaction that its owner forgot must not hold locks for ever.
            "idle_in_transaction_session_timeout": "60s",
            "timezone": "UTC",
            "jit": "off",
            # Statements are planned once, perhaps on empty tables. All of them are meant to find
            # their rows by index; a plan that reads whole tables would last until an ANALYZE.
            "enable_seqscan": "off",
            "enable_hashjoin": "off",
            "enable_mergejoin": "off",
        },
    }


def is_lost(error: BaseException, connection: Connection) -> bool:
    """Whether `error` came because the server behind `connection` is gone."""
    if isinstance(error, GONE):
        return True
    if not isinstance(error, asyncpg.InterfaceError | OSError):
        return False
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken a dead connection back already
        return True
