"""Multipart bodies in all the forms in which they come (RFC 2046 clause 5.1)."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from magpie.protocols.mime.errors import ReadError
from magpie.protocols.mime.headers import Headers, read_headers, value_of
from magpie.protocols.mime.parameters import parse_value
from magpie.protocols.mime.part import Part

_GUESSED: Final = re.compile(rb"(?<![^\n])--(-{0,70}[^\r\n -][^\r\n]{0,200}+)\r?\n")
_AFTER: Final = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_BASE64: Final = bytes(octet for octet in range(256) if octet not in _ALPHABET)


class Limits(msgspec.Struct, frozen=True):
    """`parts` are counted over all depths; `header_bytes` are those of one part."""

    depth: int = 8
    parts: int = 300
    header_bytes: int = 16 * 1024


_LIMITS: Final = Limits()


def read(content_type: str, body: bytes, limits: Limits = _LIMITS) -> Part:
    """Raise ReadError for what passes the limits; all else has a meaning."""
    return read_entity((("Content-Type", content_type),), body, limits)


def read_message(message: bytes, limits: Limits = _LIMITS) -> Part:
    """Headers, an empty line and a body, as mail has it."""
    headers, at = read_headers(message, 0, len(message), limits.header_bytes)
    return read_entity(headers, message[at:], limits)


def read_entity(headers: Headers, body: bytes, limits: Limits = _LIMITS) -> Part:
    return _Reader(limits).entity(headers, body, 0, len(body), 0)


class _Reader:
    """Goes by places in one buffer: octets are copied once, into the part that they are."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts = 0

    def entity(self, headers: Headers, data: bytes, start: int, end: int, depth: int) -> Part:
        kind = parse_value(value_of(headers, "Content-Type"))
        transfer = value_of(headers, "Content-Transfer-Encoding").partition(";")[0].strip().lower()
        kept = tuple(pair for pair in headers if pair[0].lower() != "content-transfer-encoding")
        if transfer in {"base64", "quoted-printable"}:
            data = _decoded(data[start:end], transfer)
            start, end = 0, len(data)
        if kind.family != "multipart":
            return Part(kept, data[start:end])
        if not (parts := self._parts_of(kind["boundary"], data, start, end, depth)):
            return Part(kept, data[start:end])
        return Part(kept, b"", parts)

    def _parts_of(
        self, boundary: str, data: bytes, start: int, end: int, depth: int
    ) -> tuple[Part, ...]:
        if depth >= self._limits.depth:
            raise ReadError(f"multipart bodies nest deeper than {self._limits.depth}")
        name = boundary.encode("utf-8", "replace")
        places = list(self._places(name, data, start, end)) if name else []
        if not places and (guessed := _GUESSED.search(data, start, end)):
            places = list(self._places(guessed[1].rstrip(), data, start, end))
        return tuple(self._part(data, *place, depth) for place in places)

    def _places(self, name: bytes, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where parts begin and end: what is before the first and after the last is nobody's."""
        begun = -1
        for at, after, last in _delimiters(b"--" + name, data, start, end):
            if begun >= 0:
                yield self._counted(begun, max(begun, _line_end(data, begun, at)))
            begun = after
            if last:
                return
        if 0 <= begun < end:
            yield self._counted(begun, end)

    def _counted(self, begun: int, stopped: int) -> tuple[int, int]:
        self._parts += 1
        if self._parts > self._limits.parts:
            raise ReadError(f"more than {self._limits.parts} parts")
        return begun, stopped

    def _part(self, data: bytes, start: int, end: int, depth: int) -> Part:
        headers, body = read_headers(data, start, end, self._limits.header_bytes)
        return self.entity(headers, data, body, end, depth + 1)


def _delimiters(
    dashed: bytes, data: bytes, start: int, end: int
) -> Iterator[tuple[int, int, bool]]:
    """Each with its place, the place behind its line, and whether it is the closing one."""
    at = data.find(dashed, start, end)
    while at >= 0:
        after = at + len(dashed)
        begins = at == start or data[at - 1] == 0x0A  # noqa: PLR2004 - a line feed
        if begins and (found := _AFTER.match(data, after, end)):
            yield at, found.end(), found[1] is not None
            after = max(after, found.end())
        at = data.find(dashed, after, end)


def _line_end(data: bytes, begun: int, at: int) -> int:
    """The line break before a delimiter is the delimiter's."""
    if at - 2 >= begun and data[at - 2] == 0x0D:  # noqa: PLR2004 - a carriage return
        return at - 2
    return at - 1


def _decoded(octets: bytes, transfer: str) -> bytes:
    if transfer == "quoted-printable":
        return binascii.a2b_qp(octets)
    try:
        return binascii.a2b_base64(octets)
    except binascii.Error:
        return _mended(octets)


def _mended(octets: bytes) -> bytes:
    """What base64 there is in it, without the character that would be too many."""
    clean = octets.translate(None, _NO_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
