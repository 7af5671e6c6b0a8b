"""What a message is: the row, the value and the representation."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from magpie import sids
from magpie.kit.record import Record
from magpie.links.model import Link

API_VERSION = "2010-04-01"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_REPLY = "outbound-reply"


CONVERTED = "Converted"
"""The option that tells of a link in the body: "sms" for all media, "mms" for some of them."""


class Message(Record, frozen=True):
    """`options` holds the create parameters that later steps ask for, by their wire names."""

    account_sid: str
    id: UUID
    mms: bool
    direction: str
    status: str
    from_: str | None = msgspec.field(name="from")
    to: str
    body: str
    num_segments: int
    num_media: int
    messaging_service_sid: str | None
    price: Decimal | None
    price_unit: str | None
    error_code: int | None
    error_message: str | None
    date_created: datetime
    date_updated: datetime
    date_sent: datetime | None
    expires_at: datetime | None
    status_callback: str | None
    options: dict[str, Any] | None

    @property
    def sid(self) -> str:
        return sids.new("MM" if self.mms else "SM", self.id)

    @property
    def converted(self) -> bool:
        """Whether its pictures go as a link in a text (media-and-mms.md section 5)."""
        return bool(self.options and self.options.get(CONVERTED) == "sms")

    @property
    def as_mms(self) -> bool:
        """How it travels; the sid keeps the letters with which it was accepted."""
        return self.mms and not self.converted

    @property
    def inbound(self) -> bool:
        return self.direction == Direction.INBOUND


class Feedback(Record, frozen=True, kw_only=True):
    account_sid: str
    message_id: UUID
    outcome: str
    date_created: datetime
    date_updated: datetime


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """Media become a link: the new body, and whether the rest still is an MMS."""

    body: str
    num_segments: int
    link: Link
    mms: bool = False


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a message's story: what happened, when, and what a person should know of it."""

    account_sid: str
    message_id: UUID
    at: datetime
    hop: str
    detail: dict[str, Any] | None = None
