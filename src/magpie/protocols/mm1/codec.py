"""From octets to messages and back (OMA-TS-MMS_ENC clause 7)."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from msgspec import structs

from magpie.protocols.mm1 import content_type as types
from magpie.protocols.mm1 import multipart, wsp
from magpie.protocols.mm1.content_type import ContentType
from magpie.protocols.mm1.errors import DecodeError, EncodeError
from magpie.protocols.mm1.fields import BY_NAME, BY_NUMBER, CONTENT_TYPE, MESSAGE_TYPE, Field
from magpie.protocols.mm1.pdu import KINDS, Content, Pdu, Unread, is_there
from magpie.protocols.mm1.tables import MessageType
from magpie.protocols.mm1.wsp import Reader

_FIRST: Final = ("transaction_id", "version")
# There even without an address: "insert who sends" is a value, too.
_INSERTS: Final = frozenset((MessageType.SEND_REQ, MessageType.FORWARD_REQ))
_MOST_FIELDS: Final = 1_000


class Read(NamedTuple):
    """A field as it stands in the octets from `start` to `end`; of one unknown `field` is None."""

    number: int
    field: Field | None
    value: Any
    start: int
    end: int


def decode(data: bytes) -> Pdu:
    """Raises DecodeError, and nothing else, whatever the octets."""
    reader = Reader(data)
    found = list(read_fields(reader))
    message_type = next((one.value for one in found if one.number == MESSAGE_TYPE), None)
    if message_type is None:
        raise DecodeError("there is no message type", 0)
    kind = KINDS.get(message_type)
    if kind is None:
        return _unread(message_type, found, reader)
    pdu = _made(kind, found, reader)
    missing = [name for name in kind.needed if not is_there(getattr(pdu, name))]
    if missing:
        raise DecodeError(f"{kind.type.name} has no {', '.join(missing)}", reader.at)
    return pdu


def read_fields(reader: Reader) -> Iterator[Read]:
    """Up to the content type, which is the last: the body follows."""
    for _ in range(_MOST_FIELDS):
        if not reader.left:
            return
        start = reader.at
        token = reader.peek()
        if token < wsp.SHORT:
            # An application header: its name and its value are texts.
            reader.text_octets()
            reader.text_octets()
            continue
        reader.octet()
        if token == CONTENT_TYPE:
            yield Read(token, None, types.read(reader), start, reader.at)
            return
        yield _field(token, start, reader)
    raise DecodeError(f"more than {_MOST_FIELDS} fields", reader.at)


def _field(token: int, start: int, reader: Reader) -> Read:
    if token == MESSAGE_TYPE:
        return Read(token, None, reader.octet(), start, reader.at)
    field = BY_NUMBER.get(token)
    if field is None:
        reader.skip_value()
        return Read(token, None, None, start, reader.at)
    value = field.kind.read(reader)
    return Read(token, field, value, start, reader.at)


def _made(kind: type[Pdu], found: list[Read], reader: Reader) -> Pdu:
    names = _names(kind)
    given: dict[str, Any] = {}
    others: list[tuple[int, bytes]] = []
    for one in found:
        if one.number in {MESSAGE_TYPE, CONTENT_TYPE}:
            continue
        if one.field is None or one.field.name not in names:
            others.append((one.number, reader.data[one.start + 1 : one.end]))
        elif one.field.many:
            given[one.field.name] = (*given.get(one.field.name, ()), one.value)
        else:
            given.setdefault(one.field.name, one.value)
    content_type = next((one.value for one in found if one.number == CONTENT_TYPE), None)
    if content_type is not None and "content" in names:
        given["content"] = Content(content_type, multipart.read(reader, content_type))
    if others:
        given["others"] = tuple(others)
    try:
        return kind(**given)
    except TypeError as error:  # a field that has to be there is not
        raise DecodeError(f"{kind.type.name}: {error}", reader.at) from None


def _unread(message_type: int, found: list[Read], reader: Reader) -> Unread:
    common = {one.field.name: one.value for one in found if one.field and one.field.name in _FIRST}
    content_type: ContentType | None = next(
        (one.value for one in found if one.number == CONTENT_TYPE), None
    )
    others = tuple(
        (one.number, reader.data[one.start + 1 : one.end])
        for one in found
        if one.number not in {MESSAGE_TYPE, CONTENT_TYPE}
        and not (one.field and one.field.name in _FIRST)
    )
    return Unread(
        message_type=message_type,
        content_type=content_type,
        body=reader.take(reader.left),
        others=others,
        **common,
    )


def encode(pdu: Pdu) -> bytes:
    """Raises EncodeError for what no field can hold."""
    unread = isinstance(pdu, Unread)
    message_type = pdu.message_type if isinstance(pdu, Unread) else pdu.type
    octets = [bytes((MESSAGE_TYPE, message_type))]
    octets += [_written(BY_NAME[name], getattr(pdu, name)) for name in _FIRST]
    rest = [name for name in _names(type(pdu)) if name in BY_NAME and name not in _FIRST]
    inserts = not unread and pdu.type in _INSERTS
    for name in rest:
        value = getattr(pdu, name)
        if name == "from_" and value is None and inserts:
            octets.append(_written(BY_NAME[name], None, there=True))
        else:
            octets.append(_written(BY_NAME[name], value))
    octets += [bytes((number,)) + raw for number, raw in pdu.others]
    octets += _body(pdu)
    return b"".join(octets)


def _written(field: Field, value: Any, *, there: bool = False) -> bytes:
    if not there and not is_there(value):
        return b""
    number = bytes((field.number,))
    try:
        if field.many:
            return b"".join(number + field.kind.write(one) for one in value)
        return number + field.kind.write(value)
    except (ValueError, OverflowError, TypeError) as error:
        raise EncodeError(f"{field.title}: {error}") from error


def _body(pdu: Pdu) -> list[bytes]:
    number = bytes((CONTENT_TYPE,))
    if isinstance(pdu, Unread):
        if pdu.content_type is None:
            return [pdu.body]
        return [number, types.write(pdu.content_type), pdu.body]
    content: Content | None = getattr(pdu, "content", None)
    if content is None:
        return []
    body = multipart.write(content.content_type, content.parts)
    return [number, types.write(content.content_type), body]


@cache
def _names(kind: type[Pdu]) -> tuple[str, ...]:
    return tuple(field.name for field in structs.fields(kind))
