"""What operations are made of (3GPP TS 23.140, annex L: the schema of MM7)."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from magpie.protocols.mm7.status import status_text

Moment = datetime | timedelta
"""xs:dateTime, or xs:duration from when the message was sent."""


class AddressKind(StrEnum):
    NUMBER = "Number"
    EMAIL = "RFC2822Address"
    SHORT_CODE = "ShortCode"


class Address(msgspec.Struct, frozen=True):
    """`display_only`: shown to the others and not delivered to."""

    value: str
    kind: AddressKind = AddressKind.NUMBER
    display_only: bool = False
    coding: str = ""
    id: str = ""


class Recipients(msgspec.Struct, frozen=True):
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()

    @property
    def everybody(self) -> tuple[Address, ...]:
        """Those to deliver to."""
        return tuple(one for one in self.to + self.cc + self.bcc if not one.display_only)


class Identification(msgspec.Struct, frozen=True):
    """Who submits: the provider, its service, and the address that handsets see."""

    vasp_id: str = ""
    vas_id: str = ""
    address: Address | None = None


class Content(msgspec.Struct, frozen=True):
    """Where the content is: `href` is `cid:` and the Content-ID of a part."""

    href: str = ""
    adaptations: bool = True
    kind: str = ""


class ReplyCharging(msgspec.Struct, frozen=True):
    size: int | None = None
    deadline: Moment | None = None


class Capabilities(msgspec.Struct, frozen=True):
    """`profile` is the address of a UAProf, or in the field the name of a model."""

    profile: str = ""
    time_stamp: datetime | None = None


class Status(msgspec.Struct, frozen=True):
    """`code` 0 is one that was no number; `details` is the text of whatever XML it was."""

    code: int
    text: str = ""
    details: str = ""

    @classmethod
    def of(cls, code: int, details: str = "") -> "Status":
        return cls(int(code), status_text(code), details)


class Tree(msgspec.Struct, frozen=True):
    """An element that we carry without looking into it."""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Tree", ...] = ()
