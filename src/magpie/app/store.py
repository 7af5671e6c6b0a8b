"""The database: the operator's, or one of our own in the data folder."""

from contextlib import AsyncExitStack
from pathlib import Path

from magpie.kit.db import Database
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
