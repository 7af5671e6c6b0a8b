"""Durable writing to a folder: obstore renames its files into place but never syncs them."""

import os
import tempfile
from pathlib import Path


def write_once(folder: Path, key: str, content: bytes) -> None:
    """When this returns, the file and every folder on the way to it are on the disk.

    A file that exists is left as it is. Its folders are synced all the same: whoever put it
    there may not have come to that yet.
    """
    path = folder / key
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    while path != folder:
        path = path.parent
        _sync(path)


def _write(path: Path, content: bytes) -> None:
    # The name has a '#', which obstore does not list.
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}#")
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
