"""A mail as it comes in behind DATA (RFC 5321 clause 4.5.2), in pieces of any size. No IO."""

from typing import Final

_END: Final = b"\r\n.\r\n"
_LONGEST: Final = 998
"""RFC 5321 clause 4.5.3.1.6."""


class Incoming:
    """Only CR LF . CR LF ends a mail. Of one that is too large nothing is kept."""

    def __init__(self, most: int) -> None:
        self.too_large = False
        self._most = most
        # So that the first line begins like all others.
        self._data = bytearray(b"\r\n")

    def feed(self, piece: bytes) -> bytes | None:
        """Give what stands behind the end of the mail; None while it has not ended."""
        seen = len(self._data)
        self._data += piece
        end = self._data.find(_END, max(0, seen - len(_END) + 1))
        size = end if end >= 0 else len(self._data) - len(_END)
        self.too_large = self.too_large or size > self._most
        if end < 0:
            if self.too_large:
                del self._data[: -len(_END) + 1]
            return None
        rest = bytes(self._data[end + len(_END) :])
        del self._data[end + 2 :]
        return rest

    def content(self) -> bytes:
        """Without the dots that were put before dots."""
        return bytes(self._data.replace(b"\r\n.", b"\r\n")[2:])


def has_long_line(content: bytes) -> bool:
    return max(map(len, content.split(b"\r\n"))) > _LONGEST


def has_bare_ends(content: bytes) -> bool:
    """What one reads as a line another does not, and takes the rest for another mail."""
    ends = content.count(b"\r\n")
    return content.count(b"\r") != ends or content.count(b"\n") != ends
