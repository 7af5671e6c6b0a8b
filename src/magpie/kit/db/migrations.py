"""Numbered SQL files, applied once each by yoyo-migrations.

The library is imported only when there is something to apply. Two of its habits are not ours: it
notes a migration in another transaction than the one that ran it, so that a crash in between
would run it twice; and it locks by a row that a crash leaves behind.
"""

import asyncio
import logging
from glob import escape
from pathlib import Path
from typing import Any, Final

import asyncpg

from magpie.kit.db.database import Database
from magpie.kit.db.failures import MigrationFailed, StoreIsNewer

_TABLE: Final = "_yoyo_migration"
_LOCK: Final = 0x6D61_6770_6965  # any number, so long as it stays the same
_PATIENCE: Final = "60s"


async def migrate(database: Database, url: str, folder: Path) -> list[str]:
    """The names that were pending; `url` is that of `database`.

    A file is named `0001_what_it_does.sql` and runs in one transaction.
    """
    known = _names(folder)
    pending = sorted(known - await _applied(database, known))
    if pending:
        await asyncio.to_thread(_apply, url, folder)
        await _applied(database, known)
    return pending


def _names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.sql")}


async def _applied(database: Database, known: set[str]) -> set[str]:
    try:
        rows = await database.fetch(f"SELECT migration_id FROM {_TABLE}")  # noqa: S608 - a constant
    except asyncpg.UndefinedTableError:
        return set()
    applied = {row["migration_id"] for row in rows}
    if unknown := sorted(applied - known):
        raise StoreIsNewer(f"a later version has changed this store ({unknown[-1]}): upgrade first")
    return applied


def _apply(url: str, folder: Path) -> None:
    import yoyo  # type: ignore[import-untyped]  # noqa: PLC0415 - 150 ms, seldom needed

    logging.getLogger("yoyo").setLevel(logging.WARNING)
    rest = url.partition(":")[2]
    with yoyo.get_backend(f"postgresql+psycopg:{rest}", _TABLE) as backend:
        _lock(backend)
        for migration in backend.to_apply(yoyo.read_migrations(escape(str(folder)))):
            _apply_one(backend, migration)


def _lock(backend: Any) -> None:
    """Held until the connection is closed."""
    backend.execute(f"SET lock_timeout = '{_PATIENCE}'")
    try:
        backend.execute(f"SELECT pg_advisory_lock({_LOCK})")
    except backend.DatabaseError as error:
        raise MigrationFailed(f"another process keeps migrating this store: {error}") from error
    backend.break_lock()


def _apply_one(backend: Any, migration: Any) -> None:
    try:
        with backend.transaction():
            migration.process_steps(backend, "apply")
            backend.mark_one(migration)
    except backend.DatabaseError as error:
        raise MigrationFailed(f"migration {migration.id} failed: {error}") from error
