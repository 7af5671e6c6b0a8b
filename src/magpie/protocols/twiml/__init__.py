"""Messaging TwiML, from a webhook's answer to what is to be done.

Twilio's documentation, "TwiML for Programmable Messaging", with the codes of its error
dictionary. A document that cannot be read raises; what is wrong within one is a warning, and the
rest of the document counts.
"""

from magpie.protocols.twiml.document import decoded, root_of
from magpie.protocols.twiml.model import (
    CONTENT_TYPE,
    DOCUMENT_TOO_LARGE,
    Document,
    Redirect,
    SendReply,
    TwimlError,
    TwimlWarning,
)
from magpie.protocols.twiml.verbs import MOST_REPLIES, MOST_WARNINGS, Reader, Warnings, checked

__all__ = [
    "MOST_BYTES",
    "MOST_REPLIES",
    "MOST_WARNINGS",
    "Document",
    "Redirect",
    "SendReply",
    "TwimlError",
    "TwimlWarning",
    "parse",
]

MOST_BYTES = 64 * 1024
_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


def parse(answer: bytes, content_type: str | None, url: str) -> Document:
    """`url` is that of the document, against which those within are resolved."""
    if len(answer) > MOST_BYTES:
        raise TwimlError(DOCUMENT_TOO_LARGE, f"{len(answer)} bytes, {MOST_BYTES} are allowed")
    if not answer.strip():
        return Document()
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return _plain(decoded(answer, content_type or ""))
    if kind not in _XML_TYPES:
        raise TwimlError(CONTENT_TYPE, f"content type {kind[:80] or 'missing'}")
    return Reader(url).read(root_of(answer, content_type or ""))


def _plain(text: str) -> Document:
    warnings = Warnings()
    reply = checked(SendReply(text.strip()), warnings)
    return Document((reply,), warnings.found)
