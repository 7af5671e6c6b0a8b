"""A message for people to read: what `magpie mm7 decode` prints."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from magpie.protocols import mime
from magpie.protocols.mime import Part
from magpie.protocols.mm7.framing import Message, read_message
from magpie.protocols.mm7.operations import Operation
from magpie.protocols.mm7.times import write_moment
from magpie.protocols.mm7.values import Address, Status

_START: Final = re.compile(
    rb"(?:[A-Z]{3,10} \S{1,2000} HTTP/1\.[01]|HTTP/1\.[01] [0-9]{3}[^\n]*)\r?\n"
)
_PREVIEW: Final = 60
_MOST_HEADERS: Final = 64 * 1024


def read_capture(capture: bytes) -> Message:
    """A whole exchange with its HTTP headers, or a body alone. Raise ReadError and nothing else."""
    if found := _START.match(capture):
        capture = capture[found.end() :]
    elif capture.lstrip()[:1] in {b"<", b"-"} or capture.startswith((b"\xff\xfe", b"\xfe\xff")):
        return read_message("", capture.lstrip(b"\r\n"))
    end = re.search(rb"\r?\n\r?\n", capture[:_MOST_HEADERS])
    headers = mime.parse_headers(capture[: end.start()]) if end else ()
    body = capture[end.end() :] if end else capture
    return read_message(mime.value_of(headers, "Content-Type"), body)


def dump(message: Message) -> str:
    """Several lines, without an end of line after the last."""
    return "\n".join(_lines(message))


def _lines(message: Message) -> Iterator[str]:
    yield f"{message.operation.name} {message.version}".rstrip()
    if message.namespace:
        yield f"  namespace: {message.namespace}"
    yield f"  transaction: {message.transaction_id or '-'}"
    yield from _fields(message.operation, "  ")
    if message.content:
        yield from _part(message.content, "  ")


def _fields(value: msgspec.Struct, indent: str) -> Iterator[str]:
    for name in value.__struct_fields__:
        yield from _field(name, getattr(value, name), indent)


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    label = name.replace("_", " ")
    if value is None or value in ("", ()):
        return
    if isinstance(value, tuple):
        for one in value:
            yield from _field(name, one, indent)
    elif isinstance(value, Address):
        only = " (display only)" if value.display_only else ""
        yield f"{indent}{label}: {value.value} [{value.kind}]{only}"
    elif isinstance(value, Status):
        yield f"{indent}{label}: {value.code} {value.text} {value.details}".rstrip()
    elif isinstance(value, Operation | msgspec.Struct):
        yield f"{indent}{label}:"
        yield from _fields(value, indent + "  ")
    else:
        moment = isinstance(value, datetime | timedelta)
        yield f"{indent}{label}: {write_moment(value) if moment else value}"


def _part(part: Part, indent: str) -> Iterator[str]:
    named = part.content_id or part.location or part.filename
    kind = part.content_type
    size = f"{len(part.parts)} parts" if part.parts else f"{len(part.body)} octets"
    yield f"{indent}part {kind.text} {size}{f' <{named}>' if named else ''}"
    if kind.family == "text" or kind.text.startswith("application/smil"):
        text = " ".join(part.text.split())
        yield f"{indent}  {text[:_PREVIEW]!r}{'...' if len(text) > _PREVIEW else ''}"
    for inner in part.parts:
        yield from _part(inner, indent + "  ")
