from collections.abc import AsyncIterator
from itertools import count
from urllib.parse import urlsplit

import asyncpg
import pytest

from magpie.kit.db import Database
from magpie.kit.db.embedded import Embedded

_numbers = count(1)


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a server that all tests share; started when the first of them asks for it."""
    # An autovacuum worker in a test's database would keep that from being dropped.
    settings = {"fsync": "off", "autovacuum": "off"}
    embedded = Embedded(tmp_path_factory.mktemp("postgres"), settings)
    yield await embedded.start()
    await embedded.stop()


@pytest.fixture
async def database_url(postgres: str) -> AsyncIterator[str]:
    """An empty database for one test."""
    name = f"test_{next(_numbers)}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
    yield urlsplit(postgres)._replace(path=f"/{name}").geturl()
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
