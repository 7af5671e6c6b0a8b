import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.media.check import check, check_all
from magpie.media.model import VERDICTS, Verdict, verdict
from magpie.media.sniff import agrees, sniff

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
GIF = b"GIF89a\x01\x00\x01\x00"
ZIP = b"PK\x03\x04\x14\x00\x08\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BMP = b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00" + bytes(56)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (JPEG, "jpeg"),
        (PNG, "png"),
        (b"GIF87a", "gif"),
        (GIF, "gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", "avi"),
        (b"II*\x00\x08\x00\x00\x00", "tiff"),
        (b"MM\x00*\x00\x00\x00\x08", "tiff"),
        (BMP, "bmp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "heif"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "heif"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", "avif"),
        (MP4, "film"),
        (b"\x00\x00\x00\x14ftyp3gp5\x00\x00\x00\x00", "film"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", "film"),
        (b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00", "film"),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "film"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01", "matroska"),
        (b"OggS\x00\x02", "ogg"),
        (b"ID3\x04\x00\x00", "id3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf3\x40\xc0", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"#!AMR\n<", "amr"),
        (b"#!AMR-WB\n", "amr"),
        (b"\x0bw\x00\x00", "ac3"),
        (b".snd\x00\x00\x00\x18", "au"),
        (b"\x00\x00\x01\xba\x44", "mpeg"),
        ((b"G" + bytes(187)) * 3, "mpeg"),
        (PDF, "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "vcard"),
        (b"\xef\xbb\xbf\r\nbegin:vcard\n", "vcard"),
        (b"\xff\xfe" + "BEGIN:VCARD".encode("utf-16-le"), "vcard"),
        (b"BEGIN:VCALENDAR\r\n", "calendar"),
        (ZIP, "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
        (HTML, "active"),
        (SVG, "active"),
        (b"  \n<?xml version='1.0'?>", "active"),
        (b"\xef\xbb\xbf<HTML>", "active"),
        (b"\xff\xfe" + "<script>".encode("utf-16-le"), "active"),
        (b"<!-- a --><svg>", "active"),
        (b"#!/bin/sh\n", "active"),
        (b"\x7fELF\x02", "program"),
        (b"MZ\x90\x00", "program"),
        (b"name,age\nAda,36\n", None),
        (b"BMW,3\n", None),
        (b"var a = 1;", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(content: bytes, kind: str | None) -> None:
    """Every format of the list, and those that are refused, is known by its beginning."""
    assert sniff(content) == kind


@pytest.mark.parametrize(
    ("name", "content", "right", "wrong"),
    [
        ("a GIF that is also a Java archive", GIF + ZIP, "image/gif", "application/pdf"),
        ("a JPEG with a page in its comment", JPEG + HTML, "image/jpeg", "text/csv"),
        ("a PNG with a script behind it", PNG + b"*/alert(1)/*", "image/png", "image/jpeg"),
        ("a PDF that is also a ZIP", PDF + ZIP, "application/pdf", "application/vnd.apple.pkpass"),
        ("a film with a page inside", MP4 + HTML, "video/mp4", "image/gif"),
    ],
)
def test_a_file_of_two_formats_is_what_it_begins_with(
    name: str, content: bytes, right: str, wrong: str
) -> None:
    """A polyglot is served as the format of its first bytes and as nothing else."""
    assert agrees(right, content)
    assert not agrees(wrong, content)


@pytest.mark.parametrize("declared", sorted(VERDICTS))
@pytest.mark.parametrize("content", [HTML, SVG, b"<?xml version='1.0'?><a/>", b"#!/bin/sh\n"])
def test_what_a_browser_runs_is_no_media(declared: str, content: bytes) -> None:
    """HTML, SVG, XML and scripts are refused under every accepted type."""
    assert check(declared, content) is not None


@pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "image/gif", "image/bmp"])
@pytest.mark.parametrize(
    "content", [HTML, SVG, PDF, ZIP, MP4, b"alert(1)", b"function(){}", b"\x00" * 40]
)
def test_nothing_else_passes_as_a_picture(declared: str, content: bytes) -> None:
    """A page, a document, an archive, a film or a script renamed to a picture is refused."""
    assert check(declared, content) is not None


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("image/jpeg", Verdict.FITTED),
        ("IMAGE/JPG; name=a.jpg", Verdict.FITTED),
        ("image/heic", Verdict.PASSED),
        ("audio/ogg; codecs=opus", Verdict.PASSED),
        ("video/H263-1998", Verdict.PASSED),
        ("text/x-vcard", Verdict.PASSED),
        ("image/webp", Verdict.FITTED),
        ("application/msword", Verdict.OTHER_CHANNELS),
        ("text/plain", Verdict.UNKNOWN),
        ("text/html", Verdict.UNKNOWN),
        ("image/svg+xml", Verdict.UNKNOWN),
        ("", Verdict.UNKNOWN),
    ],
)
def test_types_are_told_apart_without_case_and_parameters(
    content_type: str, expected: Verdict
) -> None:
    """The list of accepted types says which are fitted, passed on, or not for MMS."""
    assert verdict(content_type) is expected


@pytest.mark.parametrize(
    ("content_type", "content", "code"),
    [
        ("image/jpeg", JPEG, None),
        ("image/jpg", JPEG, None),
        ("image/jpeg", b"", 63019),
        ("", JPEG, 12300),
        ("application/octet-stream", JPEG, 12300),
        ("image/png", JPEG, 12300),
        ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 63021),
        ("text/csv", b"a,b\n", None),
        ("audio/mpeg", b"\xff\xfb\x90\x00", None),
        ("video/3gpp", MP4, None),
        ("audio/x-wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        ("audio/x-m4a; codecs=mp4a", b"\x00\x00\x00\x14ftypM4A \x00\x00\x00\x00", None),
        ("video/x-m4v", MP4, None),
        ("image/PJPEG", JPEG, None),
        ("image/x-ms-bmp", BMP, None),
    ],
)
def test_a_file_is_refused_by_number(content_type: str, content: bytes, code: int | None) -> None:
    """Empty, unknown, lying and foreign files each have their own error code."""
    found = check(content_type, content)
    assert (found[0] if found else None) == code


def test_the_files_of_one_message_are_judged_together() -> None:
    """Two that are allowed alone may be too much, and the first that is wrong is told."""
    half = JPEG + bytes(3 * 1024 * 1024)
    assert check_all([("image/jpeg", half)]) is None
    assert (check_all([("image/jpeg", half)] * 2) or (0, ""))[0] == 11751
    wrong = check_all([("image/jpeg", JPEG), ("image/png", b""), ("text/plain", b"x")])
    assert wrong == (63019, "the file is empty")


@given(st.binary(max_size=600))
def test_any_bytes_can_be_looked_at(content: bytes) -> None:
    """Sniffing never fails, and no image type stands for bytes without an image's beginning."""
    kind = sniff(content)
    if kind is None:
        assert not any(agrees(declared, content) for declared in VERDICTS if "image" in declared)
