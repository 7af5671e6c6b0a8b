"""The operations of MM7, their elements in the order of the schema (REL-6-MM7-1-4)."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from magpie.protocols.mm7.forms import (
    ADDRESS,
    CAPABILITIES,
    CONTENTS,
    DATE,
    FLAG,
    IDENTIFICATION,
    MOMENT,
    RECIPIENTS,
    REPLY_CHARGING,
    STATUS,
    TEXT,
    TREES,
    Field,
    words,
)
from magpie.protocols.mm7.values import (
    Address,
    Capabilities,
    Content,
    Identification,
    Moment,
    Recipients,
    ReplyCharging,
    Status,
    Tree,
)

_CLASSES = words("Personal", "Informational", "Advertisement", "Auto")
_PRIORITIES = words("Low", "Normal", "High")
_PARTIES = words("Sender", "Recipient", "Both", "Neither", "ThirdParty", "Other")
_MM_STATUSES = words(
    "Expired",
    "Retrieved",
    "Rejected",
    "Indeterminate",
    "Forwarded",
    "Unrecognised",
    "Deferred",
    "DeliveryConditionNotMet",
    "Processing",
    "Cancelled",
    "Replaced",
    "Delivered",
    "NotSupported",
    "Unreachable",
    unrecognized="Unrecognised",
    canceled="Cancelled",
)
_READ_STATUSES = words("Read", "Deleted", "Indeterminate")

LinkedId = Annotated[str, Field("LinkedID", TEXT)]
MessageId = Annotated[str, Field("MessageID", TEXT, required=True)]
ServiceCode = Annotated[str, Field("ServiceCode", TEXT)]
TimeStamp = Annotated[datetime | None, Field("TimeStamp", DATE)]
Priority = Annotated[str, Field("Priority", _PRIORITIES)]
Subject = Annotated[str, Field("Subject", TEXT)]
ReadReply = Annotated[bool | None, Field("ReadReply", FLAG)]
Earliest = Annotated[Moment | None, Field("EarliestDeliveryTime", MOMENT)]
Distribution = Annotated[bool | None, Field("DistributionIndicator", FLAG)]
StatusText = Annotated[str, Field("StatusText", TEXT)]
ApplicId = Annotated[str, Field("ApplicID", TEXT, since=6)]
ReplyApplicId = Annotated[str, Field("ReplyApplicID", TEXT, since=6)]
AuxApplicInfo = Annotated[str, Field("AuxApplicInfo", TEXT, since=6)]
ContentClass = Annotated[str, Field("ContentClass", TEXT, since=6)]
DrmContent = Annotated[bool | None, Field("DRMContent", FLAG, since=6)]
Contents = Annotated[tuple[Content, ...], Field("Content", CONTENTS)]
Additional = Annotated[tuple[Tree, ...], Field("AdditionalInformation", TREES, since=6)]
ExtraData = Annotated[tuple[Tree, ...], Field("MessageExtraData", TREES, since=6)]
UaCapabilities = Annotated[Capabilities | None, Field("UACapabilities", CAPABILITIES)]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    name: ClassVar[str]


class Request(Operation, frozen=True, kw_only=True):
    response: ClassVar[type["Response"]]


class Response(Operation, frozen=True, kw_only=True):
    status: Annotated[Status, Field("Status", STATUS, required=True)]


class VaspRequest(Request, frozen=True, kw_only=True):
    sender: Annotated[Identification, Field("SenderIdentification", IDENTIFICATION)] = (
        Identification()
    )


class RelayRequest(Request, frozen=True, kw_only=True):
    relay_id: Annotated[str, Field("MMSRelayServerID", TEXT)] = ""


class SubmitRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "SubmitRsp"
    message_id: Annotated[str, Field("MessageID", TEXT)] = ""


class DeliverRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "DeliverRsp"
    service_code: ServiceCode = ""


class CancelRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "CancelRsp"


class ReplaceRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "ReplaceRsp"


class DeliveryReportRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "DeliveryReportRsp"


class ReadReplyRsp(Response, frozen=True, kw_only=True):
    name: ClassVar[str] = "ReadReplyRsp"


class RsErrorRsp(Response, frozen=True, kw_only=True):
    """From the centre; goes in the detail of a fault."""

    name: ClassVar[str] = "RSErrorRsp"


class VaspErrorRsp(Response, frozen=True, kw_only=True):
    """From the application; goes in the detail of a fault."""

    name: ClassVar[str] = "VASPErrorRsp"


class Fault(Operation, frozen=True, kw_only=True):
    """SOAP 1.1 clause 4.4; `code` is without its prefix."""

    name: ClassVar[str] = "Fault"
    code: str = "Client"
    reason: str = ""
    error: RsErrorRsp | VaspErrorRsp | None = None


class SubmitReq(VaspRequest, frozen=True, kw_only=True):
    name: ClassVar[str] = "SubmitReq"
    response: ClassVar[type[Response]] = SubmitRsp
    recipients: Annotated[Recipients, Field("Recipients", RECIPIENTS, required=True)]
    preferred_channels: Annotated[tuple[Tree, ...], Field("PreferredChannels", TREES, since=6)] = ()
    service_code: ServiceCode = ""
    linked_id: LinkedId = ""
    message_class: Annotated[str, Field("MessageClass", _CLASSES)] = ""
    time_stamp: TimeStamp = None
    reply_charging: Annotated[ReplyCharging | None, Field("ReplyCharging", REPLY_CHARGING)] = None
    earliest_delivery_time: Earliest = None
    expiry_date: Annotated[Moment | None, Field("ExpiryDate", MOMENT)] = None
    delivery_report: Annotated[bool | None, Field("DeliveryReport", FLAG)] = None
    read_reply: ReadReply = None
    priority: Priority = ""
    subject: Subject = ""
    charged_party: Annotated[str, Field("ChargedParty", _PARTIES)] = ""
    charged_party_id: Annotated[str, Field("ChargedPartyID", TEXT, since=6)] = ""
    third_party_payer: Annotated[tuple[Tree, ...], Field("ThirdPartyPayer", TREES, since=6)] = ()
    distribution_indicator: Distribution = None
    delivery_condition: Annotated[tuple[Tree, ...], Field("DeliveryCondition", TREES, since=6)] = ()
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""
    content_class: ContentClass = ""
    drm_content: DrmContent = None
    content: Contents = ()
    additional_information: Additional = ()
    message_extra_data: ExtraData = ()


class CancelReq(VaspRequest, frozen=True, kw_only=True):
    name: ClassVar[str] = "CancelReq"
    response: ClassVar[type[Response]] = CancelRsp
    message_id: MessageId
    recipients: Annotated[Recipients | None, Field("Recipients", RECIPIENTS)] = None
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""


class ReplaceReq(VaspRequest, frozen=True, kw_only=True):
    name: ClassVar[str] = "ReplaceReq"
    response: ClassVar[type[Response]] = ReplaceRsp
    message_id: MessageId
    service_code: ServiceCode = ""
    time_stamp: TimeStamp = None
    read_reply: ReadReply = None
    earliest_delivery_time: Earliest = None
    distribution_indicator: Distribution = None
    content_class: ContentClass = ""
    drm_content: DrmContent = None
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""
    content: Contents = ()
    additional_information: Additional = ()
    message_extra_data: ExtraData = ()


class DeliverReq(RelayRequest, frozen=True, kw_only=True):
    name: ClassVar[str] = "DeliverReq"
    response: ClassVar[type[Response]] = DeliverRsp
    vasp_id: Annotated[str, Field("VASPID", TEXT)] = ""
    vas_id: Annotated[str, Field("VASID", TEXT)] = ""
    linked_id: LinkedId = ""
    sender: Annotated[Address, Field("Sender", ADDRESS, required=True)]
    recipients: Annotated[Recipients | None, Field("Recipients", RECIPIENTS)] = None
    previously_sent_by: Annotated[tuple[Tree, ...], Field("Previouslysentby", TREES)] = ()
    previously_sent_at: Annotated[tuple[Tree, ...], Field("Previouslysentdateandtime", TREES)] = ()
    sender_spi: Annotated[str, Field("SenderSPI", TEXT)] = ""
    recipient_spi: Annotated[str, Field("RecipientSPI", TEXT)] = ""
    time_stamp: TimeStamp = None
    reply_charging_id: Annotated[str, Field("ReplyChargingID", TEXT)] = ""
    priority: Priority = ""
    subject: Subject = ""
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""
    ua_capabilities: UaCapabilities = None
    content: Contents = ()
    additional_information: Additional = ()
    message_extra_data: ExtraData = ()


class DeliveryReportReq(RelayRequest, frozen=True, kw_only=True):
    """Some centres leave out all but the id and the status."""

    name: ClassVar[str] = "DeliveryReportReq"
    response: ClassVar[type[Response]] = DeliveryReportRsp
    message_id: MessageId
    recipient: Annotated[Address | None, Field("Recipient", ADDRESS)] = None
    sender: Annotated[Address | None, Field("Sender", ADDRESS)] = None
    date: Annotated[datetime | None, Field("Date", DATE)] = None
    mm_status: Annotated[str, Field("MMStatus", _MM_STATUSES, required=True)]
    mm_status_extension: Annotated[str, Field("MMStatusExtension", TEXT, since=6)] = ""
    status_text: StatusText = ""
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""
    ua_capabilities: UaCapabilities = None


class ReadReplyReq(RelayRequest, frozen=True, kw_only=True):
    name: ClassVar[str] = "ReadReplyReq"
    response: ClassVar[type[Response]] = ReadReplyRsp
    message_id: MessageId
    recipient: Annotated[Address | None, Field("Recipient", ADDRESS)] = None
    sender: Annotated[Address | None, Field("Sender", ADDRESS)] = None
    time_stamp: TimeStamp = None
    mm_status: Annotated[str, Field("MMStatus", _READ_STATUSES, required=True)]
    status_text: StatusText = ""
    applic_id: ApplicId = ""
    reply_applic_id: ReplyApplicId = ""
    aux_applic_info: AuxApplicInfo = ""
