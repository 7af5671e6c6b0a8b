"""A look at the database without starting, changing or keeping anything."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from magpie.cli import store
from magpie.kit.db import Database
from magpie.kit.db.embedded import running
from magpie.settings import Settings


class Facts(NamedTuple):
    """`version` as PostgreSQL numbers it, 180001; `durable` what keeps an acknowledged message."""

    version: int
    now: datetime
    durable: dict[str, str]


async def look(settings: Settings) -> Facts | None:
    """None when it is our own and does not run; raises DatabaseUnavailable."""
    url = settings.database_url or _own(settings)
    if url is None:
        return None
    database = await Database.open(url, size=1)
    try:
        async with database.connection() as connection:
            return Facts(*await store.facts(connection))
    finally:
        await database.close()


def _own(settings: Settings) -> str | None:
    server = running((settings.data / "postgres").absolute())
    if server is None or server.sockets is None:
        return None
    return f"postgresql:///magpie?host={quote(str(server.sockets))}&port=5432&user=magpie"
