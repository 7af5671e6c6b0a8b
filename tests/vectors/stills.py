"""Pictures that are bombs, loops and lies."""

import struct
import zlib
from functools import cache

from PIL import Image
from tests import pictures
from tests.vectors.raw import box, chunk, full, png, png_header, riff, segment, tiff
from tests.vectors.vector import BROKEN, EXCESSIVE, FINE, Vector, vector

_MANY = 100_000_000


def jpeg_of(width: int, height: int) -> bytes:
    """Says that it is so large, and is not."""
    whole = bytearray(pictures.photo(64, 48))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def jpeg_of_scans(count: int) -> bytes:
    """Progressive; its last scan comes again and again."""
    whole = pictures.photo(64, 48, progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + b"\xff\xd9"


def jpeg_with(exif: bytes) -> bytes:
    whole = pictures.photo(64, 48)
    return whole[:2] + segment(0xE1, b"Exif\0\0" + exif) + whole[2:]


def exif_loop() -> bytes:
    """Every directory that there can be is the first one."""
    again = [(tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005, 0x014A)]
    return tiff([(0x0112, 3, 1, 6), *again], following=8)


def exif_of_maker_note(said: int, there: int) -> bytes:
    return tiff([(0x8769, 4, 1, 26), (0x927C, 7, said, 38)], 0, bytes(there))


def gif_of(width: int, height: int, frames: int, side: int = 1) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x44\x01\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    return head + frame * frames + b"\x3b"


def gif_bomb(side: int, frames: int) -> bytes:
    """Plain colour is what LZW makes least of: each frame is a few hundred bytes a megapixel."""
    shown = [Image.new("P", (side, side), n % 2) for n in range(frames)]
    return pictures.encoded(shown[0], "gif", save_all=True, append_images=shown[1:], disposal=2)


def tiff_bomb(side: int) -> bytes:
    return pictures.encoded(Image.new("L", (side, side)), "tiff", compression="tiff_lzw")


def tiff_pages(*following: int) -> bytes:
    """Directories of one pixel, of which each says where the next one is."""
    out = b"II*\0" + struct.pack("<I", 8)
    for place in following:
        entries = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1))
        packed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        out += struct.pack("<H", len(entries)) + packed + struct.pack("<I", place)
    return out


def apng_of(width: int, height: int, frames: int) -> bytes:
    rows = zlib.compress(bytes(height * (1 + (width + 7) // 8)))
    control = struct.pack(">IIIIHHBB", width, height, 0, 0, 1, 100, 0, 0)
    out = [png_header(width, height, 1, 0), chunk(b"acTL", struct.pack(">II", frames, 0))]
    out += [chunk(b"fcTL", struct.pack(">I", 0) + control), chunk(b"IDAT", rows)]
    for n in range(1, frames):
        out.append(chunk(b"fcTL", struct.pack(">I", 2 * n - 1) + control))
        out.append(chunk(b"fdAT", struct.pack(">I", 2 * n) + rows))
    return b"".join([*out, chunk(b"IEND", b"")])


def webp_of(width: int, height: int, frames: int, side: int = 16) -> bytes:
    """An animation; what its frames hold is one real picture."""
    still = pictures.encoded(Image.new("RGB", (16, 16)), "webp", lossless=True)[12:]
    canvas = _three(width - 1) + _three(height - 1)
    head = _three(0) * 2 + _three(side - 1) * 2 + _three(10) + b"\0"
    shown = [(b"ANMF", head + still)] * frames
    return riff(b"WEBP", (b"VP8X", b"\x02\0\0\0" + canvas), (b"ANIM", bytes(6)), *shown)


def _three(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def bmp_of(
    width: int, height: int, *, bits: int = 24, colours: int = 2**31, offset: int = 54
) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, offset)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0, 0, 0, colours, 0)
    )


def ico() -> bytes:
    """An icon that holds itself."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, 22, 0) + struct.pack(
        "<HHH", 0, 1, 1
    )


def avif_of(width: int, height: int) -> bytes:
    """A real one, whose size was written over."""
    whole = pictures.encoded(Image.new("RGB", (64, 48)), "avif")
    return whole.replace(
        b"ispe" + bytes(4) + struct.pack(">II", 64, 48),
        b"ispe" + bytes(4) + struct.pack(">II", width, height),
    )


def heif_grid(side: int, columns: int) -> bytes:
    """One picture of `side`, laid out as a grid of nothing (ISO 23008-12, 6.6.2.3)."""
    infos = [
        full(b"infe", struct.pack(">HH", n, 0), kind, b"\0", version=2)
        for n, kind in ((1, b"grid"), (2, b"hvc1"))
    ]
    grid = struct.pack(">BBBBII", 0, 1, columns - 1, columns - 1, side, side)
    tiles = struct.pack(">HH", 1, columns * columns % 65_536) + b"\0\2" * (
        columns * columns % 65_536
    )
    size = full(b"ispe", struct.pack(">II", side, side))
    places = struct.pack(">BBH", 0x44, 0, 1) + struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid))
    meta = full(
        b"meta",
        full(b"hdlr", bytes(4), b"pict", bytes(13)),
        full(b"pitm", struct.pack(">H", 1)),
        full(b"iloc", places, version=1),
        full(b"iinf", struct.pack(">H", 2), *infos),
        full(b"iref", box(b"dimg", tiles)),
        box(b"iprp", box(b"ipco", size), full(b"ipma", b"\0\0\0\2\0\1\1\1\0\2\1\1")),
        box(b"idat", grid),
    )
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta


@cache
def _deflated() -> bytes:
    return zlib.compress(bytes(_MANY))


def _text_bomb(kind: bytes, head: bytes) -> bytes:
    return png(8, 8, chunk(kind, head + _deflated()))


def lying_rows() -> bytes:
    return png_header(4000, 4000) + chunk(b"IDAT", zlib.compress(bytes(100)))


def _orientations() -> bytes:
    """A turn that there is not, twice."""
    return tiff([(0x0112, 3, 1, 0), (0x0112, 3, 2**31, 99)], 0)


VECTORS: list[Vector] = [
    vector("pixel flood", "image/png", lambda: png(13_000, 13_000), EXCESSIVE),
    vector("larger pixel flood", "image/png", lambda: png(50_000, 50_000), EXCESSIVE),
    vector("png of one side", "image/png", lambda: png(2**31 - 1, 1), EXCESSIVE),
    vector("png of no side", "image/png", lambda: png(0, 0)),
    vector("png of lying rows", "image/png", lying_rows, BROKEN),
    vector("png of an iccp bomb", "image/png", lambda: _text_bomb(b"iCCP", b"x\0\0")),
    vector("png of a ztxt bomb", "image/png", lambda: _text_bomb(b"zTXt", b"x\0\0")),
    vector("png of an itxt bomb", "image/png", lambda: _text_bomb(b"iTXt", b"x\0\1\0\0\0")),
    vector(
        "png of 100 small ztxt bombs",
        "image/png",
        lambda: png(8, 8, *[chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000)))] * 100),
    ),
    vector(
        "png of 100100 chunks",
        "image/png",
        lambda: png(8, 8, *[chunk(b"tIME", b"")] * 100_100),
        EXCESSIVE,
    ),
    vector(
        "png with an exif loop", "image/png", lambda: png(8, 8, chunk(b"eXIf", exif_loop())), FINE
    ),
    vector(
        "png with a maker note of 4 MB",
        "image/png",
        lambda: png(8, 8, chunk(b"eXIf", exif_of_maker_note(4_000_000, 4_000_000))),
        FINE,
    ),
    vector("apng flood", "image/png", lambda: apng_of(8, 8, 10_000), EXCESSIVE),
    vector("apng of large frames", "image/png", lambda: apng_of(4_000, 4_000, 100), EXCESSIVE),
    vector(
        "apng that says a billion",
        "image/png",
        lambda: apng_of(8, 8, 3).replace(b"acTL\0\0\0\3", b"acTL\x3b\x9a\xca\0"),
    ),
    vector("jpeg of 65535", "image/jpeg", lambda: jpeg_of(65_535, 65_535), EXCESSIVE),
    vector("jpeg of 5000", "image/jpeg", lambda: jpeg_of(5_000, 5_000)),
    vector("jpeg of 10000 scans", "image/jpeg", lambda: jpeg_of_scans(10_000), EXCESSIVE),
    vector("jpeg of 190 scans", "image/jpeg", lambda: jpeg_of_scans(180)),
    vector("jpeg with an exif loop", "image/jpeg", lambda: jpeg_with(exif_loop()), FINE),
    vector(
        "jpeg with a maker note that says 100 MB",
        "image/jpeg",
        lambda: jpeg_with(exif_of_maker_note(_MANY, 60_000)),
        FINE,
    ),
    vector(
        "jpeg with 70 maker notes",
        "image/jpeg",
        lambda: jpeg_with(exif_of_maker_note(60_000, 60_000)).replace(
            b"\xff\xe1", (segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 70) + b"\xff\xe1", 1
        ),
        FINE,
    ),
    vector("jpeg with odd turns", "image/jpeg", lambda: jpeg_with(_orientations()), FINE),
    vector("gif screen", "image/gif", lambda: gif_of(65_535, 65_535, 1), EXCESSIVE),
    vector("gif of 100000 frames", "image/gif", lambda: gif_of(1, 1, 100_000), EXCESSIVE),
    vector("gif of large frames", "image/gif", lambda: gif_of(2_000, 2_000, 400), EXCESSIVE),
    vector("gif frame larger than the screen", "image/gif", lambda: gif_of(1, 1, 2, side=60_000)),
    vector("gif lzw bomb", "image/gif", lambda: gif_bomb(4_000, 5)),
    vector("webp canvas", "image/webp", lambda: webp_of(1 << 24, 1 << 24, 1), EXCESSIVE),
    vector("webp flood", "image/webp", lambda: webp_of(16, 16, 20_000), EXCESSIVE),
    vector("webp of large frames", "image/webp", lambda: webp_of(4_000, 4_000, 100), EXCESSIVE),
    vector("webp of lying frames", "image/webp", lambda: webp_of(16, 16, 3, side=1 << 24)),
    vector("tiff loop", "image/tiff", lambda: tiff([(256, 4, 1, 10)], following=8)),
    vector("tiff loop of two", "image/tiff", lambda: tiff_pages(8 + 102, 8)),
    vector(
        "tiff of 20000 directories",
        "image/tiff",
        lambda: tiff_pages(*range(8 + 102, 8 + 102 * 20_001, 102)),
    ),
    vector("tiff lzw bomb", "image/tiff", lambda: tiff_bomb(7_000), EXCESSIVE),
    vector("tiff lzw bomb within 40 megapixels", "image/tiff", lambda: tiff_bomb(6_000)),
    vector(
        "tiff with a count of 4 billion",
        "image/tiff",
        lambda: tiff([(256, 4, 1, 10), (257, 4, 1, 10), (273, 4, 2**32 - 1, 8)], 0),
    ),
    vector("bmp", "image/bmp", lambda: bmp_of(30_000, 30_000), EXCESSIVE),
    vector("bmp palette", "image/bmp", lambda: bmp_of(10, 10)),
    vector(
        "bmp of 8 bits and a huge palette",
        "image/bmp",
        lambda: bmp_of(10, 10, bits=8, colours=2**32 - 1, offset=2**31) + bytes(2_000),
    ),
    vector("bmp upside down", "image/bmp", lambda: bmp_of(10, -(2**31))),
    vector("icon in itself", "image/bmp", ico, BROKEN),
    vector("icon as png", "image/png", ico, BROKEN),
    vector("icon", "image/x-icon", ico, BROKEN),
    vector(
        "heif of nothing",
        "image/heic",
        lambda: box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(60)),
        BROKEN,
    ),
    vector("heif grid of 65535", "image/heic", lambda: heif_grid(2**31, 255)),
    vector("heif grid of 64 Mpx", "image/heic", lambda: heif_grid(8_000, 8)),
    vector(
        "avif of nothing",
        "image/avif",
        lambda: box(b"ftyp", b"avif\0\0\0\0avifmif1") + box(b"meta", bytes(60)),
        BROKEN,
    ),
    vector("avif of 65535", "image/avif", lambda: avif_of(65_535, 65_535)),
    vector("avif of 6000", "image/avif", lambda: avif_of(6_000, 6_000)),
]
