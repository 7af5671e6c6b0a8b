"""Migrations against a real server."""

import asyncio
from pathlib import Path

import pytest

from magpie.kit.db import Database
from magpie.kit.db.failures import MigrationFailed, StoreIsNewer
from magpie.kit.db.migrations import migrate

FIRST = """
-- People; and 100 % of them.
CREATE TABLE person (name text PRIMARY KEY, age int CHECK (age % 2 >= 0));
INSERT INTO person VALUES ('a;b', 1), ('c''d', 2);
"""
SECOND = """
CREATE FUNCTION older() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.age < OLD.age THEN
    RAISE EXCEPTION 'nobody grows % years younger;', OLD.age - NEW.age;
  END IF;
  RETURN NEW;
END;
$$;
CREATE TRIGGER older BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION older();
"""
BROKEN = "CREATE TABLE half (n int); INSERT INTO half VALUES ('x');"


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "with [odd] name"
    made.mkdir()
    (made / "0001_people.sql").write_text(FIRST)
    return made


async def tables(database: Database) -> set[str]:
    rows = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows if "yoyo" not in row["tablename"]}


async def test_each_file_runs_once(database: Database, database_url: str, folder: Path) -> None:
    """A second run finds nothing to do, and a new file runs alone."""
    assert await migrate(database, database_url, folder) == ["0001_people"]
    assert await migrate(database, database_url, folder) == []
    (folder / "0002_older.sql").write_text(SECOND)
    assert await migrate(database, database_url, folder) == ["0002_older"]
    assert await database.fetchval("SELECT count(*) FROM person") == 2
    assert await database.fetchval("SELECT count(*) FROM pg_trigger WHERE tgname = 'older'") == 1


async def test_two_nodes_start_at_once(database: Database, database_url: str, folder: Path) -> None:
    """Of nodes that start together one migrates and the others wait for it."""
    (folder / "0002_older.sql").write_text(SECOND)
    await asyncio.gather(*(migrate(database, database_url, folder) for _ in range(3)))
    assert await database.fetchval("SELECT count(*) FROM _yoyo_migration") == 2


async def test_a_failing_file_leaves_nothing(
    database: Database, database_url: str, folder: Path
) -> None:
    """The file that fails is undone and named, those before it stand, and mended it runs."""
    (folder / "0002_half.sql").write_text(BROKEN)
    with pytest.raises(MigrationFailed, match=r"0002_half failed: invalid input"):
        await migrate(database, database_url, folder)
    assert await tables(database) == {"person"}
    (folder / "0002_half.sql").write_text(BROKEN.replace("'x'", "1"))
    assert await migrate(database, database_url, folder) == ["0002_half"]


async def test_a_newer_store_is_refused(
    database: Database, database_url: str, folder: Path
) -> None:
    """A program that does not know a migration of the store does not touch it."""
    (folder / "0002_older.sql").write_text(SECOND)
    await migrate(database, database_url, folder)
    (folder / "0002_older.sql").unlink()
    with pytest.raises(StoreIsNewer, match="0002_older"):
        await migrate(database, database_url, folder)
