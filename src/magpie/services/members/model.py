from datetime import datetime
from enum import StrEnum
from uuid import UUID

from magpie.kit.record import Record


class Prefix(StrEnum):
    """What the sid of a member begins with."""

    NUMBER = "PN"
    SHORT_CODE = "SC"
    NAME = "AI"


class Member(Record, frozen=True):
    """A sender in the pool of a service; `id` is that of its stay there.

    `kind` is that of the sender, `country` (ISO 3166 alpha-2) where it is from. A name, which has
    neither, is of the kind `alphanumeric`.
    """

    account_sid: str
    sid: str
    service_sid: str
    id: UUID
    address: str
    kind: str
    country: str | None
    sms: bool
    mms: bool
    voice: bool
    date_created: datetime
    date_updated: datetime


NAME_KIND = "alphanumeric"
