from typing import Final

from magpie.protocols.smpp.constants import HEADER_LENGTH, MAX_PDU
from magpie.protocols.smpp.errors import FramingError

_LENGTH: Final = 4


class Framer:
    """Splits a stream into PDUs. Holds at most one of them, never the length that is announced.

    After a senseless length nothing more can be told apart: `lost` says why, and later octets are
    thrown away.
    """

    def __init__(self, max_length: int = MAX_PDU) -> None:
        self.lost: FramingError | None = None
        self._max = max_length
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        frames: list[bytes] = []
        if self.lost:
            return frames
        self._buffer += data
        at = 0
        while (end := self._end(at)) is not None and end <= len(self._buffer):
            frames.append(bytes(self._buffer[at:end]))
            at = end
        del self._buffer[:at]
        return frames

    def _end(self, at: int) -> int | None:
        if len(self._buffer) < at + _LENGTH:
            return None
        length = int.from_bytes(self._buffer[at : at + _LENGTH], "big")
        if HEADER_LENGTH <= length <= self._max:
            return at + length
        self.lost = FramingError(f"command_length {length}")
        self._buffer.clear()
        return None
