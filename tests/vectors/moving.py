"""Films and sounds that are bombs, loops and lies."""

import io
import struct
from typing import Any

import av
from tests import pictures
from tests.vectors.raw import box, element, full, ogg_page
from tests.vectors.vector import BROKEN, EXCESSIVE, FINE, Vector, vector

FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41")
_BILLION = 1_000_000_000
OPUS = b"\xfc\xff\xfe"
_YEARS = 315_360_000
"""Ten, in seconds."""


def clip() -> bytes:
    return pictures.clip(64, 48, 0.5)


def clip_with(table: bytes, *words: int, at: int = 8) -> bytes:
    """A film with words of 32 bits written over its index, `at` bytes behind a box's name."""
    whole = bytearray(clip())
    place = whole.index(table) + at
    whole[place : place + 4 * len(words)] = struct.pack(f">{len(words)}I", *words)
    return bytes(whole)


def one_picture(
    *,
    side: int = 64,
    lasts: int = 1000,
    edits: bytes = b"",
    data: bytes = b"",
    kind: bytes = b"jpeg",
    count: int = 1,
) -> bytes:
    """A film by hand: one picture that lasts for so many thousandths of a second, or many times."""
    entry = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", side, side)
    entry += struct.pack(">IIIH", 0x480000, 0x480000, 0, 1) + bytes(32) + struct.pack(">Hh", 24, -1)
    picture = data or pictures.photo(64, 64)
    length = struct.pack(">IIII", 0, 0, 1000, min(lasts, 2**32 - 1))

    def index(offset: int) -> bytes:
        tables = box(
            b"stbl",
            full(b"stsd", struct.pack(">I", 1), box(kind, entry)),
            full(b"stts", struct.pack(">III", 1, count, min(lasts, 2**32 - 1))),
            full(b"stsc", struct.pack(">IIII", 1, 1, count, 1)),
            full(b"stsz", struct.pack(">II", len(picture), count)),
            full(b"stco", struct.pack(">II", 1, offset)),
        )
        here = full(b"dref", struct.pack(">I", 1), full(b"url ", flags=1))
        media = box(
            b"mdia",
            full(b"mdhd", length, bytes(4)),
            full(b"hdlr", bytes(4), b"vide", bytes(13)),
            box(b"minf", full(b"vmhd", bytes(8)), box(b"dinf", here), tables),
        )
        shown = struct.pack(">II", side % 65_536 << 16, side % 65_536 << 16)
        times = struct.pack(">IIIII", 0, 0, 1, 0, min(lasts, 2**32 - 1))
        track = box(b"trak", full(b"tkhd", times, bytes(52), shown), edits, media)
        return box(b"moov", full(b"mvhd", length, bytes(80)), track)

    return FTYP + index(len(FTYP) + len(index(0)) + 8) + box(b"mdat", picture)


def edits(*entries: tuple[int, int, int], count: int = 0) -> bytes:
    packed = b"".join(struct.pack(">IiI", *entry) for entry in entries)
    return box(b"edts", full(b"elst", struct.pack(">I", count or len(entries)), packed))


def boxes_in_boxes(depth: int) -> bytes:
    whole = b""
    for _ in range(depth):
        whole = box(b"moov", whole)
    return FTYP + whole


def matroska(track: bytes, *clusters: bytes) -> bytes:
    head = element(
        "1A45DFA3", element("4282", b"webm"), element("4287", b"\4"), element("4285", b"\2")
    )
    info = element("1549A966", element("2AD7B1", b"\x0f\x42\x40"))
    return head + element("18538067", info, element("1654AE6B", track), *clusters)


def _track(kind: int, codec: bytes, *more: bytes) -> bytes:
    one = b"\1"
    return element(
        "AE", element("D7", one), element("73C5", one), element("83", bytes((kind,))),
        element("86", codec), *more,
    )  # fmt: skip


def laced(lacing: int, body: bytes, times: int = 1) -> bytes:
    """Blocks of Opus with lacing (RFC 9559, 5.3): 1 is Xiph's, 2 of fixed size, 3 EBML's."""
    hertz = element("E1", element("9F", b"\1"), element("B5", struct.pack(">f", 48_000)))
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48_000, 0, 0)
    block = element("A3", b"\x81\0\0" + bytes((0x80 | lacing << 1,)), body)
    cluster = element("1F43B675", element("E7", b"\0"), *[block] * times)
    return matroska(_track(2, b"A_OPUS", hertz, element("63A2", head)), cluster)


def vp8_of_16383() -> bytes:
    """The largest key frame that there can be (RFC 6386, 9.1), and next to nothing in it."""
    frame = b"\x10\x02\0\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383) + bytes(300)
    sides = element("E0", element("B0", b"\x3f\xff"), element("BA", b"\x3f\xff"))
    block = element("A3", b"\x81\0\0\x80", frame)
    cluster = element("1F43B675", element("E7", b"\0"), block)
    return matroska(_track(1, b"V_VP8", sides), cluster)


def nested_master(depth: int) -> bytes:
    whole = b""
    for _ in range(depth):
        whole = element("B6", whole)
    return matroska(_track(1, b"V_VP8"), element("1043A770", element("45B9", whole)))


def with_attachments() -> bytes:
    """A font and a program ride along with a film."""
    whole = _container("matroska", "mpeg4")
    fonts = [
        element(
            "61A7",
            element("466E", name),
            element("4660", b"application/x-truetype-font"),
            element("46AE", b"\1"),
            element("465C", bytes(200_000)),
        )
        for name in (b"../../a.ttf", b"b.ttf", b"c.exe")
    ]
    return whole + element("1941A469", *fonts)


def many_tracks(count: int) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as target:
        tracks: list[Any] = [target.add_stream("mpeg4", rate=5) for _ in range(count)]
        for track in tracks:
            track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for track in tracks:
            target.mux(track.encode(av.VideoFrame(64, 48, "yuv420p")))
            target.mux(track.encode(None))
    return buffer.getvalue()


def _container(container: str, video: str) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as target:
        track: Any = target.add_stream(video, rate=5)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            target.mux(track.encode(av.VideoFrame(64, 48, "yuv420p")))
        target.mux(track.encode(None))
    return buffer.getvalue()


def sound(container: str, codec: str, rate: int) -> bytes:
    """Half a second."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as target:
        track: Any = target.add_stream(codec, rate=rate, layout="mono")
        for frame in pictures.tone(0.5, rate):
            target.mux(track.encode(frame))
        target.mux(track.encode(None))
    return buffer.getvalue()


def opus(channels: int, family: int, streams: int = 1) -> bytes:
    """An Ogg of Opus (RFC 7845) with so many channels."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, channels, 0, 48_000, 0, family)
    table = bytes((streams, 0)) + bytes(channels) if family else b""
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    sounds = [ogg_page(2 + n, OPUS * streams, at=960 * (n + 1)) for n in range(20)]
    return ogg_page(0, head + table, flags=2) + ogg_page(1, tags) + b"".join(sounds)


def amr_in_3gp(rate: int) -> bytes:
    """Recorded at 8000 Hz, and its index says something else."""
    whole = bytearray(sound("3gp", "libopencore_amrnb", 8_000))
    at = whole.index(b"mdhd") + 16
    whole[at : at + 4] = struct.pack(">I", rate)
    at = whole.index(b"samr") + 28
    whole[at : at + 4] = struct.pack(">HH", rate % 65_536, 0)
    return bytes(whole)


def amr_modes() -> bytes:
    """Each frame of another mode, also those that are reserved (RFC 4867, 5.3)."""
    sizes = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)
    return b"#!AMR\n" + b"".join(
        bytes((mode << 3 | 4,)) + bytes(sizes[mode]) for _ in range(20) for mode in range(16)
    )


def wav_of(rate: int, channels: int, bits: int) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, 2**32 - 1, 2, bits)
    data = b"data" + struct.pack("<I", 2**32 - 1) + bytes(4_000)
    return (
        b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVEfmt " + struct.pack("<I", 16) + form + data
    )


_LISTS = {
    "hls": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "dash": b"<?xml version='1.0'?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n",
    "playlist": b"[playlist]\nFile1=/etc/passwd\n",
}

VECTORS: list[Vector] = [
    *(vector(f"{name} named mp4", "video/mp4", text, BROKEN) for name, text in _LISTS.items()),
    *(
        vector(f"{name} behind a film's first box", "video/mp4", FTYP + text * 20, BROKEN)
        for name, text in _LISTS.items()
    ),
    vector(
        "moov of a gigabyte", "video/mp4", FTYP + struct.pack(">I", 2**30) + b"moov" + bytes(99)
    ),
    vector(
        "moov of 2^63", "video/mp4", FTYP + b"\0\0\0\1moov" + struct.pack(">Q", 2**63) + bytes(99)
    ),
    vector("moov in moov 10000 times", "video/mp4", lambda: boxes_in_boxes(10_000)),
    vector("stts of a billion", "video/mp4", lambda: clip_with(b"stts", _BILLION)),
    vector("stts that lasts a billion", "video/mp4", lambda: clip_with(b"stts", 1, _BILLION, 1)),
    vector("stsz of a billion", "video/mp4", lambda: clip_with(b"stsz", _BILLION)),
    vector("stco of a billion", "video/mp4", lambda: clip_with(b"stco", _BILLION)),
    vector("stsc of a billion", "video/mp4", lambda: clip_with(b"stsc", _BILLION)),
    vector("stsd of a billion", "video/mp4", lambda: clip_with(b"stsd", _BILLION)),
    vector("edit list of a billion", "video/mp4", lambda: one_picture(edits=edits(count=_BILLION))),
    vector(
        "edit list that goes back",
        "video/mp4",
        lambda: one_picture(edits=edits(*[(1000, n % 2 * 500, 0x10000) for n in range(50_000)])),
    ),
    vector(
        "edit list of nothing",
        "video/mp4",
        lambda: one_picture(edits=edits(*[(2**32 - 1, -1, 0x10000)] * 2_000)),
    ),
    vector(
        "edit list of rate zero",
        "video/mp4",
        lambda: one_picture(edits=edits((2**32 - 1, 0, 0), (0, -(2**31), 2**32 - 1))),
    ),
    vector(
        "one frame a second for ten years",
        "video/mp4",
        lambda: one_picture(count=_YEARS),
        EXCESSIVE,
        BROKEN,
    ),
    vector("one frame of 24 days", "video/mp4", lambda: one_picture(lasts=2**31 - 1), EXCESSIVE),
    vector("one frame of 49 days", "video/mp4", lambda: one_picture(lasts=2**32 - 1)),
    vector(
        "frame of 16384",
        "video/mp4",
        lambda: one_picture(side=16_384, kind=b"avc1"),
        EXCESSIVE,
        BROKEN,
    ),
    vector("frame of 16384 as a jpeg", "video/mp4", lambda: one_picture(data=_large_jpeg())),
    vector("frame of 16383 in vp8", "video/webm", vp8_of_16383),
    vector("film that says 65535", "video/mp4", lambda: one_picture(side=65_535)),
    vector("film of 5 tracks", "video/mp4", lambda: many_tracks(5), EXCESSIVE),
    vector("font and program in a film", "video/webm", with_attachments),
    vector(
        "matroska of nothing",
        "video/webm",
        b"\x1aE\xdf\xa3" + b"\x01" + b"\xff" * 7 + bytes(90),
        BROKEN,
    ),
    vector("matroska of good laces", "audio/webm", lambda: laced(2, b"\7" + OPUS * 8, 60), FINE),
    vector(
        "matroska of 256 laces of 255", "audio/webm", lambda: laced(1, b"\xff" * 256 + OPUS * 9)
    ),
    vector("matroska of uneven equal laces", "audio/webm", lambda: laced(2, b"\xff" + bytes(7))),
    vector(
        "matroska of endless ebml laces", "audio/webm", lambda: laced(3, b"\xff\x01" + b"\xff" * 7)
    ),
    vector(
        "matroska of huge ebml laces",
        "audio/webm",
        lambda: laced(3, b"\xff\x01" + b"\xfe" * 7 + b"\x80" * 254),
    ),
    vector(
        "matroska of negative laces",
        "audio/webm",
        lambda: laced(3, b"\x04\x83\x80\x80\x80" + OPUS * 9),
    ),
    vector(
        "matroska of 2.5 million laces",
        "audio/webm",
        lambda: laced(1, b"\xff" + bytes(255), 10_000),
    ),
    vector("matroska of 2000 masters", "video/webm", lambda: nested_master(2_000)),
    vector("id3 of 256 MB", "audio/mpeg", b"ID3\x04\0\0" + b"\x7f" * 4 + bytes(200), BROKEN),
    vector("id3 in id3", "audio/mpeg", b"ID3\x04\0\0\0\0\0\0" * 5_000, BROKEN),
    vector("amr of nothing", "audio/amr", b"#!AMR\n", BROKEN),
    vector("amr of ones", "audio/amr", b"#!AMR\n" + b"\xff" * 500),
    vector("amr of all modes", "audio/amr", amr_modes),
    vector("wide amr in a narrow file", "audio/amr", b"#!AMR-WB\n" + b"\x3c" * 700),
    vector("amr in 3gp at 1 Hz", "audio/3gpp", lambda: amr_in_3gp(1)),
    vector("amr in 3gp at 11025 Hz", "audio/3gpp", lambda: amr_in_3gp(11_025), FINE),
    vector("amr in 3gp at 0 Hz", "audio/3gpp", lambda: amr_in_3gp(0)),
    vector("amr in 3gp at 4 GHz", "audio/3gpp", lambda: amr_in_3gp(2**32 - 1)),
    vector("ogg of ones", "audio/ogg", b"OggS\0\x02" + b"\xff" * 300, BROKEN),
    vector("opus of 255 channels", "audio/ogg", lambda: opus(255, 255), BROKEN, EXCESSIVE),
    vector(
        "opus of 255 channels and streams",
        "audio/ogg",
        lambda: opus(255, 255, 255),
        BROKEN,
        EXCESSIVE,
    ),
    vector("opus of no channel", "audio/ogg", lambda: opus(0, 0), BROKEN),
    vector("wav of 4 GHz", "audio/vnd.wave", lambda: wav_of(2**32 - 1, 2, 16)),
    vector(
        "wav of 65535 channels",
        "audio/vnd.wave",
        lambda: wav_of(8_000, 65_535, 8),
        BROKEN,
        EXCESSIVE,
    ),
]


def _large_jpeg() -> bytes:
    whole = bytearray(pictures.photo(64, 64))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", 16_384, 16_384)
    return bytes(whole)
