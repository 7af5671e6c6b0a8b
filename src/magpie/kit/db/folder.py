import fcntl
import os
from contextlib import suppress
from pathlib import Path

from magpie.kit.db.failures import AlreadyRunning, EmbeddedFailed


class FolderLock:
    """Held through an open file, so that it ends with the process however that ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "magpie.lock"
        self._file: int | None = None

    def acquire(self) -> None:
        file = _open(self._path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _number(os.pread(file, 32, 0))
            os.close(file)
            raise AlreadyRunning(self._path.parent, holder) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedFailed(f"cannot use the data folder: {error}") from error


def _number(written: bytes) -> int | None:
    with suppress(ValueError):
        return int(written)
    return None
