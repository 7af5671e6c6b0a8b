from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

import magpie
from magpie.kit.db import Database
from magpie.kit.db.embedded import Embedded
from magpie.kit.db.migrations import migrate

MIGRATIONS = Path(magpie.__file__).with_name("migrations")
_numbers = count(1)


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a server that all tests share; started when the first of them asks for it."""
    # An autovacuum worker in a test's database would keep that from being dropped.
    settings = {"fsync": "off", "autovacuum": "off"}
    embedded = Embedded(tmp_path_factory.mktemp("postgres"), settings)
    yield await embedded.start()
    await embedded.stop()


@pytest.fixture(scope="session")
async def migrated(postgres: str) -> str:
    """A database with all migrations, to be copied: that takes a hundredth of their time."""
    async with one_database(postgres, "migrated", keep=True) as url:
        database = await Database.open(url)
        await migrate(database, url, MIGRATIONS)
        await database.close()
    return "migrated"


@pytest.fixture
async def database_url(postgres: str, migrated: str) -> AsyncIterator[str]:
    """A database for one test, as it is at the first start."""
    async with one_database(postgres, f"test_{next(_numbers)}", migrated) as url:
        yield url


@pytest.fixture
async def empty_database_url(postgres: str) -> AsyncIterator[str]:
    """One without any table."""
    async with one_database(postgres, f"test_{next(_numbers)}") as url:
        yield url


@asynccontextmanager
async def one_database(
    postgres: str, name: str, template: str = "template0", *, keep: bool = False
) -> AsyncIterator[str]:
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield urlsplit(postgres)._replace(path=f"/{name}").geturl()
    if not keep:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
