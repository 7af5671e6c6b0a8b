"""Octets to PDU and back, by the forms that stand beside each field in `pdu`."""

import struct
from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from magpie.protocols.smpp import pdu as catalogue
from magpie.protocols.smpp.constants import HEADER_LENGTH, RESPONSE, Command
from magpie.protocols.smpp.errors import (
    DecodeError,
    EncodeError,
    FramingError,
    UnknownCommandError,
)
from magpie.protocols.smpp.fields import Field, FieldError
from magpie.protocols.smpp.pdu import GenericNack, Pdu
from magpie.protocols.smpp.status import Status
from magpie.protocols.smpp.tlv import read_tlvs, write_tlvs

_HEADER: Final = struct.Struct(">IIII")


def _subclasses(kind: type[Pdu]) -> Iterator[type[Pdu]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _layout(kind: type[Pdu]) -> tuple[tuple[str, Field], ...]:
    hints = get_type_hints(kind, vars(catalogue), include_extras=True)
    return tuple(
        (name, get_args(hints[name])[1])
        for name in kind.__struct_fields__
        if get_origin(hints[name]) is Annotated
    )


KINDS: Final[dict[int, type[Pdu]]] = {
    int(kind.command_id): kind for kind in _subclasses(Pdu) if hasattr(kind, "command_id")
}
_LAYOUTS: Final = {kind: _layout(kind) for kind in KINDS.values()}


def encode(pdu: Pdu, *, sequence: int | None = None) -> bytes:
    """Raise EncodeError for a value that does not fit. `sequence` overrules the PDU's own."""
    body = b"" if _is_bare(pdu) else _body(pdu)
    number = pdu.sequence if sequence is None else sequence
    try:
        head = _HEADER.pack(HEADER_LENGTH + len(body), pdu.command_id, pdu.status, number)
    except struct.error as error:
        raise EncodeError(f"{type(pdu).__name__}: status or sequence does not fit") from error
    return head + body


def _is_bare(pdu: Pdu) -> bool:
    """A failed response carries no body unless it has something to say in it."""
    return pdu.is_response and bool(pdu.status) and pdu == type(pdu)(pdu.sequence, pdu.status)


def _body(pdu: Pdu) -> bytes:
    parts = []
    name = ""
    try:
        for name, field in _LAYOUTS[type(pdu)]:
            parts.append(field.write(getattr(pdu, name)))
        name = "tlvs"
        parts.append(write_tlvs(pdu.tlvs))
    except (ValueError, OverflowError, struct.error) as error:
        raise EncodeError(f"{type(pdu).__name__}.{name} does not fit") from error
    parts.append(pdu.trailing)
    return b"".join(parts)


def decode(frame: bytes) -> Pdu:
    """Read one whole frame; raise DecodeError and nothing else, or FramingError if it is none.

    Responses are read as far as they go: a failed one may lack its body, and a successful one
    that is cut short still says that the request succeeded.
    """
    if len(frame) < HEADER_LENGTH:
        raise FramingError(f"{len(frame)} octets are no PDU")
    length, command_id, status, sequence = _HEADER.unpack_from(frame)
    if length != len(frame):
        raise FramingError(f"command_length {length} in a frame of {len(frame)}")
    kind = KINDS.get(command_id)
    if kind is None:
        raise UnknownCommandError(Status.RINVCMDID, command_id, sequence)
    return _read(kind, frame, status, sequence)


def _read(kind: type[Pdu], frame: bytes, status: int, sequence: int) -> Pdu:
    values: list[Any] = []
    at = HEADER_LENGTH
    for name, field in _LAYOUTS[kind]:
        try:
            value, at = field.read(frame, at)
        except (IndexError, ValueError) as error:
            if kind.command_id & RESPONSE:
                return kind(sequence, status, (), frame[at:], *values)
            fault = error.status if isinstance(error, FieldError) else field.status
            names = (one for one, _ in _LAYOUTS[kind])
            read = dict(zip(names, values, strict=False))
            raise DecodeError(fault, kind.command_id, sequence, name, read) from error
        values.append(value)
    if at >= len(frame):
        return kind(sequence, status, (), b"", *values)
    tlvs, trailing = read_tlvs(frame, at)
    return kind(sequence, status, tlvs, trailing, *values)


def has_response(command_id: int) -> bool:
    return command_id | RESPONSE in KINDS and command_id != Command.GENERIC_NACK


def reply(request: Pdu, status: int = Status.ROK, **fields: Any) -> Pdu:
    """The response to `request`, with its sequence number."""
    return refusal(request.command_id, request.sequence, status, **fields)


def refusal(command_id: int, sequence: int, status: int, **fields: Any) -> Pdu:
    """The response to a request of which only the header is known, or generic_nack."""
    kind = KINDS.get(command_id | RESPONSE, GenericNack)
    return kind(sequence=sequence, status=status, **fields)
