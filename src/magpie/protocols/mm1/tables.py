"""Well-known values (WAP-230 tables 38 to 41, OMA-TS-MMS_ENC clause 7.3 and 7.4)."""

from enum import IntEnum
from typing import Final

MEDIA: Final[dict[int, str]] = {
    0x00: "*/*",
    0x01: "text/*",
    0x02: "text/html",
    0x03: "text/plain",
    0x04: "text/x-hdml",
    0x05: "text/x-ttml",
    0x06: "text/x-vCalendar",
    0x07: "text/x-vCard",
    0x08: "text/vnd.wap.wml",
    0x09: "text/vnd.wap.wmlscript",
    0x0B: "multipart/*",
    0x0C: "multipart/mixed",
    0x0D: "multipart/form-data",
    0x0E: "multipart/byteranges",
    0x0F: "multipart/alternative",
    0x10: "application/*",
    0x1C: "image/*",
    0x1D: "image/gif",
    0x1E: "image/jpeg",
    0x1F: "image/tiff",
    0x20: "image/png",
    0x21: "image/vnd.wap.wbmp",
    0x22: "application/vnd.wap.multipart.*",
    0x23: "application/vnd.wap.multipart.mixed",
    0x24: "application/vnd.wap.multipart.form-data",
    0x25: "application/vnd.wap.multipart.byteranges",
    0x26: "application/vnd.wap.multipart.alternative",
    0x27: "application/xml",
    0x28: "text/xml",
    0x29: "application/vnd.wap.wbxml",
    0x2D: "text/vnd.wap.si",
    0x2E: "application/vnd.wap.sic",
    0x2F: "text/vnd.wap.sl",
    0x30: "application/vnd.wap.slc",
    0x33: "application/vnd.wap.multipart.related",
    0x3E: "application/vnd.wap.mms-message",
    0x45: "application/vnd.wap.xhtml+xml",
    0x48: "application/vnd.oma.drm.message",
    0x49: "application/vnd.oma.drm.content",
    0x4F: "audio/*",
    0x50: "video/*",
}
MEDIA_CODES: Final = {name.lower(): code for code, name in MEDIA.items()}

# MIBenum (IANA character sets), by the name that Python knows.
CHARSETS: Final[dict[int, str]] = {
    3: "us-ascii",
    4: "iso-8859-1",
    5: "iso-8859-2",
    6: "iso-8859-3",
    7: "iso-8859-4",
    8: "iso-8859-5",
    9: "iso-8859-6",
    10: "iso-8859-7",
    11: "iso-8859-8",
    12: "iso-8859-9",
    17: "shift_jis",
    18: "euc-jp",
    38: "euc-kr",
    106: "utf-8",
    113: "gbk",
    114: "gb18030",
    1000: "utf-16-be",  # ISO-10646-UCS-2
    1013: "utf-16-be",
    1014: "utf-16-le",
    1015: "utf-16",
    2025: "gb2312",
    2026: "big5",
    2084: "koi8-r",
    2250: "windows-1250",
    2251: "windows-1251",
    2252: "windows-1252",
}
CHARSET_CODES: Final = {name: code for code, name in reversed(CHARSETS.items())}
UTF_8: Final = 106


class MessageType(IntEnum):
    SEND_REQ = 0x80
    SEND_CONF = 0x81
    NOTIFICATION_IND = 0x82
    NOTIFYRESP_IND = 0x83
    RETRIEVE_CONF = 0x84
    ACKNOWLEDGE_IND = 0x85
    DELIVERY_IND = 0x86
    READ_REC_IND = 0x87
    READ_ORIG_IND = 0x88
    FORWARD_REQ = 0x89
    FORWARD_CONF = 0x8A
    MBOX_STORE_REQ = 0x8B
    MBOX_STORE_CONF = 0x8C
    MBOX_VIEW_REQ = 0x8D
    MBOX_VIEW_CONF = 0x8E
    MBOX_UPLOAD_REQ = 0x8F
    MBOX_UPLOAD_CONF = 0x90
    MBOX_DELETE_REQ = 0x91
    MBOX_DELETE_CONF = 0x92
    MBOX_DESCR = 0x93
    DELETE_REQ = 0x94
    DELETE_CONF = 0x95
    CANCEL_REQ = 0x96
    CANCEL_CONF = 0x97


class MessageClass(IntEnum):
    PERSONAL = 0x80
    ADVERTISEMENT = 0x81
    INFORMATIONAL = 0x82
    AUTO = 0x83


class Priority(IntEnum):
    LOW = 0x80
    NORMAL = 0x81
    HIGH = 0x82


class Status(IntEnum):
    """X-Mms-Status."""

    EXPIRED = 0x80
    RETRIEVED = 0x81
    REJECTED = 0x82
    DEFERRED = 0x83
    UNRECOGNISED = 0x84
    INDETERMINATE = 0x85
    FORWARDED = 0x86
    UNREACHABLE = 0x87


class ReadStatus(IntEnum):
    READ = 0x80
    DELETED_UNREAD = 0x81


class ResponseStatus(IntEnum):
    """Of m-send-conf; the numbers below 0xC0 are of version 1.0."""

    OK = 0x80
    UNSPECIFIED = 0x81
    SERVICE_DENIED = 0x82
    FORMAT_CORRUPT = 0x83
    ADDRESS_UNRESOLVED = 0x84
    MESSAGE_NOT_FOUND = 0x85
    NETWORK_PROBLEM = 0x86
    CONTENT_NOT_ACCEPTED = 0x87
    UNSUPPORTED_MESSAGE = 0x88
    TRANSIENT_FAILURE = 0xC0
    TRANSIENT_ADDRESS_UNRESOLVED = 0xC1
    TRANSIENT_MESSAGE_NOT_FOUND = 0xC2
    TRANSIENT_NETWORK_PROBLEM = 0xC3
    PARTIAL_SUCCESS = 0xC4
    PERMANENT_FAILURE = 0xE0
    PERMANENT_SERVICE_DENIED = 0xE1
    PERMANENT_FORMAT_CORRUPT = 0xE2
    PERMANENT_ADDRESS_UNRESOLVED = 0xE3
    PERMANENT_MESSAGE_NOT_FOUND = 0xE4
    PERMANENT_CONTENT_NOT_ACCEPTED = 0xE5
    REPLY_CHARGING_LIMITATIONS = 0xE6
    REPLY_CHARGING_NOT_ACCEPTED = 0xE7
    REPLY_CHARGING_FORWARDING_DENIED = 0xE8
    REPLY_CHARGING_NOT_SUPPORTED = 0xE9
    ADDRESS_HIDING_NOT_SUPPORTED = 0xEA
    LACK_OF_PREPAID_CREDIT = 0xEB


class RetrieveStatus(IntEnum):
    OK = 0x80
    TRANSIENT_FAILURE = 0xC0
    TRANSIENT_MESSAGE_NOT_FOUND = 0xC1
    TRANSIENT_NETWORK_PROBLEM = 0xC2
    PERMANENT_FAILURE = 0xE0
    PERMANENT_SERVICE_DENIED = 0xE1
    PERMANENT_MESSAGE_NOT_FOUND = 0xE2
    PERMANENT_CONTENT_UNSUPPORTED = 0xE3


class ContentClass(IntEnum):
    TEXT = 0x80
    IMAGE_BASIC = 0x81
    IMAGE_RICH = 0x82
    VIDEO_BASIC = 0x83
    VIDEO_RICH = 0x84
    MEGAPIXEL = 0x85
    CONTENT_BASIC = 0x86
    CONTENT_RICH = 0x87


_TRANSIENT: Final = range(0xC0, 0xE0)
_PASSING: Final = frozenset((ResponseStatus.UNSPECIFIED, ResponseStatus.NETWORK_PROBLEM))


def is_ok(status: int) -> bool:
    return status in {ResponseStatus.OK, ResponseStatus.PARTIAL_SUCCESS}


def is_transient(status: int) -> bool:
    """Whether the same may succeed later; numbers that nobody knows are told by their range."""
    return status in _TRANSIENT or status in _PASSING
