"""The plain values that move between dispatch and carriers."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec


class Kind(StrEnum):
    SMS = "sms"
    MMS = "mms"


class MediaPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a picture message; the bytes are read from the blobs when they are needed."""

    content_type: str
    size: int
    digest: str
    name: str | None = None


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a carrier is asked to take it.

    `smil` shows the media by their names. `key` is the same for every attempt: a carrier that
    knows duplicates knows them by it. The text that an MMS has become is no duplicate of it.
    """

    account_sid: str
    message_id: UUID
    attempt: int
    kind: Kind
    from_: str
    to: str
    body: str
    media: tuple[MediaPart, ...] = ()
    smil: bytes = b""
    expires_at: datetime | None = None
    possible_duplicate: bool = False
    converted: bool = False

    @property
    def key(self) -> str:
        as_it_is, converted = keys_of(self.message_id)
        return converted if self.converted else as_it_is


def keys_of(message_id: UUID) -> tuple[str, str]:
    """Of a message as it is, and of the text that it has become."""
    return message_id.hex, f"{message_id.hex}-text"


class Accepted(msgspec.Struct, frozen=True):
    """Taken over; `ids` are the carrier's names of the parts, in order."""

    ids: tuple[str, ...] = ()


class Rejected(msgspec.Struct, frozen=True):
    """Refused for good. `code` is ours (errors.md section 4), `detail` what the carrier said.

    `elsewhere` says that not the message is at fault: another carrier may take it.
    """

    code: int
    detail: str = ""
    elsewhere: bool = False


class Deferred(msgspec.Struct, frozen=True):
    """Not now: a throttle or a passing fault.

    Nothing was taken over; of a long text that is `partial` some parts were.
    """

    detail: str = ""
    throttled: bool = False
    after: float | None = None
    partial: bool = False


class Unknown(msgspec.Struct, frozen=True):
    """Sent, and the connection ended before the answer: perhaps taken over."""

    detail: str = ""


Outcome = Accepted | Rejected | Deferred | Unknown


class ReceiptState(StrEnum):
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    READ = "read"
    PENDING = "pending"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one part. `code` is ours, `done_date` the carrier's YYMMDDhhmm."""

    carrier: str
    carrier_id: str
    state: ReceiptState
    code: int | None = None
    detail: str = ""
    done_date: str | None = None


class InboundMedia(msgspec.Struct, frozen=True, kw_only=True):
    content_type: str
    content: bytes
    name: str | None = None


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """This inbound is part `index` (from 1) of `total` of one long text."""

    reference: int
    total: int
    index: int


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """A message from a phone. `key` names it at the carrier, so that a redelivery is known."""

    carrier: str
    key: str
    from_: str
    to: str
    body: str
    kind: Kind = Kind.SMS
    media: tuple[InboundMedia, ...] = ()
    fragment: Fragment | None = None


class Traffic(Protocol):
    """Where carriers hand in what arrives. They may say yes to the network once it returns."""

    async def receipt(self, receipt: Receipt) -> None: ...

    async def inbound(self, inbound: Inbound) -> None: ...
