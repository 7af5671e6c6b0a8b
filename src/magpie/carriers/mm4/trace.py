"""How mails between centres are shown to an operator: their headers, and nobody in them."""

import re
from typing import Final, NamedTuple

from magpie.carriers.trace import Shown, Trace, digits_hidden
from magpie.protocols.mm4 import bare_id

_KEPT: Final = 8192
_END: Final = b"\r\n\r\n"
_FIELD: Final = re.compile(rb"^([\w!-]+):[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.MULTILINE)
_NUMBER: Final = re.compile(rb"\d{5,}")
_PEOPLE: Final = frozenset({b"from", b"to", b"cc", b"x-mms-reply-charging-id"})


class Said(NamedTuple):
    """`octets` is the beginning of a mail, or a reply; `recipient` is of the envelope.

    What a reply answers is the `mail`.
    """

    octets: bytes
    length: int
    recipient: str = ""
    mail: bytes = b""


def mail(octets: bytes, recipient: str) -> Said:
    return Said(octets[:_KEPT].partition(_END)[0], len(octets), recipient)


def reply(text: str, to: Said) -> Said:
    octets = text.encode()
    return Said(octets, len(octets), mail=to.octets)


def trace() -> Trace[Said]:
    return Trace(read)


def read(raw: Said, personal: bool) -> Shown:  # noqa: FBT001 - as every Reader
    """A reply has no envelope; its text is its status."""
    if not raw.recipient:
        status = raw.octets.decode("utf-8", "replace")
        return Shown(what="reply", status=status, names=_names(_fields(raw.mail)))
    fields = _fields(raw.octets)
    names = _names(fields)
    recipient = raw.recipient if personal else _masked(raw.recipient.encode()).decode()
    return Shown(
        what=_text(fields, b"x-mms-message-type") or "mail",
        status=_text(fields, b"x-mms-request-status-code"),
        sequence=names[0],
        fields={"octets": raw.length, "recipient": recipient},
        octets=raw.octets if personal else _FIELD.sub(_hidden, raw.octets),
        names=names,
    )


def _fields(octets: bytes) -> dict[bytes, bytes]:
    return {found[1].lower(): found[2] for found in _FIELD.finditer(octets)}


def _names(fields: dict[bytes, bytes]) -> tuple[str, str]:
    """Of the transaction and of the message."""
    transaction = bare_id(_text(fields, b"x-mms-transaction-id"))
    return transaction, bare_id(_text(fields, b"x-mms-message-id"))


def _text(fields: dict[bytes, bytes], name: bytes) -> str:
    return fields.get(name, b"").decode("utf-8", "replace").strip()


def _hidden(found: re.Match[bytes]) -> bytes:
    name = found[1].lower()
    if name == b"subject":
        return found[1] + b": " + b"*" * len(found[2])
    return found[1] + b": " + _masked(found[2]) if name in _PEOPLE else found[0]


def _masked(text: bytes) -> bytes:
    return _NUMBER.sub(lambda one: digits_hidden(one[0].decode()).encode(), text)
