"""How mails between centres are shown to an operator: their headers, and nobody in them."""

import re
from typing import Final, NamedTuple

from magpie.carriers.trace import Shown, Trace, digits_hidden

_KEPT: Final = 8192
_END: Final = b"\r\n\r\n"
_FIELD: Final = re.compile(rb"^([\w!-]+):[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.MULTILINE)
_NUMBER: Final = re.compile(rb"\d{5,}")
_PEOPLE: Final = frozenset({b"from", b"to", b"cc", b"x-mms-reply-charging-id"})


class Said(NamedTuple):
    """`octets` is the beginning of a mail, or a reply; `recipient` is of the envelope."""

    octets: bytes
    length: int
    recipient: str = ""


def mail(octets: bytes, recipient: str) -> Said:
    return Said(octets[:_KEPT].partition(_END)[0], len(octets), recipient)


def trace() -> Trace[Said]:
    return Trace(read)


def read(raw: Said, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    """A reply has no envelope; its text is its status."""
    if not raw.recipient:
        return Shown(what="reply", status=raw.octets.decode("utf-8", "replace"))
    fields = {found[1].lower(): found[2] for found in _FIELD.finditer(raw.octets)}
    recipient = raw.recipient if personal else _masked(raw.recipient.encode()).decode()
    return Shown(
        what=_text(fields, b"x-mms-message-type") or "mail",
        status=_text(fields, b"x-mms-request-status-code"),
        sequence=_text(fields, b"x-mms-transaction-id").strip('"'),
        fields={"octets": raw.length, "recipient": recipient},
        octets=raw.octets if personal else _FIELD.sub(_hidden, raw.octets),
    )


def _text(fields: dict[bytes, bytes], name: bytes) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _hidden(found: re.Match[bytes]) -> bytes:
    name = found[1].lower()
    if name == b"subject":
        return found[1] + b": " + b"*" * len(found[2])
    return found[1] + b": " + _masked(found[2]) if name in _PEOPLE else found[0]


def _masked(text: bytes) -> bytes:
    return _NUMBER.sub(lambda one: digits_hidden(one[0].decode()).encode(), text)
