"""Notifications by WAP push over SMS (WAP-235, WAP-259; ports of IANA: 2948 wap-push).

A push is a transaction number, the type 0x06, its headers and a body: the message. Over SMS it is
8-bit data behind a header that names the ports, in several parts if it is longer than one.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from magpie.protocols.gsm import Concat, Ports, UserDataHeader
from magpie.protocols.mm1 import content_type as types
from magpie.protocols.mm1 import wsp
from magpie.protocols.mm1.errors import DecodeError
from magpie.protocols.mm1.wsp import Reader

PORT: Final = 2948
_SOURCE: Final = 9200
_PUSH: Final = 0x06
MMS: Final = "application/vnd.wap.mms-message"
_APPLICATION: Final = b"\xaf\x84"  # X-Wap-Application-Id: x-wap-application:mms.ua
# Octets of one short message (3GPP TS 23.040 clause 9.2.3.16).
_WHOLE: Final = 140


class Push(msgspec.Struct, frozen=True):
    transaction: int
    content_type: str
    body: bytes


def wrap(body: bytes, transaction: int) -> bytes:
    headers = types.write_media(MMS) + _APPLICATION
    return bytes((transaction & 0xFF, _PUSH)) + wsp.uintvar(len(headers)) + headers + body


def unwrap(data: bytes) -> Push:
    """Raises DecodeError for what is no push."""
    reader = Reader(data)
    transaction, kind = reader.octet(), reader.octet()
    if kind != _PUSH:
        raise DecodeError(f"0x{kind:02X} is no push", 1)
    headers = reader.within(reader.uintvar())
    media = types.read(headers).media if headers.left else ""
    return Push(transaction, media, reader.take(reader.left))


def split(push: bytes, reference: int) -> list[bytes]:
    """The user data of one short message or more, each with its header."""
    ports = Ports(PORT, _SOURCE).element()
    alone = UserDataHeader((ports,)).encode()
    if len(alone) + len(push) <= _WHOLE:
        return [alone + push]
    room = _WHOLE - len(UserDataHeader((Concat(0, 1, 1).element(), ports)).encode())
    pieces = [push[at : at + room] for at in range(0, len(push), room)]
    return [
        UserDataHeader((Concat(reference, len(pieces), index).element(), ports)).encode() + piece
        for index, piece in enumerate(pieces, 1)
    ]


def join(parts: Iterable[bytes]) -> bytes | None:
    """The push of all its parts, in whatever order they came; None while one is missing."""
    found: dict[int, bytes] = {}
    total = 1
    for part in parts:
        header, data = UserDataHeader.split(part)
        concat = header.concat
        total = concat.total if concat else 1
        found[concat.index if concat else 1] = data
    if len(found) < total:
        return None
    return b"".join(found[index] for index in sorted(found))


def is_push(header: UserDataHeader) -> bool:
    return header.ports is not None and header.ports.destination == PORT


def notification(parts: Sequence[bytes]) -> bytes | None:
    """The MMS message that parts carry; None while one is missing. Raises DecodeError."""
    data = join(parts)
    if data is None:
        return None
    push = unwrap(data)
    if push.content_type != MMS:
        raise DecodeError(f"a push of {push.content_type}, not of an MMS message", 0)
    return push.body
