"""A PostgreSQL server of our own, for whoever gives no database.

It outlives a Magpie that is killed, and the next Magpie on the folder takes it over as it is.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import asyncpg

from magpie.kit import clock
from magpie.kit.db.cluster import SUPERUSER, Cluster, last_lines
from magpie.kit.db.failures import EmbeddedFailed
from magpie.kit.db.folder import FolderLock

if TYPE_CHECKING:
    import subprocess

_NAME: Final = "magpie"
_PORT: Final = 5432  # with no TCP it is only a part of the socket's name
_START_SECONDS: Final = 120.0  # replaying 1 GB of log after a crash takes a while
_LOOK_SECONDS: Final = 0.01
_WATCH_SECONDS: Final = 1.0
_STOP: Final = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_PASSING_SECONDS: Final = 0.1
_LONGEST_SOCKET: Final = 100
_LOG_BYTES: Final = 10 * 2**20

# A predecessor that was killed may need a moment to leave the folder.
_PASSING: Final = (b"shared memory block", b"lock file")


@dataclass(frozen=True, slots=True)
class Postmaster:
    pid: int
    sockets: Path | None  # unknown while it starts


class Embedded:
    """`settings` are PostgreSQL's, over ours."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder.absolute()
        self._lock = FolderLock(self._folder)
        self._cluster = Cluster(self._folder / "postgres", settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._spare_sockets: Path | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """The URL of the database; raises EmbeddedFailed, of which AlreadyRunning is one."""
        self._lock.acquire()
        try:
            await asyncio.to_thread(self._cluster.ensure)
            url = await self._serve()
        except BaseException as error:
            await self._halt()
            if isinstance(error, OSError):
                raise EmbeddedFailed(f"cannot use the data folder: {error}") from error
            raise
        self._watch = asyncio.create_task(self._supervise(), name="embedded database")
        return url

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._halt()

    async def _halt(self) -> None:
        try:
            await self._end()
        finally:
            if self._spare_sockets is not None:
                shutil.rmtree(self._spare_sockets, ignore_errors=True)
                self._spare_sockets = None
            self._lock.release()

    async def _supervise(self) -> None:
        """PostgreSQL mends itself, save when its first process is killed."""
        pause = _WATCH_SECONDS
        while True:
            await clock.sleep(pause)
            if self._alive() is not None:
                pause = _WATCH_SECONDS
                continue
            try:
                await self._serve()
            except (EmbeddedFailed, OSError):
                pause = min(pause * 2, 30.0) * clock.chance().uniform(0.8, 1.0)

    async def _serve(self) -> str:
        # The server's process lives in real time, whatever clock is installed.
        try:
            async with asyncio.timeout(_START_SECONDS):
                while True:
                    if postmaster := self._alive():
                        if postmaster.sockets and await _answers(postmaster.sockets):
                            return _url(postmaster.sockets, _NAME, _NAME)
                    elif self._process is None or self._process.poll() is not None:
                        await self._spawn()
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError as error:
            raise EmbeddedFailed(f"the database in {self._folder} does not answer") from error

    async def _spawn(self) -> None:
        """Returns while the server comes up, or when it has left for a passing reason."""
        _forget(self._cluster.folder)
        before = _fresh_size(self._cluster.log)
        self._process = await asyncio.to_thread(self._cluster.spawn, self._sockets())
        while self._process.poll() is None:
            if self._alive():
                return
            await asyncio.sleep(_LOOK_SECONDS)
        said = self._cluster.log.read_bytes()[before:]
        if not any(reason in said for reason in _PASSING):
            raise EmbeddedFailed(f"the database does not start: {last_lines(said)}")
        await asyncio.sleep(_PASSING_SECONDS)

    def _sockets(self) -> Path:
        """The folder itself guards the socket; a path too long for one gets a short cut."""
        folder = self._cluster.folder
        if len(os.fsencode(folder)) <= _LONGEST_SOCKET - len(f"/.s.PGSQL.{_PORT}"):
            return folder
        if self._spare_sockets is None:
            self._spare_sockets = Path(tempfile.mkdtemp(prefix="magpie-"))
            if identity := self._cluster.identity():
                os.chown(self._spare_sockets, identity.uid, identity.gid)
        return self._spare_sockets

    def _alive(self) -> Postmaster | None:
        if self._process is not None:
            self._process.poll()  # a dead child stays a process until it is asked for
        return running(self._cluster.folder)

    async def _end(self) -> None:
        for sign, seconds in _STOP:
            if (postmaster := self._alive()) is None:
                return
            with suppress(ProcessLookupError):
                os.kill(postmaster.pid, sign)
            for _ in range(int(seconds / _LOOK_SECONDS)):
                if self._alive() is None:
                    return
                await asyncio.sleep(_LOOK_SECONDS)


def running(folder: Path) -> Postmaster | None:
    """The living server of a PostgreSQL folder, by the file in which it notes its pid."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    sockets = "".join(lines[4:5])
    return Postmaster(pid, Path(sockets) if sockets else None) if _works_in(pid, folder) else None


def _works_in(pid: int, folder: Path) -> bool:
    # After a crash, and easily in a container, somebody else may have the pid by now.
    process = Path(f"/proc/{pid}")
    try:
        if not Path("/proc/self").exists():
            os.kill(pid, 0)
            return True
        return (process / "cwd").samefile(folder)
    except PermissionError:  # root without CAP_SYS_PTRACE may not see where another user works
        return (process / "cmdline").read_bytes().split(b"\0")[0].endswith(b"postgres")
    except OSError:
        return False


def _forget(folder: Path) -> None:
    """Remove the note of a server that is no more; PostgreSQL would mistake a reused pid for it."""
    if running(folder) is None:
        (folder / "postmaster.pid").unlink(missing_ok=True)


def _fresh_size(log: Path) -> int:
    """Bytes in the log, which is put aside when it has grown large."""
    size = log.stat().st_size if log.exists() else 0
    if size <= _LOG_BYTES:
        return size
    log.replace(log.with_name(f"{log.name}.1"))
    return 0


def _url(sockets: Path, user: str, database: str) -> str:
    host = quote(str(sockets))
    return f"postgresql:///{database}?host={host}&port={_PORT}&user={user}"


async def _answers(sockets: Path) -> bool:
    """Whether it serves; our user and database are made when they are missing."""
    try:
        connection = await asyncpg.connect(_url(sockets, SUPERUSER, "postgres"))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", _NAME):
            await connection.execute(f"CREATE ROLE {_NAME} LOGIN CREATEDB")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _NAME):
            await connection.execute(f"CREATE DATABASE {_NAME} OWNER {_NAME}")
    finally:
        await connection.close()
    return True
