"""The database: the operator's, or one of our own in the data folder."""

from contextlib import AsyncExitStack
from pathlib import Path

from magpie.app.checks import Facts
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


async def look(queries: Queries) -> Facts:
    """What the doctor asks a database."""
    version, now, *settings = await queries.fetchrow(
        """select current_setting('server_version_num')::int, clock_timestamp(),
            current_setting('fsync'), current_setting('full_page_writes'),
            current_setting('synchronous_commit')"""
    )
    names = ("fsync", "full_page_writes", "synchronous_commit")
    return Facts(version, now, dict(zip(names, settings, strict=True)))


async def facts(queries: Queries) -> list[Fact]:
    row = await queries.fetchrow(
        """select current_setting('server_version') as version,
            pg_size_pretty(pg_database_size(current_database())) as size,
            (select count(*) from pg_stat_activity where datname = current_database()) as used,
            current_setting('max_connections') as most"""
    )
    return [
        Fact("PostgreSQL", row["version"]),
        Fact("Size of the database", row["size"]),
        Fact("Connections", f"{row['used']} of {row['most']}"),
    ]
