"""What is two things at once, what is not what it says, and what points elsewhere."""

import io
import zipfile
from functools import partial

from tests import pictures
from tests.vectors.moving import clip
from tests.vectors.vector import BROKEN, EMPTY, FINE, Vector, vector

SCRIPT = b"<html><body><script>document.title='ran';alert(1)</script></body></html>"
JAVASCRIPT = b"*/=1;document.title='ran';alert(1);/*"
XHTML = b"<html xmlns='http://www.w3.org/1999/xhtml'>" + SCRIPT.removeprefix(b"<html>")
XXE = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def archive(name: str = "a.class") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(name, b"\xca\xfe\xba\xbe" + SCRIPT)
    return buffer.getvalue()


def gif_and_javascript() -> bytes:
    """As a script it is an assignment to GIF89a; as a picture, one that is 10799 wide."""
    whole = bytearray(pictures.animation(40, 30, 1))
    whole[6:8] = b"/*"
    return bytes(whole) + JAVASCRIPT


def png_and_javascript() -> bytes:
    return pictures.png() + JAVASCRIPT


def jpeg_and_page() -> bytes:
    """The page stands in a comment right behind the start, and again behind the end."""
    whole = pictures.photo(64, 48)
    comment = b"\xff\xfe" + (len(SCRIPT) + 2).to_bytes(2, "big") + SCRIPT
    return whole[:2] + comment + whole[2:] + SCRIPT


def mp4_and_page() -> bytes:
    return clip() + SCRIPT


def pdf_and_archive() -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" + archive()


def gifar() -> bytes:
    return pictures.animation(40, 30, 1) + archive()


def vcard(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", "FN:J", *lines, "END:VCARD", ""]).encode()


def svg(inside: bytes, before: bytes = b"") -> bytes:
    return before + b"<svg xmlns='http://www.w3.org/2000/svg'>" + inside + b"</svg>"


def smil(source: str) -> bytes:
    return f"<smil><body><par><img src='{source}'/></par></body></smil>".encode()


FOREIGN_OBJECT = svg(b"<foreignObject>" + XHTML + b"</foreignObject>")

POLYGLOTS: list[Vector] = [
    vector("gif and archive", "image/gif", gifar, FINE),
    vector("gif and script", "image/gif", gif_and_javascript),
    vector("jpeg and page", "image/jpeg", jpeg_and_page, FINE),
    vector("png and script", "image/png", png_and_javascript, FINE),
    vector("png and page", "image/png", lambda: pictures.png() + SCRIPT, FINE),
    vector("mp4 and page", "video/mp4", mp4_and_page, FINE),
    vector("pdf and archive", "application/pdf", pdf_and_archive, FINE),
]

_SVGS = {
    "script": svg(b"<script>alert(1)</script>"),
    "entity": svg(b"<text>&x;</text>", XXE),
    "foreign object": svg(b"<foreignObject><body onload='alert(1)'/></foreignObject>"),
    "a billion uses": svg(
        b"".join(b"<g id='g%d'>%s</g>" % (n + 1, b"<use href='#g%d'/>" % n * 10) for n in range(9))
    ),
}
_TYPES = ("image/jpeg", "image/png", "image/gif", "video/mp4", "audio/amr", "text/vcard")


def _real(content_type: str) -> bytes:
    return {
        "image/jpeg": pictures.photo(64, 48),
        "image/png": pictures.png(),
        "image/gif": pictures.animation(40, 30, 2),
        "video/mp4": clip(),
        "audio/amr": b"#!AMR\n" + b"\x04" + bytes(12),
        "text/vcard": vcard(),
    }[content_type]


def _mismatched() -> list[Vector]:
    return [
        vector(f"{was} called {said}", said, partial(_real, was), BROKEN)
        for was in _TYPES
        for said in _TYPES
        if was != said
    ]


VECTORS: list[Vector] = [
    vector("nothing", "image/jpeg", b"", EMPTY),
    vector("five million zeros", "image/jpeg", lambda: bytes(5_000_000), BROKEN),
    *POLYGLOTS,
    *(
        vector(f"svg of {name} called {said}", said, content, BROKEN)
        for name, content in _SVGS.items()
        for said in ("image/svg+xml", "image/png")
    ),
    vector("pdf renamed", "image/jpeg", pdf_and_archive, BROKEN),
    vector("page renamed", "image/jpeg", SCRIPT, BROKEN),
    vector("page behind spaces", "image/gif", b" \r\n\t" * 50 + SCRIPT, BROKEN),
    vector("page called a table", "text/csv", SCRIPT, BROKEN),
    vector("archive renamed", "image/png", archive, BROKEN),
    vector("archive of a path upwards", "application/pdf", lambda: archive("../../a"), BROKEN),
    vector("program renamed", "image/bmp", b"MZ" + bytes(300), BROKEN),
    *_mismatched(),
    vector("vcard of one line", "text/vcard", lambda: vcard("NOTE:" + "x" * 4_900_000), FINE),
    vector(
        "vcard with a photo elsewhere",
        "text/vcard",
        vcard("PHOTO;VALUE=uri:http://127.0.0.1:1/a"),
        FINE,
    ),
    vector(
        "smil with a source elsewhere", "application/smil", smil("http://127.0.0.1:1/a"), BROKEN
    ),
    vector("smil with a file", "image/png", smil("file:///etc/passwd"), BROKEN),
]
