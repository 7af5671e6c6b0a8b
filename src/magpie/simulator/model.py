from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from magpie.carriers.traffic import Receipt
from magpie.kit.record import Record

ON, AIRPLANE = "on", "airplane"


class Handset(Record, frozen=True):
    """`state` is "on" or "airplane": nothing reaches it then."""

    number: str
    carrier: str
    date_created: datetime
    state: str = ON


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that a carrier still has to send, with what SMPP repeats in it."""

    receipt: Receipt
    from_: str
    to: str
    body: str
    submitted_at: datetime


class HandsetMessage(Record, frozen=True):
    """What a phone got or sent. `key` is what the carrier calls it: the same key is the same."""

    number: str
    id: UUID
    direction: str
    from_: str = msgspec.field(name="from")
    to: str
    body: str
    type: str
    parts: list[dict[str, Any]]
    key: str
    at: datetime


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit writes: messages on a phone, and the receipts that are owed for them."""

    messages: tuple[HandsetMessage, ...] = ()
    owed: tuple[tuple[Owed, float], ...] = ()


# On the phones from the start; the first is the recipient of every tutorial.
FIRST_HANDSETS = (
    ("+15558675310", "simulator"),
    ("+15558675311", "no-mms"),
    ("+15558675312", "small-mms"),
    ("+15558675313", "mid-mms"),
)
