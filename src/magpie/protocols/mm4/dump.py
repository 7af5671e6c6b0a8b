"""A message for people to read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from magpie.protocols.mime import Part
from magpie.protocols.mm4.times import write_moment
from magpie.protocols.mm4.values import Address, Message

_PREVIEW: Final = 60


def dump(message: Message) -> str:
    """Several lines, without an end of line after the last."""
    return "\n".join(_lines(message))


def _lines(message: Message) -> Iterator[str]:
    yield f"{message.type_} {message.version}".rstrip()
    for name in message.__struct_fields__:
        if name != "version":
            yield from _field(name.rstrip("_").replace("_", " "), getattr(message, name))


def _field(label: str, value: Any) -> Iterator[str]:
    if value is None or value in ("", ()):
        return
    if isinstance(value, tuple):
        for one in value:
            yield from _field(label, one)
    elif isinstance(value, Part):
        yield from _part(value, "  ")
    elif isinstance(value, Address):
        at = f" at {value.domain}" if value.domain else ""
        yield f"  {label}: {value.value} [{value.kind}]{at}"
    elif isinstance(value, bool):
        yield f"  {label}: {'yes' if value else 'no'}"
    else:
        moment = isinstance(value, datetime | timedelta)
        yield f"  {label}: {write_moment(value) if moment else value}"


def _part(part: Part, indent: str) -> Iterator[str]:
    kind = part.content_type
    named = part.content_id or part.location or part.filename
    size = f"{len(part.parts)} parts" if part.parts else f"{len(part.body)} octets"
    yield f"{indent}part {kind.text} {size}{f' <{named}>' if named else ''}"
    if kind.family == "text" or kind.text.startswith("application/smil"):
        text = " ".join(part.text.split())
        yield f"{indent}  {text[:_PREVIEW]!r}{'...' if len(text) > _PREVIEW else ''}"
    for inner in part.parts:
        yield from _part(inner, indent + "  ")
