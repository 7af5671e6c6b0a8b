"""The memory in which bytes go to a child and come back; read with no trust in what it says."""

import fcntl
import os
from typing import Final, Self

from magpie.media.sandbox.wire import DONE, HEADER, MAGIC, MOST_OUTPUT, UNUSABLE

_SHAPE: Final = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_CHUNK: Final = 1 << 20


class Parcel:
    """Two memory files: `given` is sealed against every change, `made` keeps its size."""

    def __init__(self, task: bytes, content: bytes) -> None:
        self.given = os.memfd_create("given", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self.made = os.memfd_create("made", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        # An empty file could not be mapped.
        os.truncate(self.given, max(1, len(task) + len(content)))
        os.truncate(self.made, MOST_OUTPUT)
        _put(self.given, 0, task)
        _put(self.given, len(task), content)
        fcntl.fcntl(self.given, fcntl.F_ADD_SEALS, _SHAPE | fcntl.F_SEAL_WRITE)
        fcntl.fcntl(self.made, fcntl.F_ADD_SEALS, _SHAPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.given)
        os.close(self.made)

    def read(self) -> tuple[int, bytes, bytes] | None:
        """Verdict, result and content; nothing when they are not there whole."""
        magic, verdict, result, content = HEADER.unpack(os.pread(self.made, HEADER.size, 0))
        if magic != MAGIC or verdict not in {DONE, UNUSABLE}:
            return None
        if HEADER.size + result + content > MOST_OUTPUT:
            return None
        start = HEADER.size + result
        return (
            verdict,
            os.pread(self.made, result, HEADER.size),
            os.pread(self.made, content, start),
        )


def _put(file: int, start: int, content: bytes) -> None:
    view = memoryview(content)
    for offset in range(0, len(view), _CHUNK):
        os.pwrite(file, view[offset : offset + _CHUNK], start + offset)
