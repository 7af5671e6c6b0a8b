"""Every message part that was accepted, one JSON line each, before it is answered."""

import asyncio
import os
from pathlib import Path

import msgspec

_encode = msgspec.json.Encoder().encode


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """`t` is in seconds since 1970; `known` says that the reference came before."""

    t: float
    system_id: str
    id: str
    from_: str
    to: str
    text: str
    reference: str
    part: int
    parts: int
    known: bool


class Ledger:
    """Lines go to the kernel at once; with `fsync` a note returns when it is on the disk."""

    def __init__(self, path: Path, *, fsync: bool = False) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._fsync = fsync
        self._busy = asyncio.Lock()
        self._written = 0
        self._synced = 0

    async def note(self, entry: Entry) -> None:
        os.write(self._file, _encode(entry) + b"\n")
        self._written += 1
        if self._fsync:
            await self._sync(self._written)

    async def _sync(self, mine: int) -> None:
        """Whoever finds its line synced by another's turn is spared its own."""
        async with self._busy:
            if self._synced < mine:
                written = self._written
                await asyncio.to_thread(os.fdatasync, self._file)
                self._synced = written

    def close(self) -> None:
        os.close(self._file)
