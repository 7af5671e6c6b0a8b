"""The messages between a handset and its MMSC (OMA-TS-MMS_ENC clause 6).

A field that is None or empty is not there. Of `m-send-req` and `m-forward-req` a `from_` of None is
there and says that the MMSC shall put in who sends.
"""

from typing import Any, ClassVar, Final

import msgspec

from magpie.protocols.mm1.content_type import ContentType
from magpie.protocols.mm1.multipart import Part
from magpie.protocols.mm1.tables import MessageType
from magpie.protocols.mm1.values import Previous, Time

VERSION: Final = (1, 2)


class Pdu(msgspec.Struct, frozen=True, kw_only=True):
    """`others` are fields that this message does not have, by number, as their octets stand."""

    type: ClassVar[MessageType]
    # Those that have to be there.
    needed: ClassVar[tuple[str, ...]] = ()

    transaction_id: str = ""
    version: tuple[int, int] = VERSION
    others: tuple[tuple[int, bytes], ...] = ()


class Content(msgspec.Struct, frozen=True):
    """A body: many parts if the type says so, else one."""

    content_type: ContentType
    parts: tuple[Part, ...] = ()


class _Applic(Pdu, frozen=True, kw_only=True):
    applic_id: str = ""
    reply_applic_id: str = ""
    aux_applic_info: str = ""


class _ReplyCharging(_Applic, frozen=True, kw_only=True):
    reply_charging: int | None = None
    reply_charging_deadline: Time | None = None
    reply_charging_id: str = ""
    reply_charging_size: int | None = None


class SendReq(_ReplyCharging, frozen=True, kw_only=True):
    type = MessageType.SEND_REQ
    needed = ("transaction_id",)

    date: int | None = None
    from_: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    message_class: int | str | None = None
    expiry: Time | None = None
    delivery_time: Time | None = None
    priority: int | None = None
    sender_visibility: int | None = None
    delivery_report: bool | None = None
    read_report: bool | None = None
    store: bool | None = None
    content_class: int | None = None
    drm_content: bool | None = None
    adaptation_allowed: bool | None = None
    content: Content | None = None


class SendConf(Pdu, frozen=True, kw_only=True):
    type = MessageType.SEND_CONF
    needed = ("transaction_id", "response_status")

    response_status: int
    response_text: str = ""
    message_id: str = ""


class NotificationInd(_ReplyCharging, frozen=True, kw_only=True):
    type = MessageType.NOTIFICATION_IND
    needed = ("transaction_id", "content_location")

    from_: str | None = None
    subject: str = ""
    message_class: int | str | None = None
    message_size: int | None = None
    expiry: Time | None = None
    delivery_report: bool | None = None
    priority: int | None = None
    stored: bool | None = None
    distribution_indicator: bool | None = None
    content_class: int | None = None
    recommended_retrieval_mode: int | None = None
    recommended_retrieval_mode_text: str = ""
    content_location: str


class NotifyRespInd(Pdu, frozen=True, kw_only=True):
    type = MessageType.NOTIFYRESP_IND
    needed = ("transaction_id", "status")

    status: int
    report_allowed: bool | None = None


class RetrieveConf(_ReplyCharging, frozen=True, kw_only=True):
    """With a `transaction_id` it asks for an m-acknowledge-ind."""

    type = MessageType.RETRIEVE_CONF

    message_id: str = ""
    date: int | None = None
    from_: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    message_class: int | str | None = None
    priority: int | None = None
    delivery_report: bool | None = None
    read_report: bool | None = None
    retrieve_status: int | None = None
    retrieve_text: str = ""
    previously_sent_by: tuple[Previous, ...] = ()
    previously_sent_date: tuple[Previous, ...] = ()
    distribution_indicator: bool | None = None
    content_class: int | None = None
    drm_content: bool | None = None
    content: Content | None = None


class AcknowledgeInd(Pdu, frozen=True, kw_only=True):
    type = MessageType.ACKNOWLEDGE_IND
    needed = ("transaction_id",)

    report_allowed: bool | None = None


class DeliveryInd(_Applic, frozen=True, kw_only=True):
    type = MessageType.DELIVERY_IND
    needed = ("message_id", "status")

    message_id: str
    to: tuple[str, ...] = ()
    date: int | None = None
    status: int
    status_text: str = ""


class ReadRecInd(_Applic, frozen=True, kw_only=True):
    type = MessageType.READ_REC_IND
    needed = ("message_id", "read_status")

    message_id: str
    to: tuple[str, ...] = ()
    from_: str | None = None
    date: int | None = None
    read_status: int


class ReadOrigInd(_Applic, frozen=True, kw_only=True):
    type = MessageType.READ_ORIG_IND
    needed = ("message_id", "read_status")

    message_id: str
    to: tuple[str, ...] = ()
    from_: str | None = None
    date: int | None = None
    read_status: int


class ForwardReq(Pdu, frozen=True, kw_only=True):
    type = MessageType.FORWARD_REQ
    needed = ("transaction_id", "content_location")

    date: int | None = None
    from_: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    expiry: Time | None = None
    delivery_time: Time | None = None
    report_allowed: bool | None = None
    delivery_report: bool | None = None
    read_report: bool | None = None
    content_location: str


class ForwardConf(Pdu, frozen=True, kw_only=True):
    type = MessageType.FORWARD_CONF
    needed = ("transaction_id", "response_status")

    response_status: int
    response_text: str = ""
    message_id: str = ""
    store_status: int | None = None
    store_status_text: str = ""


class DeleteReq(Pdu, frozen=True, kw_only=True):
    type = MessageType.DELETE_REQ
    needed = ("transaction_id", "content_location")

    content_location: str


class DeleteConf(Pdu, frozen=True, kw_only=True):
    type = MessageType.DELETE_CONF
    needed = ("transaction_id", "content_location")

    content_location: str
    response_status: int | None = None
    response_text: str = ""


class CancelReq(Pdu, frozen=True, kw_only=True):
    type = MessageType.CANCEL_REQ
    needed = ("transaction_id", "cancel_id")

    cancel_id: str


class CancelConf(Pdu, frozen=True, kw_only=True):
    type = MessageType.CANCEL_CONF
    needed = ("transaction_id", "cancel_status")

    cancel_status: int


class Unread(Pdu, frozen=True, kw_only=True):
    """A message of another type, as those of a mailbox: its fields are `others`, `body` follows."""

    message_type: int
    content_type: ContentType | None = None
    body: bytes = b""


KINDS: Final[dict[int, type[Pdu]]] = {
    kind.type: kind
    for kind in (
        SendReq,
        SendConf,
        NotificationInd,
        NotifyRespInd,
        RetrieveConf,
        AcknowledgeInd,
        DeliveryInd,
        ReadRecInd,
        ReadOrigInd,
        ForwardReq,
        ForwardConf,
        DeleteReq,
        DeleteConf,
        CancelReq,
        CancelConf,
    )
}


def is_there(value: Any) -> bool:
    return value is not None and value not in ((), "")
