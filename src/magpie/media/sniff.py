"""What bytes are, by their beginning, and which declared types may stand for them.

The first bytes decide, as they do for a decoder: a picture with a program or a page behind it is
a picture, and is served as one. What a browser would run is never media.
"""

import re
from collections.abc import Mapping
from typing import Final

_HEAD = 1024
_BOMS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ACTIVE = re.compile(
    r"\s*(?:<(?:!doctype|!--|!entity|\?|html|head|body|script|svg|iframe|meta|style|title|a|b|p"
    r"|div|img|table|h1|br|font|link|object|embed|math|xml)\b|<\?|<!|#!(?!AMR)|%PDF.{0,20}<script)",
    re.IGNORECASE,
)

_MAGIC: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"ID3", "id3"),
    (b"#!AMR", "amr"),
    (b"ADIF", "aac"),
    (b"\x0bw", "ac3"),
    (b".snd", "au"),
    (b".ra\xfd", "realaudio"),
    (b".RMF", "realaudio"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
# Brands of ISO 14496-12 and ISO 23008-12.
_STILLS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF: Final = frozenset({b"avif", b"avis"})
_TEXTS: Final = (("BEGIN:VCARD", "vcard"), ("BEGIN:VCALENDAR", "calendar"))


def _set(types: str) -> frozenset[str]:
    return frozenset(types.split())


# Brands of films are not told apart: phones call their 3GP files MP4 and the other way round.
_DECLARED: Final[Mapping[str, frozenset[str]]] = {
    "jpeg": _set("image/jpeg image/jpg"),
    "png": _set("image/png"),
    "gif": _set("image/gif"),
    "webp": _set("image/webp"),
    "heif": _set("image/heic image/heif"),
    "avif": _set("image/avif"),
    "tiff": _set("image/tiff"),
    "bmp": _set("image/bmp"),
    "film": _set(
        "video/mp4 video/mpeg4 video/quicktime video/3gpp video/3gpp2 video/3gpp-tt video/h263"
        " video/h263-1998 video/h263-2000 video/h264 video/h265 audio/mp4 audio/3gpp audio/3gpp2"
        " audio/aac"
    ),
    "matroska": _set("video/webm audio/webm"),
    "mpeg": _set("video/mpeg"),
    "ogg": _set("audio/ogg audio/vorbis"),
    "id3": _set("audio/mpeg audio/mp3 audio/aac"),
    "mp3": _set("audio/mpeg audio/mp3"),
    "aac": _set("audio/aac"),
    "amr": _set("audio/amr audio/amr-nb audio/3gpp"),
    "ac3": _set("audio/ac3"),
    "au": _set("audio/basic"),
    "wav": _set("audio/vnd.wave"),
    "realaudio": _set("audio/vnd.rn-realaudio"),
    "pdf": _set("application/pdf"),
    "rtf": _set("text/rtf text/richtext"),
    "vcard": _set("text/vcard text/x-vcard text/directory application/vcard"),
    "calendar": _set("text/calendar"),
    "zip": _set("application/vnd.apple.pkpass"),
}
# Raw streams and tables begin in any way.
_UNMARKED: Final = _set(
    "text/csv text/richtext text/directory audio/basic audio/l24 audio/vorbis video/h261 video/h263"
    " video/h263-1998 video/h263-2000 video/h264 video/h265 video/3gpp-tt"
)


def sniff(content: bytes) -> str | None:
    """Give a short name of the format, `active` for what a browser would run, or None."""
    head = content[:_HEAD]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _container(head, len(content)) or _text(head) or _stream(head)


def agrees(declared: str, content: bytes) -> bool:
    """Whether a declared type (plain, in lower case) may stand for these bytes."""
    kind = sniff(content)
    return declared in (_UNMARKED if kind is None else _DECLARED.get(kind, frozenset()))


def _container(head: bytes, size: int) -> str | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "riff")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _AVIF:
            return "avif"
        return "heif" if brand in _STILLS else "film"
    if head[4:8] in {b"moov", b"mdat", b"wide"}:  # QuickTime from before there were brands
        return "film"
    if head[:2] == b"BM" and head[6:10] == bytes(4) and _declares(head, size):
        return "bmp"
    return None


def _declares(head: bytes, size: int) -> bool:
    """Two letters alone may begin any text: the length of a bitmap is written, or zero."""
    return int.from_bytes(head[2:6], "little") in range(size + 4) and len(head) > len("BM") + 12


def _text(head: bytes) -> str | None:
    codec = next((codec for bom, codec in _BOMS.items() if head.startswith(bom)), "latin-1")
    text = head.decode(codec, "replace").lstrip("\ufeff\x00 \t\r\n\f\v")
    if _ACTIVE.match(text):
        return "active"
    for begin, kind in _TEXTS:
        if text[: len(begin)].upper() == begin:
            return kind
    return None


def _stream(head: bytes) -> str | None:
    """Frames without a header: 11 or 12 bits of sync, then the layer (ISO 11172-3, 13818-7)."""
    if len(head) > 1 and head[0] == 0xFF:  # noqa: PLR2004 - sync
        if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004
            return "aac"
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 in {0x02, 0x04}:  # noqa: PLR2004
            return "mp3"
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        return "mpeg"  # a transport stream
    return None
