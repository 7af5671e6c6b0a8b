"""What keeps a platform from starting, in words that lead out of it."""

import errno
from pathlib import Path

from magpie.app.port import PortTaken
from magpie.cli.failed import Exit, Failed
from magpie.kit.db.failures import (
    AlreadyRunning,
    DatabaseUnavailable,
    EmbeddedFailed,
    MigrationFailed,
    StoreIsNewer,
)
from magpie.settings import SettingsError

_STORE: dict[type[Exception], tuple[str, str]] = {
    DatabaseUnavailable: (
        "the database cannot be reached",
        "start it, or correct MAGPIE_DATABASE_URL; without it Magpie runs its own",
    ),
    StoreIsNewer: (
        "the data were written by a newer Magpie",
        "pip install --upgrade magpie-mms",
    ),
    SettingsError: ("a setting is wrong", "correct it there"),
    MigrationFailed: (
        "the store could not be brought up to date",
        "nothing was changed; report this with the cause above",
    ),
}
_ELSEWHERE = "choose another folder: magpie up --data FOLDER"


def translate(error: BaseException) -> Failed | None:
    """None for what nobody expected."""
    if isinstance(error, PortTaken):
        return _port(error)
    if isinstance(error, AlreadyRunning):
        fix = f"wait a moment, or: kill {error.pid}" if error.pid else "wait a moment"
        return Failed("the data folder is in use", cause=str(error), fix=fix, code=Exit.CONFLICT)
    if isinstance(error, EmbeddedFailed):
        return _embedded(error)
    if isinstance(error, OSError):
        return _system(error)
    for kind, (what, fix) in _STORE.items():
        if isinstance(error, kind):
            return Failed(what, cause=str(error), fix=fix)
    return None


def _port(error: PortTaken) -> Failed:
    """Not every refusal to bind means that somebody else is there."""
    number = error.__cause__.errno if isinstance(error.__cause__, OSError) else errno.EADDRINUSE
    where = f"port {error.port} of {error.host}"
    if number == errno.EACCES:
        return Failed(
            f"{where} is not ours to open",
            cause="ports below 1024 are for root",
            fix=_other(error.setting, 8000),
            code=Exit.REFUSED,
        )
    if number == errno.EADDRINUSE:
        return Failed(
            f"{where} is taken",
            cause="another program listens there",
            fix=_other(error.setting, _next(error.port)),
            code=Exit.CONFLICT,
        )
    return Failed(
        f"{where} cannot be opened",
        cause=str(error.__cause__),
        fix="magpie up --host 127.0.0.1",
    )


def _other(setting: str, port: int) -> str:
    if setting == "port":
        return f"magpie up --port {port}"
    return f"set {setting} to another port, {port} for example"


def _next(port: int) -> int:
    return port + 1 if port < 1 << 16 - 1 else 0


def _embedded(error: EmbeddedFailed) -> Failed:
    if isinstance(error.__cause__, OSError) and (failed := _system(error.__cause__)):
        return failed
    if "MB free" in str(error):
        return _full(str(error))
    return Failed("the embedded database does not start", cause=str(error), fix="magpie doctor")


def _system(error: OSError) -> Failed | None:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _full(str(error))
        case errno.EACCES | errno.EPERM | errno.EROFS:
            name = error.filename
            fix = f"ls -ld {Path(str(name)).parent}; {_ELSEWHERE}" if name else _ELSEWHERE
            return Failed("no permission to write", cause=str(error), fix=fix)
        case errno.ENOTDIR | errno.EEXIST:
            return Failed("the data folder is not a folder", cause=str(error), fix=_ELSEWHERE)
        case errno.ENOENT | errno.EISDIR if error.filename:
            what = f"{error.filename} cannot be opened"
            return Failed(what, cause=str(error.strerror), code=Exit.NOT_FOUND)
    return None


def _full(cause: str) -> Failed:
    return Failed("the disk is full", cause=cause, fix=f"make room; or {_ELSEWHERE}")
