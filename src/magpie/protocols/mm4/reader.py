"""A mail of another centre, in whatever form it comes."""

import re
from typing import Any, Final

from magpie.protocols import mime
from magpie.protocols.mime import Headers, Part
from magpie.protocols.mime.headers import read_headers
from magpie.protocols.mm4.errors import ReadError
from magpie.protocols.mm4.fields import FIELDS, TYPE, Named, TooMany, by_name
from magpie.protocols.mm4.status import RequestStatus
from magpie.protocols.mm4.values import ANSWERS, MESSAGES, VERSION, Asked, ForwardReq, Message

_LIMITS: Final = mime.Limits(header_bytes=128 * 1024)
_KINDS: Final = {kind.type_.lower(): kind for kind in MESSAGES}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CONTENT: Final = re.compile(r"content-(?!length\Z)[a-z-]+", re.IGNORECASE)
_WAP: Final = re.compile(r"application/vnd\.wap\.multipart\.", re.IGNORECASE)
_LONGEST_ID: Final = 512


def read(mail: bytes) -> Message:
    """Raise ReadError and nothing else."""
    try:
        headers, body = read_headers(mail, 0, len(mail), _LIMITS.header_bytes)
    except mime.ReadError as error:
        raise ReadError(RequestStatus.FORMAT_CORRUPT, str(error)) from error
    headers = tuple(pair for pair in headers if _understood(pair[0]))
    named = by_name(headers)
    kind = _KINDS.get(_type_of(named))
    if kind is None:
        raise ReadError(RequestStatus.UNSUPPORTED, "this is no message of MM4")
    asked = _asked(kind, named)
    if odd := next((name for name, value in headers if _CONTROL.search(value)), ""):
        raise ReadError(RequestStatus.FORMAT_CORRUPT, f"control characters in {odd}", asked)
    try:
        return _message(kind, named, headers, mail[body:])
    except (TooMany, mime.ReadError) as error:
        raise ReadError(RequestStatus.FORMAT_CORRUPT, str(error), asked) from error
    except _Missing as error:
        text = f"there is no {error}"
        raise ReadError(RequestStatus.FORMAT_CORRUPT, text, asked) from error


class _Missing(Exception):  # noqa: N818 - read() makes an error of it
    pass


def _message(kind: type[Message], named: Named, headers: Headers, body: bytes) -> Message:
    found: dict[str, Any] = {}
    for name in kind.__struct_fields__:
        field = FIELDS.get(name)
        if field and (values := field.values(named)):
            found[name] = field.form.read(values)
    if kind is ForwardReq:
        found["content"] = _content(headers, body)
    for name in kind.needed:
        if not found.get(name):
            raise _Missing(FIELDS[name].name)
    if not all(_fits(found.get(name, "")) for name in ("transaction_id", "message_id")):
        raise _Missing("id that is short enough")
    return kind(**found)


def _fits(text: str) -> bool:
    """As an answer would repeat it."""
    return len(mime.encode_words(text)) <= _LONGEST_ID


def _content(headers: Headers, body: bytes) -> Part:
    """The multiparts of WAP are those of mail under another name."""
    kept = (pair for pair in headers if _CONTENT.fullmatch(pair[0]))
    plain = tuple((name, _WAP.sub("multipart/", value, count=1)) for name, value in kept)
    return mime.read_entity(plain, body, _LIMITS)


def _understood(name: str) -> bool:
    low = name.lower()
    return low in _NAMES or low.startswith("content-")


_NAMES: Final = frozenset(
    name.lower() for field in (TYPE, *FIELDS.values()) for name in (field.name, *field.others)
)


def _type_of(named: Named) -> str:
    values = TYPE.values(named)
    return values[0].strip().strip('"').lower() if values else ""


def _asked(kind: type[Message], named: Named) -> Asked | None:
    """None for what is no request, or has no id that an answer could repeat."""
    if kind.type_ not in ANSWERS:
        return None
    found: dict[str, Any] = {}
    for name in (*Message.mandatory, "version", "ack_request", "originator_system", "sender"):
        values = FIELDS[name].values(named)
        if values and not _CONTROL.search(values[0]) and _fits(values[0]):
            found[name] = FIELDS[name].form.read(values)
    if not found.get("transaction_id"):
        return None
    return Asked(
        type_=kind.type_,
        transaction_id=found["transaction_id"],
        message_id=found.get("message_id", ""),
        version=found.get("version", VERSION),
        ack=bool(found.get("ack_request")),
        originator_system=found.get("originator_system"),
        sender=found.get("sender"),
    )
