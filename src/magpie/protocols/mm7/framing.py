"""The body and headers of one HTTP exchange, in both directions."""

from typing import Final, NamedTuple

import msgspec

from magpie.protocols import mime
from magpie.protocols.mime import Limits, Part
from magpie.protocols.mm7.content import content_of, href_of, root_among
from magpie.protocols.mm7.dialect import Dialect
from magpie.protocols.mm7.envelope import read_envelope, write_envelope
from magpie.protocols.mm7.errors import ReadError, WriteError
from magpie.protocols.mm7.operations import DeliverReq, Operation, ReplaceReq, Request, SubmitReq
from magpie.protocols.mm7.status import StatusCode
from magpie.protocols.mm7.values import Content

CONTENT_TYPE: Final = 'text/xml; charset="utf-8"'
_ROOT: Final = "<envelope>"
_RELATED: Final = f'multipart/related; type="text/xml"; start="{_ROOT}"'
_LIMITS: Final = Limits()


class Message(msgspec.Struct, frozen=True, kw_only=True):
    transaction_id: str
    operation: Operation
    content: Part | None = None
    version: str = ""
    namespace: str = ""


class Framed(NamedTuple):
    """Joined, `chunks` are the body; the octets of the content are in them as they were given."""

    headers: tuple[tuple[str, str], ...]
    chunks: list[bytes]


def read_message(
    content_type: str, body: bytes, *, limits: Limits = _LIMITS, namespace: str | None = None
) -> Message:
    """A request, a response or a fault. Raise ReadError and nothing else."""
    envelope, others = _split(content_type, body, limits)
    read = read_envelope(envelope.body, envelope.content_type["charset"], namespace=namespace)
    contents: tuple[Content, ...] = getattr(read.operation, "content", ())
    return Message(
        transaction_id=read.transaction_id,
        operation=read.operation,
        content=content_of(contents, others),
        version=read.version,
        namespace=read.namespace,
    )


def _split(content_type: str, body: bytes, limits: Limits) -> tuple[Part, list[Part]]:
    """The part with the envelope, and those beside it."""
    if body.lstrip()[:2] == b"--" and not content_type.lower().startswith("multipart/"):
        content_type = "multipart/related"
    try:
        whole = mime.read(content_type, body, limits)
    except mime.ReadError as error:
        raise ReadError(StatusCode.FORMAT_CORRUPT, str(error)) from error
    if not whole.parts:
        return whole, []
    parts = list(whole.parts)
    root = parts.pop(root_among(parts, whole.content_type["start"]))
    return root, parts


def write_message(
    operation: Operation,
    transaction_id: str,
    dialect: Dialect,
    content: Part | None = None,
    boundary: str = "",
) -> Framed:
    """`content` has a Content-ID, and may be a multipart whose octets were made before.

    Its boundary is made of `boundary`, or of the transaction's id. Raise WriteError for what
    neither XML nor a header can carry.
    """
    action = (("SOAPAction", dialect.soap_action),) if isinstance(operation, Request) else ()
    if content is None:
        envelope = write_envelope(operation, transaction_id, dialect)
        return Framed((("Content-Type", CONTENT_TYPE), *action), [envelope])
    if isinstance(operation, SubmitReq | DeliverReq | ReplaceReq) and not operation.content:
        operation = msgspec.structs.replace(operation, content=(Content(href_of(content)),))
    envelope = write_envelope(operation, transaction_id, dialect)
    root = Part((("Content-Type", CONTENT_TYPE), ("Content-ID", _ROOT)), envelope)
    whole = Part((("Content-Type", _RELATED),), b"", (root, content))
    try:
        written = mime.write(whole, boundary or transaction_id)
    except mime.WriteError as error:
        raise WriteError(str(error)) from error
    return Framed((("Content-Type", written.content_type), *action), written.chunks)
