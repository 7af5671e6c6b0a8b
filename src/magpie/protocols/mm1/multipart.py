"""Bodies: one part, or many (WAP-230 clause 8.5)."""

import binascii
import quopri
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import unquote

import msgspec

from magpie.protocols.mm1 import content_type as types
from magpie.protocols.mm1 import wsp
from magpie.protocols.mm1.content_type import ContentType
from magpie.protocols.mm1.errors import DecodeError
from magpie.protocols.mm1.wsp import Reader

MOST_PARTS: Final = 200
_LOCATION, _ID = 0x8E, 0xC0
_DISPOSITIONS: Final = frozenset((0xAE, 0xC5))
_TRANSFER: Final = 0xC8
_WORDS: Final = {0x80: "form-data", 0x81: "attachment", 0x82: "inline"}
_FILENAMES: Final = frozenset((0x86, 0x98))
_ENCODINGS: Final = frozenset(("base64", "quoted-printable"))
RELATED: Final = "application/vnd.wap.multipart.related"
MIXED: Final = "application/vnd.wap.multipart.mixed"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """`content_id` without its brackets; headers that are none of these are dropped."""

    content_type: ContentType
    data: bytes
    content_id: str = ""
    location: str = ""
    disposition: str = ""
    filename: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """By which a presentation may refer to it, the surest first."""
        named = self.content_type.get("name") or self.content_type.get("filename") or ""
        return tuple(n for n in (self.content_id, self.location, named, self.filename) if n)


class _Headers(msgspec.Struct):
    content_id: str = ""
    location: str = ""
    disposition: str = ""
    filename: str = ""
    transfer: str = ""


def read(reader: Reader, content_type: ContentType) -> tuple[Part, ...]:
    """What follows the header of a message."""
    if not content_type.is_multipart:
        return (Part(content_type=content_type, data=reader.take(reader.left)),)
    count = reader.uintvar() if reader.left else 0
    parts: list[Part] = []
    # The count is wrong at times: what is there counts.
    while reader.left and len(parts) < MOST_PARTS:
        parts.append(_part(reader))
        if len(parts) >= count and not _more(reader):
            break
    return tuple(parts)


def _more(reader: Reader) -> bool:
    """Whether what is left looks like another part, after the last one that was announced."""
    probe = Reader(reader.data, reader.at, reader.end)
    try:
        _part(probe)
    except DecodeError:
        return False
    return True


def _part(reader: Reader) -> Part:
    header_size, data_size = reader.uintvar(), reader.uintvar()
    header = reader.within(header_size)
    data = reader.take(data_size)
    content_type = types.read(header)
    told = _headers(header)
    return Part(
        content_type=content_type,
        data=_transferred(data, told.transfer),
        content_id=told.content_id,
        location=told.location,
        disposition=told.disposition,
        filename=told.filename,
    )


def _headers(reader: Reader) -> _Headers:
    found = _Headers()
    while reader.left:
        token = reader.peek()
        if token < wsp.SHORT:
            _named(found, reader.text().lower(), reader)
            continue
        reader.octet()
        if token == _LOCATION:
            found.location = reader.text()
        elif token == _ID:
            found.content_id = _bare(reader.quoted())
        elif token in _DISPOSITIONS:
            _dispose(found, reader)
        elif token == _TRANSFER:
            found.transfer = reader.text().lower()
        else:
            reader.skip_value()
    return found


def _named(found: _Headers, name: str, reader: Reader) -> None:
    """A header in words, as in mail."""
    if reader.left and (reader.peek() <= wsp.LENGTH_QUOTE or reader.peek() >= wsp.SHORT):
        reader.skip_value()
        return
    value = reader.text() if reader.left else ""
    match name:
        case "content-id":
            found.content_id = _bare(value)
        case "content-location":
            found.location = value
        case "content-transfer-encoding":
            found.transfer = value.lower()
        case _:
            pass


def _dispose(found: _Headers, reader: Reader) -> None:
    if reader.peek() > wsp.LENGTH_QUOTE:
        reader.skip_value()
        return
    inner = reader.within(reader.value_length())
    if not inner.left:
        return
    word = inner.peek()
    found.disposition = _WORDS.get(inner.octet(), "") if word >= wsp.SHORT else inner.text()
    while inner.left:
        token = inner.octet()
        if token in _FILENAMES and inner.left:
            found.filename = inner.quoted()
        elif inner.left:
            inner.skip_value()


def _bare(value: str) -> str:
    return value.removeprefix('"').removesuffix('"').strip().removeprefix("<").removesuffix(">")


def _transferred(data: bytes, encoding: str) -> bytes:
    """Field samples carry mail's encodings inside; what does not decode is left as it is."""
    if encoding not in _ENCODINGS:
        return data
    try:
        return binascii.a2b_base64(data) if encoding == "base64" else quopri.decodestring(data)
    except binascii.Error:
        return data


def write(content_type: ContentType, parts: Sequence[Part]) -> bytes:
    if not content_type.is_multipart:
        return b"".join(part.data for part in parts[:1])
    return wsp.uintvar(len(parts)) + b"".join(map(_written, parts))


def _written(part: Part) -> bytes:
    header = types.write(part.content_type)
    if part.location:
        header += bytes((_LOCATION,)) + wsp.text(part.location)
    if part.content_id:
        header += bytes((_ID,)) + wsp.quoted(f"<{part.content_id}>")
    return wsp.uintvar(len(header)) + wsp.uintvar(len(part.data)) + header + part.data


def resolve(src: str, parts: Iterable[Part]) -> Part | None:
    """The part that a presentation means: by cid:, location, name; letters' case counts last."""
    wanted = unquote(src.strip()).removeprefix("cid:").removeprefix("<").removesuffix(">")
    every = list(parts)
    for place in range(4):
        for part in every:
            if len(part.names) > place and part.names[place] == wanted:
                return part
    small = wanted.lower()
    return next((one for one in every if small in map(str.lower, one.names)), None)
