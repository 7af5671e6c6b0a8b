"""A container in memory, written without dates, names or places; its index comes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import av
from av.container import OutputContainer

_PLAIN: Final = {
    "fflags": "+bitexact",
    "movflags": "+faststart",
    "write_id3v1": "0",
    "id3v2_version": "0",
}


class _Reader:
    """A second place in the file being written: for the index, what is written is moved back."""

    def __init__(self, made: BytesIO) -> None:
        self._made = made
        self._at = 0

    def read(self, size: int) -> bytes:
        writing = self._made.tell()
        self._made.seek(self._at)
        octets = self._made.read(size)
        self._at += len(octets)
        self._made.seek(writing)
        return octets

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._made.getbuffer().nbytes)[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at


@contextmanager
def written(container: str) -> Iterator[tuple[OutputContainer, BytesIO]]:
    """The bytes are whole when the context has ended."""
    made = BytesIO()
    with av.open(
        made,
        "w",
        format=container,
        container_options=_PLAIN,
        io_open=lambda *_: _Reader(made),
    ) as out:
        yield out, made
