"""A message in words, field by field, for people."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Final

from magpie.protocols.mm1 import multipart, tables
from magpie.protocols.mm1.codec import Read, read_fields
from magpie.protocols.mm1.content_type import ContentType
from magpie.protocols.mm1.errors import DecodeError
from magpie.protocols.mm1.fields import CONTENT_TYPE, MESSAGE_TYPE
from magpie.protocols.mm1.push import unwrap
from magpie.protocols.mm1.values import Previous, Relative
from magpie.protocols.mm1.wsp import Reader

_WORDS: Final[dict[str, type[IntEnum]]] = {
    "message_class": tables.MessageClass,
    "priority": tables.Priority,
    "response_status": tables.ResponseStatus,
    "status": tables.Status,
    "retrieve_status": tables.RetrieveStatus,
    "read_status": tables.ReadStatus,
    "content_class": tables.ContentClass,
}
_MOST_OCTETS: Final = 32


def dump(data: bytes) -> list[str]:
    """Lines; where the octets stop to make sense, the last line says so."""
    lines = []
    reader = Reader(_message(data))
    try:
        for read in read_fields(reader):
            lines.append(_line(read, reader.data))
            if read.number == CONTENT_TYPE:
                lines += _parts(reader, read.value)
    except DecodeError as error:
        lines.append(f"not readable: {error}")
    return lines


def _message(data: bytes) -> bytes:
    """Of a push, what it carries."""
    try:
        push = unwrap(data)
    except DecodeError:
        return data
    return push.body if data[:1] != bytes((MESSAGE_TYPE,)) else data


def _line(read: Read, data: bytes) -> str:
    octets = data[read.start : read.end]
    shown = octets[:_MOST_OCTETS].hex(" ") + (" ..." if len(octets) > _MOST_OCTETS else "")
    return f"{_title(read):34} {_told(read):40} {shown}"


def _title(read: Read) -> str:
    if read.number == MESSAGE_TYPE:
        return "X-Mms-Message-Type"
    if read.number == CONTENT_TYPE:
        return "Content-Type"
    return read.field.title if read.field else f"0x{read.number:02X}"


def _told(read: Read) -> str:
    name = read.field.name if read.field else ""
    if read.number == MESSAGE_TYPE:
        return _word(tables.MessageType, read.value)
    if name in _WORDS and isinstance(read.value, int):
        return _word(_WORDS[name], read.value)
    if name == "from_" and read.value is None:
        return "insert who sends"
    return _plain(read.value)


def _plain(value: Any) -> str:
    match value:
        case ContentType():
            return "; ".join((value.media, *(f"{key}={text}" for key, text in value.parameters)))
        case bool():
            return "yes" if value else "no"
        case Relative():
            return f"{value.seconds} s from now"
        case Previous():
            return f"{value.count}: {value.value}"
        case tuple():
            return ".".join(map(str, value))
        case _:
            return "" if value is None else str(value)


def _word(table: type[IntEnum], value: int) -> str:
    try:
        return table(value).name.lower().replace("_", "-")
    except ValueError:
        return f"0x{value:02X}"


def _parts(reader: Reader, content_type: ContentType) -> Iterator[str]:
    for number, part in enumerate(multipart.read(reader, content_type), 1):
        names = ", ".join(part.names) or "no name"
        yield f"part {number}: {part.content_type.media}, {len(part.data)} bytes, {names}"
