"""The database kit against a real server."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from magpie.kit import clock
from magpie.kit.db import Connection, Database, DatabaseUnavailable, GroupCommit, Overloaded
from magpie.kit.db.embedded import Embedded, running
from magpie.kit.db.failures import AlreadyRunning, EmbeddedFailed

INSERT = "INSERT INTO item SELECT * FROM unnest($1::int[]) RETURNING n"


async def insert(connection: Connection, items: Sequence[int]) -> Sequence[int | Exception]:
    """Double each number in order; 13 is refused alone, a number twice breaks its batch."""
    await connection.execute(INSERT, [item for item in items if item != 13])
    return [ValueError("unlucky") if item == 13 else item * 2 for item in items]


@pytest.fixture
async def table(database: Database) -> Database:
    await database.execute("CREATE TABLE item (n int PRIMARY KEY)")
    return database


async def numbers(database: Database) -> list[int]:
    return [row["n"] for row in await database.fetch("SELECT n FROM item ORDER BY n")]


async def test_a_transaction_is_all_or_nothing(table: Database) -> None:
    """An error in the block undoes what the block wrote and reaches the caller."""

    async def write(*items: int) -> None:
        async with table.transaction() as connection:
            for item in items:
                await connection.execute("INSERT INTO item VALUES ($1)", item)

    with pytest.raises(asyncpg.UniqueViolationError):
        await write(1, 1)
    await write(2)
    assert await numbers(table) == [2]


@pytest.mark.parametrize("value", [{"a": [1, None, "ü"]}, [], "x", 0, None])
async def test_jsonb_is_a_plain_value(database: Database, value: object) -> None:
    """What goes into a jsonb column comes out equal."""
    assert await database.fetchval("SELECT $1::jsonb", value) == value


async def test_our_ids_sort_in_the_database_as_here(database: Database) -> None:
    """PostgreSQL reads our UUIDs as version 7 and orders them by their birth."""
    ids = [clock.uuid7() for _ in range(100)]
    query = "SELECT id FROM unnest($1::uuid[]) id WHERE uuid_extract_version(id) = 7 ORDER BY id"
    rows = await database.fetch(query, ids[::-1])
    assert [UUID(str(row["id"])) for row in rows] == ids


async def test_writers_share_commits_and_get_their_own_results(table: Database) -> None:
    """Two hundred concurrent writes take far fewer transactions, and nobody gets another's."""
    batches: list[int] = []

    async def counted(connection: Connection, items: Sequence[int]) -> Sequence[int | Exception]:
        batches.append(len(items))
        return await insert(connection, items)

    group = GroupCommit(table, counted, most=50)
    results = await asyncio.gather(*(group.write(n) for n in range(100, 300)))
    assert results == [n * 2 for n in range(100, 300)]
    assert len(batches) < 20
    assert max(batches) <= 50
    assert await numbers(table) == list(range(100, 300))


@pytest.mark.parametrize("at_once", [1, 2])
async def test_a_writer_alone_is_served_each_time(table: Database, at_once: int) -> None:
    """One who writes again as soon as the last write returned never waits for a second writer."""
    group = GroupCommit(table, insert, at_once=at_once)
    async with asyncio.timeout(20):
        assert [await group.write(n) for n in range(100, 150)] == [n * 2 for n in range(100, 150)]


async def test_a_result_comes_after_the_commit(table: Database) -> None:
    """As soon as a write returns, another connection sees the row."""
    group = GroupCommit(table, insert)

    async def look(n: int) -> bool:
        await group.write(n)
        return await table.fetchval("SELECT true FROM item WHERE n = $1", n) is True

    assert all(await asyncio.gather(*(look(n) for n in range(100, 150))))


async def test_an_exception_among_the_results_is_one_writers(table: Database) -> None:
    """A refused item raises for its writer while the batch around it is committed."""
    group = GroupCommit(table, insert)
    results = await asyncio.gather(*(group.write(n) for n in (12, 13, 14)), return_exceptions=True)
    assert [str(result) for result in results] == ["24", "unlucky", "28"]
    assert await numbers(table) == [12, 14]


@pytest.mark.parametrize("bad", [7, 2**40, "not a number"])
async def test_a_bad_item_fails_alone(table: Database, bad: int) -> None:
    """An item that breaks its whole batch fails for its own writer only."""
    await table.execute("INSERT INTO item VALUES (7)")
    group = GroupCommit(table, insert, at_once=1)
    items = [*range(100, 110), bad, *range(110, 120)]
    results = await asyncio.gather(*(group.write(n) for n in items), return_exceptions=True)
    assert isinstance(results.pop(10), asyncpg.PostgresError | asyncpg.DataError)
    assert results == [n * 2 for n in range(100, 120)]
    assert await numbers(table) == [7, *range(100, 120)]


async def test_a_cancelled_writer_harms_nobody(table: Database) -> None:
    """Cancelling some of the waiting writers leaves the others with their results."""
    group = GroupCommit(table, insert, at_once=1)
    writers = [asyncio.create_task(group.write(n)) for n in range(100, 120)]
    await asyncio.sleep(0)
    for writer in writers[::2]:
        writer.cancel()
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert results[1::2] == [n * 2 for n in range(101, 120, 2)]
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert set(range(101, 120, 2)) <= set(await numbers(table))


async def test_too_many_writers_are_turned_away(table: Database) -> None:
    """Beyond the cap a write is refused at once, and those who wait are served."""
    group = GroupCommit(table, insert, waiting=5)
    results = await asyncio.gather(*(group.write(n) for n in range(8)), return_exceptions=True)
    assert results[:5] == [n * 2 for n in range(5)]
    assert all(isinstance(result, Overloaded) for result in results[5:])


async def test_close_waits_for_what_was_handed_in(table: Database) -> None:
    """After `close` returns every write has its answer."""
    group = GroupCommit(table, insert)
    writers = [asyncio.create_task(group.write(n)) for n in range(20, 30)]
    await asyncio.sleep(0)
    await group.close()
    assert await asyncio.gather(*writers) == [n * 2 for n in range(20, 30)]


async def test_a_wrong_number_of_results_is_an_error(table: Database) -> None:
    """A callback that loses a result does not get its batch committed."""

    async def forgetful(connection: Connection, items: Sequence[int]) -> Sequence[int | Exception]:
        return (await insert(connection, items))[1:]

    with pytest.raises(RuntimeError, match="0 results for 1"):
        await GroupCommit(table, forgetful).write(1)
    assert await numbers(table) == []


async def test_notifications_arrive_also_after_the_connection_was_lost(database: Database) -> None:
    """A listener hears payloads, is told "" after a gap, and then hears again."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    await database.listen("news", heard.put_nowait)
    await database.listen("other", lambda payload: heard.put_nowait(f"other {payload}"))
    await database.execute("SELECT pg_notify('news', 'one'), pg_notify('other', 'two')")
    assert {await heard.get(), await heard.get()} == {"one", "other two"}
    await database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'",
    )
    assert {await heard.get(), await heard.get()} == {"", "other "}
    await database.execute("SELECT pg_notify('news', 'three')")
    assert await heard.get() == "three"


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Embedded]:
    made = Embedded(tmp_path)
    yield made
    await made.stop()


def kill_server(folder: Path) -> None:
    server = running(folder / "postgres")
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)


async def test_rows_survive_a_killed_server(tmp_path: Path, embedded: Embedded) -> None:
    """Writers in flight get DatabaseUnavailable or a result that is there after the restart."""
    database = await Database.open(await embedded.start())
    await database.execute("CREATE TABLE item (n int PRIMARY KEY)")
    group = GroupCommit(database, insert, most=5)
    writers = [asyncio.create_task(group.write(n)) for n in range(100, 1100)]
    await writers[100]
    server = running(tmp_path / "postgres")
    assert server is not None
    for pid in (server.pid, *children(server.pid)):
        os.kill(pid, signal.SIGKILL)
    results = await asyncio.gather(*writers, return_exceptions=True)
    kept = {n for n, result in zip(range(100, 1100), results, strict=True) if result == n * 2}
    lost = [result for result in results if not isinstance(result, int)]
    assert lost
    assert all(isinstance(result, DatabaseUnavailable) for result in lost)
    await embedded.stop()
    await embedded.start()
    assert kept <= set(await numbers(database))
    assert await group.write(5000) == 10_000
    await database.close()


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


async def test_a_dead_server_is_started_again(tmp_path: Path, embedded: Embedded) -> None:
    """While Magpie runs, a killed server comes back on the same address by itself."""
    database = await Database.open(await embedded.start())
    kill_server(tmp_path)
    with pytest.raises(DatabaseUnavailable):
        await database.execute("SELECT pg_sleep(10)")
    async with asyncio.timeout(20):
        while True:
            try:
                assert await database.fetchval("SELECT 1") == 1
                break
            except DatabaseUnavailable:
                await asyncio.sleep(0.05)
    await database.close()


PROGRAM = """
import asyncio, sys
from pathlib import Path
from magpie.kit.db.embedded import Embedded
async def main():
    print(await Embedded(Path(sys.argv[1])).start(), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_one_folder_serves_one_program_and_outlives_it(tmp_path: Path) -> None:
    """A second program is refused with the pid of the first; after its death it takes over."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    first = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert first.stdout is not None
    url = (await first.stdout.readline()).decode().strip()
    with pytest.raises(AlreadyRunning) as refused:
        await Embedded(tmp_path).start()
    assert refused.value.pid == first.pid
    first.kill()
    await first.wait()
    left = running(tmp_path / "postgres")
    second = Embedded(tmp_path)
    assert await second.start() == url
    assert running(tmp_path / "postgres") == left
    await second.stop()
    assert running(tmp_path / "postgres") is None


async def test_the_server_hears_no_ctrl_c_of_ours(tmp_path: Path, embedded: Embedded) -> None:
    """The server lives in a session and process group of its own."""
    await embedded.start()
    server = running(tmp_path / "postgres")
    assert server is not None
    assert os.getsid(server.pid) == os.getpgid(server.pid) == server.pid


async def test_a_pid_that_somebody_else_has_now_is_no_server(tmp_path: Path) -> None:
    """A note left behind by a crash does not keep the server from starting."""
    embedded = Embedded(tmp_path)
    await embedded.start()
    note = (tmp_path / "postgres" / "postmaster.pid").read_text().splitlines()
    await embedded.stop()
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note[1:]]))
    await embedded.start()
    await embedded.stop()


async def test_a_folder_of_another_version_is_refused(tmp_path: Path) -> None:
    """The message names the version that made the data."""
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedFailed, match="made by PostgreSQL 15"):
        await Embedded(tmp_path).start()


async def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """A file where the data folder should be is named in the message."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedFailed, match="cannot use the data folder"):
        await Embedded(tmp_path / "file").start()


async def test_a_server_that_refuses_says_why(tmp_path: Path) -> None:
    """What PostgreSQL objects to stands in the error."""
    with pytest.raises(EmbeddedFailed, match="no_such_setting"):
        await Embedded(tmp_path, {"no_such_setting": "1"}).start()


async def test_an_absent_server_is_unavailable(tmp_path: Path) -> None:
    """Opening a database where nobody serves raises the error that callers answer with 503."""
    with pytest.raises(DatabaseUnavailable):
        await Database.open(f"postgresql:///magpie?host={tmp_path}&user=magpie")
