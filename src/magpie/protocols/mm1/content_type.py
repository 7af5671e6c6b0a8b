"""Content-Type of a message and of its parts (WAP-230 clause 8.4.2.24)."""

from typing import Final

import msgspec

from magpie.protocols.mm1 import wsp
from magpie.protocols.mm1.tables import CHARSET_CODES, CHARSETS, MEDIA, MEDIA_CODES
from magpie.protocols.mm1.wsp import Reader

_CHARSET, _TYPE = 0x81, 0x89
_TEXTS: Final = {
    0x85: "name",
    0x86: "filename",
    0x8A: "start",
    0x8B: "start-info",
    0x8C: "comment",
    0x8D: "domain",
    0x8F: "path",
    0x97: "name",
    0x98: "filename",
    0x99: "start",
    0x9A: "start-info",
    0x9B: "comment",
}
# Those that every handset knows: the older forms.
_CODES: Final = {"name": 0x85, "filename": 0x86, "start": 0x8A, "start-info": 0x8B}


class ContentType(msgspec.Struct, frozen=True):
    """`media` in small letters; parameters by their names in small letters, in wire order."""

    media: str
    parameters: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        return next((value for known, value in self.parameters if known == name), None)

    @property
    def charset(self) -> str | None:
        return self.get("charset")

    @property
    def is_multipart(self) -> bool:
        return self.media.startswith(("application/vnd.wap.multipart.", "multipart/"))


def read(reader: Reader) -> ContentType:
    if reader.peek() > wsp.LENGTH_QUOTE:
        return ContentType(_media(reader))
    inner = reader.within(reader.value_length())
    if not inner.left:
        return ContentType("application/octet-stream")
    media = _media(inner)
    parameters = []
    while inner.left:
        parameter = _parameter(inner)
        if parameter is not None:
            parameters.append(parameter)
    return ContentType(media, tuple(parameters))


def _media(reader: Reader) -> str:
    """A number of the table, or a text; one that nobody knows is some octets."""
    if reader.peek() >= wsp.SHORT:
        code = reader.octet() & 0x7F
        return MEDIA.get(code, f"application/x-wap-0x{code:02x}").lower()
    if reader.peek() <= wsp.LENGTH_QUOTE:
        code = reader.long_integer()
        return MEDIA.get(code, f"application/x-wap-0x{code:02x}").lower()
    return reader.text().strip().lower() or "application/octet-stream"


def _parameter(reader: Reader) -> tuple[str, str] | None:
    """None for one that nobody knows: it is passed over."""
    token = reader.peek()
    if token < wsp.SHORT:
        name = reader.text().lower()
        return name, _untyped(reader)
    reader.octet()
    if token == _CHARSET:
        number = reader.integer() if reader.peek() != wsp.SHORT else reader.octet() & 0x7F
        return "charset", CHARSETS.get(number, f"x-mib-{number}")
    if token == _TYPE:
        return "type", _media(reader)
    if token in _TEXTS:
        return _TEXTS[token], reader.quoted()
    reader.skip_value()
    return None


def _untyped(reader: Reader) -> str:
    if not reader.left:
        return ""
    first = reader.peek()
    if first >= wsp.SHORT or 0 < first <= wsp.LENGTH_QUOTE:
        return str(reader.integer())
    return reader.quoted()


def write(content_type: ContentType) -> bytes:
    """In its shortest form."""
    media = write_media(content_type.media)
    if not content_type.parameters:
        return media
    parameters = [_written(name, value) for name, value in content_type.parameters]
    return wsp.with_length(media + b"".join(parameters))


def write_media(media: str) -> bytes:
    code = MEDIA_CODES.get(media)
    return wsp.text(media) if code is None else wsp.short_integer(code)


def _written(name: str, value: str) -> bytes:
    if name == "charset" and value in CHARSET_CODES:
        return bytes((_CHARSET,)) + wsp.integer(CHARSET_CODES[value])
    if name == "type":
        return bytes((_TYPE,)) + write_media(value)
    if name in _CODES:
        return bytes((_CODES[name],)) + _text(value)
    return wsp.text(name) + _text(value)


def _text(value: str) -> bytes:
    """A reader takes a first quotation mark for one that has no partner."""
    return wsp.quoted(value) if value.startswith('"') else wsp.text(value)
