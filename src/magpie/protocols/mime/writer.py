import binascii
from collections.abc import Iterator
from enum import StrEnum
from itertools import count
from typing import Final, NamedTuple

from magpie.protocols.mime.errors import WriteError
from magpie.protocols.mime.headers import write_headers
from magpie.protocols.mime.parameters import Value
from magpie.protocols.mime.part import Part

_OURS: Final = frozenset({"content-type", "content-transfer-encoding"})
_LINE: Final = 76
_LONGEST_LINE: Final = 998
"""RFC 5322 clause 2.1.1."""
_TRIES: Final = 100
_LONGEST: Final = 70
"""RFC 2046 clause 5.1.1."""


class Transfer(StrEnum):
    """Of EIGHT_BIT what does not consist of lines becomes base64."""

    BINARY = "binary"
    BASE64 = "base64"
    EIGHT_BIT = "8bit"


class Written(NamedTuple):
    """`headers` are those of the whole but for its content type; joined, `chunks` are its body."""

    content_type: str
    headers: tuple[tuple[str, str], ...]
    chunks: list[bytes]

    @property
    def size(self) -> int:
        return sum(map(len, self.chunks))


def write(whole: Part, boundary: str, transfer: Transfer = Transfer.BINARY) -> Written:
    """The octets of a part go into the chunks as they are, without being copied.

    All boundaries are made of `boundary`: the same input gives the same octets. Raise WriteError
    where a header cannot be written.
    """
    return _Writer(boundary, transfer).write(whole)


def ascii_type(part: Part) -> str:
    """The content type in ASCII: as an encoded word the whole would be none any more."""
    kind = part.content_type
    if (written := part.header("Content-Type")).isascii():
        return written or "text/plain"
    text = kind.text if kind.text and kind.text.isascii() else "application/octet-stream"
    return str(Value(text, kind.parameters))


class _Writer:
    def __init__(self, boundary: str, transfer: Transfer) -> None:
        self._boundary = "".join(c for c in boundary if c.isascii() and c.isalnum())
        self._transfer = transfer
        self._numbers = count(1)

    def write(self, part: Part) -> Written:
        others = tuple(pair for pair in part.headers if pair[0].lower() not in _OURS)
        if part.parts:
            return self._multipart(part, others)
        kind = ascii_type(part)
        if self._transfer is Transfer.BINARY:
            return Written(kind, others, [part.body])
        if self._transfer is Transfer.EIGHT_BIT and _has_lines(part.body):
            headers = (*others, ("Content-Transfer-Encoding", "8bit"))
            return Written(kind, headers, [part.body])
        headers = (*others, ("Content-Transfer-Encoding", "base64"))
        return Written(kind, headers, [_base64(part.body)])

    def _multipart(self, part: Part, headers: tuple[tuple[str, str], ...]) -> Written:
        inner = [self._part(each) for each in part.parts]
        boundary = self._free([chunk for chunks in inner for chunk in chunks])
        dashed = f"--{boundary}".encode()
        chunks = []
        for each in inner:
            chunks += [dashed + b"\r\n", *each, b"\r\n"]
        chunks.append(dashed + b"--\r\n")
        kind = part.content_type.with_parameter("boundary", boundary)
        if not kind.text.isascii():
            kind = Value("multipart/mixed", kind.parameters)
        return Written(str(kind), headers, chunks)

    def _part(self, part: Part) -> list[bytes]:
        kind, headers, chunks = self.write(part)
        return [write_headers((("Content-Type", kind), *headers)), *chunks]

    def _free(self, chunks: list[bytes]) -> str:
        """The number stands first, so that no boundary begins with another."""
        for number in self._tried():
            boundary = f"{number}_{self._boundary}"[:_LONGEST]
            if not any(boundary.encode() in chunk for chunk in chunks):
                return boundary
        raise WriteError("every boundary occurs in what it should part")

    def _tried(self) -> Iterator[int]:
        return (next(self._numbers) for _ in range(_TRIES))


def _has_lines(octets: bytes) -> bool:
    """RFC 2045 clause 2.8."""
    ends = octets.count(b"\r\n")
    if octets.count(b"\r") != ends or octets.count(b"\n") != ends or b"\0" in octets:
        return False
    return max(map(len, octets.split(b"\r\n"))) <= _LONGEST_LINE


def _base64(octets: bytes) -> bytes:
    encoded = binascii.b2a_base64(octets, newline=False)
    return b"\r\n".join(encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE))
