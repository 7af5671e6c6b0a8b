"""A raw request in the forms in which people read it. Pure."""

from email.message import Message as Multipart
from email.parser import BytesParser
from typing import Final
from urllib.parse import parse_qsl

from magpie.messages.raw.model import RawRequest

_FORM: Final = "application/x-www-form-urlencoded"

Pairs = list[tuple[str, str]]


def text(request: RawRequest) -> str:
    """As it stood on the wire, but for secrets and files."""
    head = [f"{request.method} {request.target}", *(f"{k}: {v}" for k, v in request.headers)]
    return "\n".join([*head, "", body(request)])


def body(request: RawRequest) -> str:
    return request.body.decode(errors="replace").replace("\r\n", "\n")


def parameters(request: RawRequest) -> Pairs:
    """Names and values in the order given; those that we do not know are among them."""
    kind = next((v for k, v in request.headers if k.lower() == "content-type"), _FORM)
    if kind.lower().startswith("multipart/"):
        return _parts(kind, request.body)
    return parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True)


def _parts(kind: str, body: bytes) -> Pairs:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    whole = BytesParser().parsebytes(head + body)
    return [_part(part) for part in whole.walk() if not part.is_multipart()]


def _part(part: Multipart) -> tuple[str, str]:
    name = part.get_param("name", "", "content-disposition")
    content = part.get_payload(decode=True)
    value = content.decode(errors="replace") if isinstance(content, bytes) else ""
    file = part.get_filename()
    return str(name), f"{file} {value}" if file else value
