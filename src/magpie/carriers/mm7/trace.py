"""How requests and answers of MM7 are shown to an operator."""

import re
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import unescape

from magpie.carriers.trace import Shown, Trace, digits_hidden
from magpie.protocols.mm7 import Operation, Status

_KEPT: Final = 8192
_ENVELOPE: Final = re.compile(
    rb"<(?:[\w-]+:)?Envelope\b.*?(?:</(?:[\w-]+:)?Envelope\s*>|\Z)", re.DOTALL
)
_MESSAGE: Final = re.compile(rb"<(?:[\w-]+:)?MessageID\b[^>]*>([^<]*)")
_PEOPLE: Final = re.compile(
    rb"(<(?:[\w-]+:)?(Number|ShortCode|RFC2822Address|Subject)\b[^>]*>)([^<]*)"
)


class Said(NamedTuple):
    """`octets` is the beginning of a body: the envelope stands there."""

    what: str
    transaction: str
    status: str
    octets: bytes
    length: int


def said(operation: Operation, transaction_id: str, body: bytes) -> Said:
    status = getattr(operation, "status", None)
    told = f"{status.code} {status.text}".rstrip() if isinstance(status, Status) else ""
    return Said(operation.name, transaction_id, told, body[:_KEPT], len(body))


def trace() -> Trace[Said]:
    return Trace(read)


def read(raw: Said, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    """What the envelope says; of the content behind it only that it is there."""
    found = _ENVELOPE.search(raw.octets)
    envelope = found[0] if found else b""
    fields: dict[str, Any] = {"octets": raw.length}
    return Shown(
        what=raw.what,
        status=raw.status,
        sequence=raw.transaction,
        fields=fields,
        octets=envelope if personal else _PEOPLE.sub(_hidden, envelope),
        names=(raw.transaction, *(_text(id_) for id_ in _MESSAGE.findall(envelope))),
    )


def _text(octets: bytes) -> str:
    return unescape(octets.decode("utf-8", "replace")).strip()


def _hidden(found: re.Match[bytes]) -> bytes:
    if found[2] == b"Subject":
        return found[1] + b"*" * len(found[3])
    return found[1] + digits_hidden(found[3].decode("utf-8", "replace")).encode()
