"""MM4: messages between MMS centres, carried by mail (3GPP TS 23.140 clause 8.4)."""

from magpie.protocols.mm4.addresses import (
    AddressRules,
    parse_address,
    parse_addresses,
    to_address,
    to_number,
    write_address,
)
from magpie.protocols.mm4.dump import dump
from magpie.protocols.mm4.errors import Mm4Error, ReadError, WriteError
from magpie.protocols.mm4.fields import MOST_RECIPIENTS
from magpie.protocols.mm4.reader import read
from magpie.protocols.mm4.rules import MOST_HOPS, answer, answer_address, asked, looped, next_hop
from magpie.protocols.mm4.status import (
    Extension,
    MmStatus,
    ReadStatus,
    RequestStatus,
    StatusClass,
    classify,
)
from magpie.protocols.mm4.values import (
    VERSION,
    Address,
    AddressKind,
    Asked,
    DeliveryReportReq,
    DeliveryReportRes,
    ForwardReq,
    ForwardRes,
    Message,
    ReadReplyReq,
    ReadReplyRes,
    Request,
    Response,
    bare_id,
)
from magpie.protocols.mm4.writer import write

__all__ = [
    "MOST_HOPS",
    "MOST_RECIPIENTS",
    "VERSION",
    "Address",
    "AddressKind",
    "AddressRules",
    "Asked",
    "DeliveryReportReq",
    "DeliveryReportRes",
    "Extension",
    "ForwardReq",
    "ForwardRes",
    "Message",
    "Mm4Error",
    "MmStatus",
    "ReadError",
    "ReadReplyReq",
    "ReadReplyRes",
    "ReadStatus",
    "Request",
    "RequestStatus",
    "Response",
    "StatusClass",
    "WriteError",
    "answer",
    "answer_address",
    "asked",
    "bare_id",
    "classify",
    "dump",
    "looped",
    "next_hop",
    "parse_address",
    "parse_addresses",
    "read",
    "to_address",
    "to_number",
    "write",
    "write_address",
]
