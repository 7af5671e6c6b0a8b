"""MMS encapsulation: the binary messages between a handset and its MMSC (OMA-TS-MMS_ENC).

`decode` gives a message or raises DecodeError; `encode` gives octets or raises EncodeError.
"""

from magpie.protocols.mm1 import push
from magpie.protocols.mm1.addresses import bare, typed
from magpie.protocols.mm1.codec import decode, encode
from magpie.protocols.mm1.content_type import ContentType
from magpie.protocols.mm1.dump import dump
from magpie.protocols.mm1.errors import DecodeError, EncodeError, Mm1Error
from magpie.protocols.mm1.multipart import MIXED, RELATED, Part, resolve
from magpie.protocols.mm1.pdu import (
    AcknowledgeInd,
    CancelConf,
    CancelReq,
    Content,
    DeleteConf,
    DeleteReq,
    DeliveryInd,
    ForwardConf,
    ForwardReq,
    NotificationInd,
    NotifyRespInd,
    Pdu,
    ReadOrigInd,
    ReadRecInd,
    RetrieveConf,
    SendConf,
    SendReq,
    Unread,
)
from magpie.protocols.mm1.tables import (
    ContentClass,
    MessageClass,
    MessageType,
    Priority,
    ReadStatus,
    ResponseStatus,
    RetrieveStatus,
    Status,
    is_ok,
    is_transient,
)
from magpie.protocols.mm1.values import Previous, Relative

MEDIA_TYPE = push.MMS

__all__ = [
    "MEDIA_TYPE",
    "MIXED",
    "RELATED",
    "AcknowledgeInd",
    "CancelConf",
    "CancelReq",
    "Content",
    "ContentClass",
    "ContentType",
    "DecodeError",
    "DeleteConf",
    "DeleteReq",
    "DeliveryInd",
    "EncodeError",
    "ForwardConf",
    "ForwardReq",
    "MessageClass",
    "MessageType",
    "Mm1Error",
    "NotificationInd",
    "NotifyRespInd",
    "Part",
    "Pdu",
    "Previous",
    "Priority",
    "ReadOrigInd",
    "ReadRecInd",
    "ReadStatus",
    "Relative",
    "ResponseStatus",
    "RetrieveConf",
    "RetrieveStatus",
    "SendConf",
    "SendReq",
    "Status",
    "Unread",
    "bare",
    "decode",
    "dump",
    "encode",
    "is_ok",
    "is_transient",
    "push",
    "resolve",
    "typed",
]
