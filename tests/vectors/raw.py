"""Pieces of files, written by hand: chunks, boxes, elements, pages, directories."""

import struct
import zlib
from collections.abc import Sequence

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png(width: int, height: int, *more: bytes, depth: int = 1, colour: int = 0) -> bytes:
    """Rows of zeros, as many as it says."""
    rows = zlib.compress(
        bytes(min(height, 60_000) * (1 + (width * depth + 7) // 8) % 60_000_000), 9
    )
    head = png_header(width, height, depth, colour)
    return head + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    """Of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def box(kind: bytes, *body: bytes, size: int | None = None) -> bytes:
    """Of ISO 14496-12, as films and HEIF are made of."""
    content = b"".join(body)
    return struct.pack(">I", len(content) + 8 if size is None else size) + kind + content


def full(kind: bytes, *body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *body)


def riff(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(one)) + one + bytes(len(one) % 2) for name, one in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + kind + body


def element(name: str, *body: bytes) -> bytes:
    """Of Matroska (RFC 8794); `name` is its id in hexadecimal."""
    content = b"".join(body)
    return bytes.fromhex(name) + struct.pack(">Q", 1 << 56 | len(content)) + content


def ogg_page(number: int, *packets: bytes, flags: int = 0, at: int = 0) -> bytes:
    """RFC 3533; short packets alone."""
    lacing = b"".join(b"\xff" * (len(one) // 255) + bytes((len(one) % 255,)) for one in packets)
    head = b"OggS\0" + struct.pack("<BqIII", flags, at, 1, number, 0)
    whole = head + bytes((len(lacing),)) + lacing + b"".join(packets)
    return whole[:22] + struct.pack("<I", _ogg_sum(whole)) + whole[26:]


def _ogg_sum(content: bytes) -> int:
    total = 0
    for octet in content:
        total ^= octet << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 1 << 31 else total << 1) & 0xFFFFFFFF
    return total


def tiff(entries: Sequence[tuple[int, int, int, int]], following: int, data: bytes = b"") -> bytes:
    """One directory at 8 of (tag, type, count, value), where the next one is, and what follows."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries))
    return head + packed + struct.pack("<I", following) + data
