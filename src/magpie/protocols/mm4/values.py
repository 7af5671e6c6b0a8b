"""The messages of MM4 (3GPP TS 23.140 clauses 8.4.1 to 8.4.3), both roles."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from magpie.protocols.mime import Part

VERSION = "6.3.0"
Moment = datetime | timedelta
"""A date, or seconds from when the message was sent."""


class AddressKind(StrEnum):
    NUMBER = "number"
    SHORT_CODE = "short code"
    EMAIL = "e-mail"
    IPV4 = "IPv4"
    IPV6 = "IPv6"


class Address(msgspec.Struct, frozen=True):
    """`domain` is the centre's; that of an e-mail address is a part of its value."""

    value: str
    kind: AddressKind = AddressKind.NUMBER
    domain: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Ids are kept as they were written, quotes and all: see `bare_id`.

    `mail_id` is the Message-ID of the mail itself, without its brackets. Of `mandatory` what no
    message can be read without is in `needed`, too.
    """

    type_: ClassVar[str] = ""
    mandatory: ClassVar[tuple[str, ...]] = ("transaction_id", "message_id")
    needed: ClassVar[tuple[str, ...]] = ("transaction_id", "message_id")

    transaction_id: str = ""
    message_id: str = ""
    version: str = VERSION
    to: tuple[Address, ...] = ()
    date: datetime | None = None
    sender: Address | None = None
    mail_id: str = ""


class Request(Message, frozen=True, kw_only=True):
    """`from_` is the originator, of reports the recipient whom they are about."""

    mandatory: ClassVar[tuple[str, ...]] = (*Message.mandatory, "from_", "date")
    needed: ClassVar[tuple[str, ...]] = (*Message.needed, "from_")

    from_: Address | None = None
    ack_request: bool | None = None
    originator_system: Address | None = None
    applic_id: str = ""
    reply_applic_id: str = ""
    aux_applic_info: str = ""


class ForwardReq(Request, frozen=True, kw_only=True):
    """Of `content` only the headers `Content-...` count; Bcc are in the envelope alone."""

    type_: ClassVar[str] = "MM4_forward.REQ"

    content: Part = Part()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    message_class: str = ""
    priority: str = ""
    expiry: Moment | None = None
    delivery_report: bool | None = None
    originator_delivery_report: bool | None = None
    read_reply: bool | None = None
    sender_visibility: str = ""
    forward_counter: int | None = None
    previously_sent_by: tuple[str, ...] = ()
    previously_sent_at: tuple[str, ...] = ()
    adaptation_allowed: bool | None = None
    content_class: str = ""
    drm_content: bool | None = None
    vasp_id: str = ""
    vas_id: str = ""
    service_code: str = ""
    charged_party_id: str = ""


class DeliveryReportReq(Request, frozen=True, kw_only=True):
    type_: ClassVar[str] = "MM4_delivery_report.REQ"
    mandatory: ClassVar[tuple[str, ...]] = (*Request.mandatory, "to", "mm_status")
    needed: ClassVar[tuple[str, ...]] = (*Message.needed, "mm_status")

    mm_status: str = ""
    extension: str = ""
    status_text: str = ""
    to_originator: bool | None = None


class ReadReplyReq(Request, frozen=True, kw_only=True):
    type_: ClassVar[str] = "MM4_read_reply_report.REQ"
    mandatory: ClassVar[tuple[str, ...]] = (*Request.mandatory, "to", "read_status")
    needed: ClassVar[tuple[str, ...]] = (*Message.needed, "read_status")

    read_status: str = ""
    status_text: str = ""


class Response(Message, frozen=True, kw_only=True):
    mandatory: ClassVar[tuple[str, ...]] = (*Message.mandatory, "status")
    needed: ClassVar[tuple[str, ...]] = ("transaction_id", "status")

    status: str = ""
    status_text: str = ""


class ForwardRes(Response, frozen=True, kw_only=True):
    """`recipients` are those whom the status is about; without any it is about all."""

    type_: ClassVar[str] = "MM4_forward.RES"

    recipients: tuple[Address, ...] = ()


class DeliveryReportRes(Response, frozen=True, kw_only=True):
    type_: ClassVar[str] = "MM4_delivery_report.RES"


class ReadReplyRes(Response, frozen=True, kw_only=True):
    type_: ClassVar[str] = "MM4_read_reply_report.RES"


ANSWERS: dict[str, type[Response]] = {
    ForwardReq.type_: ForwardRes,
    DeliveryReportReq.type_: DeliveryReportRes,
    ReadReplyReq.type_: ReadReplyRes,
}
MESSAGES: tuple[type[Message], ...] = (
    ForwardReq,
    ForwardRes,
    DeliveryReportReq,
    DeliveryReportRes,
    ReadReplyReq,
    ReadReplyRes,
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer needs of its request, even of one that could not be read in full."""

    type_: str
    transaction_id: str
    message_id: str
    version: str = VERSION
    ack: bool = False
    originator_system: Address | None = None
    sender: Address | None = None


def bare_id(text: str) -> str:
    """An id as it is compared: peers put quotes or brackets round it, or take them away."""
    return text.strip().strip('"').strip().removeprefix("<").removesuffix(">")
