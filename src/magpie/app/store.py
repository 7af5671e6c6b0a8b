"""The database: the operator's, or one of our own in the data folder."""

from contextlib import AsyncExitStack
from pathlib import Path

from magpie.console.pages.system import Fact
from magpie.kit.db import Database, Queries
from magpie.kit.db.embedded import Embedded
from magpie.kit.db.migrations import migrate
from magpie.settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_CONNECTIONS = 16


async def open_store(settings: Settings, stack: AsyncExitStack) -> Database:
    """Closed again, and an embedded server stopped, when the stack ends."""
    url: str | None = settings.database_url
    if url is None:
        embedded = Embedded(settings.data)
        url = await embedded.start()
        stack.push_async_callback(embedded.stop)
    database = await Database.open(url, size=_CONNECTIONS)
    stack.push_async_callback(database.close)
    await migrate(database, url, MIGRATIONS)
    return database


async def facts(queries: Queries) -> list[Fact]:
    row = await queries.fetchrow(
        """select current_setting('server_version') as version,
            pg_size_pretty(pg_database_size(current_database())) as size,
            (select count(*) from pg_stat_activity where datname = current_database()) as used,
            current_setting('max_connections') as most,
            current_setting('fsync') as fsync"""
    )
    return [
        Fact("PostgreSQL", row["version"]),
        Fact("Size of the database", row["size"]),
        Fact("Connections", f"{row['used']} of {row['most']}"),
        Fact("Commits on disk (fsync)", row["fsync"]),
    ]
