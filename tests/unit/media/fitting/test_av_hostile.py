"""Files that were made to hurt, or that have been: each ends in a number or in a good result."""

import struct
from collections.abc import Callable

import pytest
from tests.unit.media.fitting import av_clips as clips

from magpie.media.fitting import films, sounds
from magpie.media.recipe import BROKEN, EXCESSIVE, NEVER_FITS, Film, Sound, Unusable

CODES = {BROKEN, EXCESSIVE, NEVER_FITS}
FILM = Film(format="mp4", most_bytes=60_000, most_width=320, most_height=320)


def box(name: bytes, *content: bytes, size: int | None = None) -> bytes:
    whole = b"".join(content)
    return struct.pack(">I", len(whole) + 8 if size is None else size) + name + whole


def full(name: bytes, *content: bytes) -> bytes:
    return box(name, bytes(4), *content)


FTYP = box(b"ftyp", b"isom", bytes(4), b"isommp42")


def crafted(
    *,
    side: int = 64,
    seconds: int = 1,
    stts: bytes = struct.pack(">III", 1, 1, 1000),
    stsz: bytes = struct.pack(">II", 64, 1),
    edits: bytes = b"",
    dref: bytes = full(b"url ", b""),
) -> bytes:
    """An MP4 by hand: one track of one kind of picture, and a little data."""
    entry = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", side, side)
    entry += struct.pack(">IIIH", 0x480000, 0x480000, 0, 1) + bytes(32) + struct.pack(">Hh", 24, -1)
    length = struct.pack(">IIII", 0, 0, 1000, seconds * 1000)
    tables = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(b"jpeg", entry)),
        full(b"stts", stts),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", stsz),
        full(b"stco", struct.pack(">II", 1, 1024)),
    )
    references = box(b"dinf", full(b"dref", struct.pack(">I", 1), dref))
    media = box(
        b"mdia",
        full(b"mdhd", length, bytes(4)),
        full(b"hdlr", bytes(4), b"vide", bytes(13)),
        box(b"minf", full(b"vmhd", bytes(8)), references, tables),
    )
    shown = struct.pack(">II", side << 16, side << 16)
    header = full(b"tkhd", struct.pack(">IIIII", 0, 0, 1, 0, seconds * 1000), bytes(52), shown)
    track = box(b"trak", header, edits, media)
    movie = box(b"moov", full(b"mvhd", length, bytes(80)), track)
    return FTYP + movie + box(b"mdat", bytes(4096))


def refused(content: bytes) -> set[int]:
    """The codes of a probe, of a film and of a sound made of it; none for a good result."""
    codes = set()
    for work in (
        films.probe,
        lambda it: films.fit(it, FILM),
        lambda it: sounds.fit(it, Sound(format="amr", most_bytes=20_000)),
    ):
        try:
            work(content)
        except Unusable as unusable:
            codes.add(unusable.code)
    return codes


def indexed(seconds: float) -> bytes:
    """A film whose index comes first."""
    most = Film(format="mp4", most_bytes=500_000, most_width=320, most_height=320)
    return films.fit(clips.film(seconds, size=(96, 64)), most)[1]


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        '<?xml version="1.0"?><MPD><Period><BaseURL>http://127.0.0.1/</BaseURL></Period></MPD>',
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
        "[playlist]\nFile1=/etc/passwd\n",
    ],
)
def test_a_list_of_other_files_is_no_film(text: str) -> None:
    """Playlists and session descriptions are not even looked into."""
    assert refused(text.encode()) == {BROKEN}


@pytest.mark.parametrize("text", [b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\n"])
@pytest.mark.parametrize("front", [FTYP, b"ID3\x04\x00\x00\x00\x00\x00\x00", b"OggS", b"#!AMR\n"])
def test_a_list_with_another_front_is_no_film(front: bytes, text: bytes) -> None:
    """The first bytes choose the one demuxer that is tried, and it finds no stream of its own."""
    assert refused(front + text * 50) <= CODES
    assert refused(front + text * 50)


def test_a_film_may_not_take_its_data_from_elsewhere() -> None:
    """A data reference to another file is not followed."""
    other = box(b"url ", bytes(4), b"file:///etc/passwd\x00")
    assert refused(crafted(dref=other)) <= CODES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        bytes(4096),
        FTYP,
        FTYP + box(b"moov", bytes(64), size=1_000_000_000),
        FTYP + struct.pack(">I", 1) + b"moov" + struct.pack(">Q", 1 << 40) + bytes(64),
        crafted(stts=struct.pack(">III", 1_000_000_000, 1, 1000)),
        crafted(stts=struct.pack(">III", 1, 1_000_000_000, 1)),
        crafted(stsz=struct.pack(">II", 0, 1_000_000_000)),
        crafted(side=16_384),
        crafted(edits=box(b"edts", full(b"elst", struct.pack(">I", 1 << 30)))),
        b"ID3\x04\x00\x00\x5f\x7f\x7f\x7f" + b"\xff\xfb\x90\x00" + bytes(413),
        b"ID3\x04\x00\x00\x00\x00\x00\x01" * 20,
        b"#!AMR\n" + b"\xff" * 500,
        b"#!AMR\n" + bytes(5),
        b"#!AMR-WB\n" + b"\x3c" * 7,
        b"OggS" + bytes(200),
        b"\x1aE\xdf\xa3" + b"\xff" * 64,
        b"\x1aE\xdf\xa3\x80\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff" + bytes(64),
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00" + b"\xff" * 16,
        b".snd" + b"\xff" * 60,
        b"\x0bw" + b"\xff" * 300,
        b"\xff\xf1" + b"\xff" * 300,
        b"G" + (bytes(187) + b"G") * 20,
        b"\x00\x00\x01\xba" + b"\xff" * 400,
    ],
)
def test_a_lie_is_told(content: bytes) -> None:
    """Counts and lengths that the file does not hold end in one of our numbers."""
    codes = refused(content)
    assert codes
    assert codes <= CODES


@pytest.mark.parametrize(
    "content",
    [
        crafted(side=8_000),
        crafted(side=15_999),
        crafted(stts=struct.pack(">III", 1, 1, 315_360_000)),
        crafted(seconds=3_600, stts=struct.pack(">III", 1, 1, 3_600_000)),
        crafted(stsz=struct.pack(">II", 1, 50_000_000)),
    ],
)
def test_more_than_anybody_may_ask_for(content: bytes) -> None:
    """Sides and lengths are known before anything is decoded."""
    with pytest.raises(Unusable) as unusable:
        films.probe(content)
    assert unusable.value.code == EXCESSIVE


def test_one_picture_a_second_for_years() -> None:
    """A film whose packets last for years is too long, whatever its header says."""
    source = bytearray(clips.film(1, rate=1, only=30, sound=False))
    at = source.index(b"stts") + 8
    source[at + 8 : at + 12] = struct.pack(">I", 1 << 31)
    assert refused(bytes(source)) <= {EXCESSIVE, BROKEN}
    assert refused(bytes(source))


def test_too_many_streams() -> None:
    """Four streams of pictures and sound are the most."""
    head, _, rest = clips.film(0.2, size=(64, 64), sound=False).partition(b"moov")
    size = struct.unpack(">I", head[-4:])[0]
    moov, after = rest[: size - 8], rest[size - 8 :]
    at = moov.index(b"trak") - 4
    track = moov[at : at + struct.unpack(">I", moov[at : at + 4])[0]]
    flood = box(b"moov", moov + track * 40)
    with pytest.raises(Unusable) as unusable:
        films.probe(head[:-4] + flood + after)
    assert unusable.value.code == EXCESSIVE


@pytest.mark.parametrize(
    "make",
    [
        lambda: clips.film(1, size=(96, 64)),
        lambda: indexed(1),
        lambda: clips.film(1, size=(96, 64), container="webm", video="libvpx", audio="libopus"),
        lambda: clips.sound(1, container="mp3", codec="libmp3lame"),
        lambda: clips.sound(1, container="ogg", codec="libopus", rate=48_000),
        lambda: clips.sound(1, container="amr", codec="libopencore_amrnb", rate=8_000),
    ],
)
def test_what_is_cut_off_is_told_or_fitted(make: Callable[[], bytes]) -> None:
    """Cut anywhere, a film or a sound is refused with a number, or what is left is good."""
    content = make()
    for part in range(24):
        assert refused(content[: len(content) * part // 24]) <= CODES


def test_half_a_film_is_not_sent() -> None:
    """When the index is there and half of the pictures are not, the film is broken."""
    content = indexed(6)
    with pytest.raises(Unusable) as unusable:
        films.probe(content[: len(content) // 2])
    assert unusable.value.code == BROKEN


def test_damage_anywhere_does_no_harm() -> None:
    """Octets overwritten throughout a film end in a number or in a film."""
    content = indexed(0.5)
    for at in range(0, len(content), max(1, len(content) // 60)):
        damaged = content[:at] + b"\xff\x00\xa5\x7f" + content[at + 4 :]
        assert refused(damaged) <= CODES
