"""What a part of the outside world saw, one JSON line each, kept whatever is killed around it."""

import asyncio
import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

Row = TypeVar("Row")
_SYNC_SECONDS = 0.05


class Ledger:
    """Every line is handed to the kernel at once; `keep` syncs the disk 20 times a second."""

    def __init__(self, path: Path | None) -> None:
        self._file = None
        if path is not None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    @property
    def kept(self) -> bool:
        return self._file is not None

    def note(self, row: msgspec.Struct) -> None:
        if self._file is not None:
            os.write(self._file, msgspec.json.encode(row) + b"\n")

    async def keep(self) -> None:
        while self._file is not None:
            await asyncio.sleep(_SYNC_SECONDS)
            await asyncio.to_thread(os.fdatasync, self._file)


def read(path: Path, kind: type[Row]) -> list[Row]:
    if not path.exists():
        return []
    return [msgspec.json.decode(line, type=kind) for line in path.read_bytes().splitlines()]


def write(path: Path, rows: list[Any]) -> None:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
