"""Files that were made to hurt whoever opens them (reliability.md section 5), as they come."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image
from tests import pictures

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *more: bytes, depth: int = 1, colour: int = 0) -> bytes:
    """Rows of zeros, as many as it says."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    rows = zlib.compress(
        bytes(min(height, 60_000) * (1 + (width * depth + 7) // 8) % 60_000_000), 9
    )
    return (
        _SIGNATURE
        + chunk(b"IHDR", header)
        + b"".join(more)
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def gif_of(width: int, height: int, frames: int) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    return head + frame * frames + b"\x3b"


def jpeg_of(width: int, height: int) -> bytes:
    whole = bytearray(pictures.photo(64, 48))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def box(kind: bytes, *body: bytes) -> bytes:
    content = b"".join(body)
    return struct.pack(">I", len(content) + 8) + kind + content


def bmp_of(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 2**31, 0)
    )


def tiff_loop() -> bytes:
    entry = struct.pack("<HHII", 256, 4, 1, 10)
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


def mp4_with(table: bytes) -> bytes:
    """A film whose index holds one table that lies."""
    whole = pictures.clip(64, 48, 0.5)
    at = whole.index(table)
    lies = bytearray(whole)
    lies[at + 8 : at + 12] = struct.pack(">I", 1_000_000_000)
    return bytes(lies)


def named() -> Iterator[tuple[str, str, bytes]]:
    """Name, the type that the sender says, and the bytes."""
    ftyp = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41")
    yield "pixel flood", "image/png", png(13_000, 13_000)
    yield "larger pixel flood", "image/png", png(50_000, 50_000)
    yield "png of one side", "image/png", png(2**31 - 1, 1)
    yield "icc bomb", "image/png", png(8, 8, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(10**8))))
    yield (
        "text bomb",
        "image/png",
        png(8, 8, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(10**8)))),
    )
    yield (
        "lying rows",
        "image/png",
        _SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 4000, 4000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(100))),
    )
    yield "jpeg of 65535", "image/jpeg", jpeg_of(65_535, 65_535)
    yield "jpeg of 5000", "image/jpeg", jpeg_of(5_000, 5_000)
    yield "jpeg and page", "image/jpeg", pictures.photo(64, 48) + b"<script>alert(1)</script>"
    yield "png and script", "image/png", pictures.png() + b"<script>alert(1)</script>"
    yield "gif and archive", "image/gif", gif_of(1, 1, 1) + b"PK\x03\x04" + bytes(60)
    yield "gif screen", "image/gif", gif_of(65_535, 65_535, 1)
    yield "gif frames", "image/gif", gif_of(1, 1, 100_000)
    yield "large gif frames", "image/gif", gif_of(2_000, 2_000, 400)
    yield (
        "webp canvas",
        "image/webp",
        b"RIFF"
        + struct.pack("<I", 30)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\x02\0\0\0"
        + b"\xff\xff\xff" * 2,
    )
    yield "bmp", "image/bmp", bmp_of(30_000, 30_000)
    yield "bmp palette", "image/bmp", bmp_of(10, 10)
    yield "tiff loop", "image/tiff", tiff_loop()
    yield "heif", "image/heic", box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(60))
    yield "avif", "image/avif", box(b"ftyp", b"avif\0\0\0\0avifmif1") + box(b"meta", bytes(60))
    yield "moov of a gigabyte", "video/mp4", ftyp + struct.pack(">I", 2**30) + b"moov" + bytes(99)
    yield "stts of a billion", "video/mp4", mp4_with(b"stts")
    yield "stsz of a billion", "video/mp4", mp4_with(b"stsz")
    yield "stco of a billion", "video/mp4", mp4_with(b"stco")
    yield "hls", "video/mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    yield (
        "dash",
        "video/mp4",
        b"<?xml version='1.0'?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>",
    )
    yield "concat", "video/mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "sdp", "video/mp4", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n"
    yield "mp4 and page", "video/mp4", pictures.clip(64, 48, 0.5) + b"<html><script>alert(1)"
    yield "id3 of 256 MB", "audio/mpeg", b"ID3\x04\0\0" + b"\x7f" * 4 + bytes(200)
    yield "amr of nothing", "audio/amr", b"#!AMR\n"
    yield "odd amr", "audio/amr", b"#!AMR\n" + b"\xff" * 500
    yield "matroska", "video/webm", b"\x1aE\xdf\xa3" + b"\x01" + b"\xff" * 7 + bytes(90)
    yield "ogg", "audio/ogg", b"OggS\0\x02" + b"\xff" * 300
    yield "svg", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    yield "pdf renamed", "image/jpeg", b"%PDF-1.7\n%%EOF"


def cut_off() -> Iterator[tuple[str, str, bytes]]:
    """Files of every kind, ended at 16 places each."""
    animated = pictures.animation(60, 40, 4)
    webp = io.BytesIO()
    Image.open(io.BytesIO(pictures.png())).save(webp, "webp", lossless=True)
    for kind, content in (
        ("image/jpeg", pictures.photo(200, 150)),
        ("image/png", pictures.png()),
        ("image/gif", animated),
        ("image/webp", webp.getvalue()),
        ("video/mp4", pictures.clip(64, 48, 0.5)),
    ):
        for n in range(16):
            yield f"{kind} cut at {n}/16", kind, content[: 12 + (len(content) - 12) * n // 16]
