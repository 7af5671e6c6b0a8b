"""The request by which a message came, as it came: for who wonders what a program really sent."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

import msgspec

Door = Literal["api", "console", "smpp"]

MOST: Final = 64 * 1024
"""Bytes of a body that are kept."""


class RawRequest(msgspec.Struct, frozen=True, array_like=True):
    """Secrets are masked before it is kept. As it is stored fields are only ever added at its end.

    `by` is the SID of the account or the key whose credentials it had, the console's user or the
    system_id. `target` is the path with its query. `body` has no files; there were `size` bytes.
    Of SMPP it holds the PDUs, one after the other, and there are no headers.
    """

    door: Door
    by: str
    address: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    size: int


class Row(NamedTuple):
    account_sid: str
    message_id: UUID
    request: bytes


_decode = msgspec.msgpack.Decoder(RawRequest).decode
_encode = msgspec.msgpack.Encoder().encode


def row(account_sid: str, message_id: UUID, request: RawRequest) -> Row:
    return Row(account_sid, message_id, _encode(request))


def read(stored: bytes) -> RawRequest:
    return _decode(stored)
