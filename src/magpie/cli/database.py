"""A look at the database without starting, changing or keeping anything."""

from urllib.parse import quote

from magpie.app import store
from magpie.app.checks import Facts
from magpie.kit.db import Database
from magpie.kit.db.embedded import running
from magpie.settings import Settings


async def look(settings: Settings) -> Facts | None:
    """None when it is our own and does not run; raises DatabaseUnavailable."""
    url = settings.database_url or _own(settings)
    if url is None:
        return None
    database = await Database.open(url, size=1)
    try:
        async with database.connection() as connection:
            return await store.look(connection)
    finally:
        await database.close()


def _own(settings: Settings) -> str | None:
    server = running((settings.data / "postgres").absolute())
    if server is None or server.sockets is None:
        return None
    return f"postgresql:///magpie?host={quote(str(server.sockets))}&port=5432&user=magpie"
