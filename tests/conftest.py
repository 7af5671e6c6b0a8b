import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from tests import order

import magpie
from magpie.kit.db import Database
from magpie.kit.db.embedded import Embedded
from magpie.kit.db.migrations import migrate

MIGRATIONS = Path(magpie.__file__).with_name("migrations")
_numbers = count(1)
_MEMORY = Path("/dev/shm")
_ROOM = 2**30  # a server and its log take 200 MB; each worker has one
_SETTINGS = {
    "fsync": "off",
    # A worker of it in a test's database would keep that from being dropped.
    "autovacuum": "off",
    # Old log is kept for reuse, and in memory there is no room for a gigabyte.
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
}


# Hypothesis looks at the clock on the wall, which says nothing on a busy machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    given: dict[str, Any] = getattr(config, "workerinput", {})
    if (workers := given.get("workercount", 1)) > 1:
        items[:] = order.dealt(items, workers)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors, for many a test waits."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """In memory if there is room: making a database is making 300 files, slow on a busy disk."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield tmp_path_factory.mktemp("postgres")
        return
    with TemporaryDirectory(prefix="magpie-tests-", dir=_MEMORY) as made:
        yield Path(made)


@pytest.fixture(scope="session")
async def postgres(postgres_folder: Path) -> AsyncIterator[str]:
    """The URL of a server that all tests share; started when the first of them asks for it."""
    embedded = Embedded(postgres_folder, _SETTINGS)
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
