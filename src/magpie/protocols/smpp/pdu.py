"""Every PDU as a value (SMPP 3.4 clause 4). Fields stand in wire order, each beside its form."""

from typing import Annotated, ClassVar

import msgspec

from magpie.protocols.smpp.constants import RESPONSE, Command, InterfaceVersion, Tag
from magpie.protocols.smpp.fields import (
    Address,
    AddressField,
    CString,
    Destinations,
    DistributionList,
    Octet,
    ShortMessage,
    Time,
    Unsuccess,
    Unsuccesses,
)
from magpie.protocols.smpp.status import Status
from magpie.protocols.smpp.tlv import Tlvs, find, find_number, find_string

SystemId = Annotated[str, CString(16, Status.RINVSYSID)]
Password = Annotated[str, CString(9, Status.RINVPASWD)]
ServiceType = Annotated[str, CString(6, Status.RINVSERTYP)]
MessageId = Annotated[str, CString(65, Status.RINVMSGID)]
ResponseId = Annotated[str, CString(65, Status.RINVMSGID, loose=True)]
Source = Annotated[Address, AddressField(21, Status.RINVSRCADR)]
Destination = Annotated[Address, AddressField(21, Status.RINVDSTADR)]
LongSource = Annotated[Address, AddressField(65, Status.RINVSRCADR)]
LongDestination = Annotated[Address, AddressField(65, Status.RINVDSTADR)]
Schedule = Annotated[str, Time(Status.RINVSCHED)]
Validity = Annotated[str, Time(Status.RINVEXPIRY)]
Byte = Annotated[int, Octet()]
Content = Annotated[bytes, ShortMessage()]


class Pdu(msgspec.Struct, frozen=True):
    """`trailing` holds octets after the fields that form no parameter: worth a warning."""

    command_id: ClassVar[int]

    sequence: int = 0
    status: int = 0
    tlvs: Tlvs = ()
    trailing: bytes = b""

    @property
    def is_response(self) -> bool:
        return bool(self.command_id & RESPONSE)

    def tlv(self, tag: int) -> bytes | None:
        return find(self.tlvs, tag)

    def tlv_number(self, tag: int) -> int | None:
        return find_number(self.tlvs, tag)

    def tlv_string(self, tag: int) -> str | None:
        return find_string(self.tlvs, tag)


class Bind(Pdu, frozen=True):
    system_id: SystemId = ""
    password: Password = ""
    system_type: Annotated[str, CString(13, Status.RINVSYSTYP)] = ""
    interface_version: Byte = InterfaceVersion.V3_4
    addr_ton: Byte = 0
    addr_npi: Byte = 0
    address_range: Annotated[str, CString(41, Status.RBINDFAIL)] = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(system_id={self.system_id!r}, sequence={self.sequence})"


class BindResp(Pdu, frozen=True):
    system_id: Annotated[str, CString(16, Status.RINVSYSID, loose=True)] = ""

    @property
    def sc_interface_version(self) -> int | None:
        """Formally None means "no TLVs"; many servers leave it out and use them all the same."""
        return self.tlv_number(Tag.SC_INTERFACE_VERSION)


class BindReceiver(Bind, frozen=True):
    command_id = Command.BIND_RECEIVER


class BindReceiverResp(BindResp, frozen=True):
    command_id = Command.BIND_RECEIVER | RESPONSE


class BindTransmitter(Bind, frozen=True):
    command_id = Command.BIND_TRANSMITTER


class BindTransmitterResp(BindResp, frozen=True):
    command_id = Command.BIND_TRANSMITTER | RESPONSE


class BindTransceiver(Bind, frozen=True):
    command_id = Command.BIND_TRANSCEIVER


class BindTransceiverResp(BindResp, frozen=True):
    command_id = Command.BIND_TRANSCEIVER | RESPONSE


class Outbind(Pdu, frozen=True):
    command_id = Command.OUTBIND

    system_id: SystemId = ""
    password: Password = ""

    def __repr__(self) -> str:
        return f"Outbind(system_id={self.system_id!r}, sequence={self.sequence})"


class Unbind(Pdu, frozen=True):
    command_id = Command.UNBIND


class UnbindResp(Pdu, frozen=True):
    command_id = Command.UNBIND | RESPONSE


class EnquireLink(Pdu, frozen=True):
    command_id = Command.ENQUIRE_LINK


class EnquireLinkResp(Pdu, frozen=True):
    command_id = Command.ENQUIRE_LINK | RESPONSE


class GenericNack(Pdu, frozen=True):
    command_id = Command.GENERIC_NACK


class ShortMessagePdu(Pdu, frozen=True):
    """What submit_sm and deliver_sm share; in deliver_sm four of the fields stay empty."""

    service_type: ServiceType = ""
    source: Source = Address()
    destination: Destination = Address()
    esm_class: Byte = 0
    protocol_id: Byte = 0
    priority_flag: Byte = 0
    schedule_delivery_time: Schedule = ""
    validity_period: Validity = ""
    registered_delivery: Byte = 0
    replace_if_present_flag: Byte = 0
    data_coding: Byte = 0
    sm_default_msg_id: Byte = 0
    short_message: Content = b""


class MessageIdResp(Pdu, frozen=True):
    message_id: ResponseId = ""


class SubmitSm(ShortMessagePdu, frozen=True):
    command_id = Command.SUBMIT_SM


class SubmitSmResp(MessageIdResp, frozen=True):
    command_id = Command.SUBMIT_SM | RESPONSE


class DeliverSm(ShortMessagePdu, frozen=True):
    command_id = Command.DELIVER_SM


class DeliverSmResp(MessageIdResp, frozen=True):
    command_id = Command.DELIVER_SM | RESPONSE


class SubmitMulti(Pdu, frozen=True):
    command_id = Command.SUBMIT_MULTI

    service_type: ServiceType = ""
    source: Source = Address()
    destinations: Annotated[tuple[Address | DistributionList, ...], Destinations()] = ()
    esm_class: Byte = 0
    protocol_id: Byte = 0
    priority_flag: Byte = 0
    schedule_delivery_time: Schedule = ""
    validity_period: Validity = ""
    registered_delivery: Byte = 0
    replace_if_present_flag: Byte = 0
    data_coding: Byte = 0
    sm_default_msg_id: Byte = 0
    short_message: Content = b""


class SubmitMultiResp(Pdu, frozen=True):
    command_id = Command.SUBMIT_MULTI | RESPONSE

    message_id: ResponseId = ""
    unsuccess: Annotated[tuple[Unsuccess, ...], Unsuccesses()] = ()


class DataSm(Pdu, frozen=True):
    """Its content is the parameter message_payload."""

    command_id = Command.DATA_SM

    service_type: ServiceType = ""
    source: LongSource = Address()
    destination: LongDestination = Address()
    esm_class: Byte = 0
    registered_delivery: Byte = 0
    data_coding: Byte = 0


class DataSmResp(MessageIdResp, frozen=True):
    command_id = Command.DATA_SM | RESPONSE


class QuerySm(Pdu, frozen=True):
    command_id = Command.QUERY_SM

    message_id: MessageId = ""
    source: Source = Address()


class QuerySmResp(Pdu, frozen=True):
    command_id = Command.QUERY_SM | RESPONSE

    message_id: ResponseId = ""
    final_date: Validity = ""
    message_state: Byte = 0
    error_code: Byte = 0


class CancelSm(Pdu, frozen=True):
    """An empty message_id cancels all that match the other fields."""

    command_id = Command.CANCEL_SM

    service_type: ServiceType = ""
    message_id: MessageId = ""
    source: Source = Address()
    destination: Destination = Address()


class CancelSmResp(Pdu, frozen=True):
    command_id = Command.CANCEL_SM | RESPONSE


class ReplaceSm(Pdu, frozen=True):
    command_id = Command.REPLACE_SM

    message_id: MessageId = ""
    source: Source = Address()
    schedule_delivery_time: Schedule = ""
    validity_period: Validity = ""
    registered_delivery: Byte = 0
    sm_default_msg_id: Byte = 0
    short_message: Content = b""


class ReplaceSmResp(Pdu, frozen=True):
    command_id = Command.REPLACE_SM | RESPONSE


class AlertNotification(Pdu, frozen=True):
    command_id = Command.ALERT_NOTIFICATION

    source: LongSource = Address()
    esme: LongDestination = Address()


Message = SubmitSm | DeliverSm | DataSm
