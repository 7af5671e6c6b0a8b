"""Status codes (3GPP TS 23.140 clause 8.7.8.4) and what to do about them."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final


class StatusCode(IntEnum):
    SUCCESS = 1000
    PARTIAL_SUCCESS = 1100
    CLIENT_ERROR = 2000
    OPERATION_RESTRICTED = 2001
    ADDRESS_ERROR = 2002
    ADDRESS_NOT_FOUND = 2003
    CONTENT_REFUSED = 2004
    MESSAGE_ID_NOT_FOUND = 2005
    LINKED_ID_NOT_FOUND = 2006
    FORMAT_CORRUPT = 2007
    APPLICATION_ID_NOT_FOUND = 2008
    REPLY_APPLICATION_ID_NOT_FOUND = 2009
    SERVER_ERROR = 3000
    NOT_POSSIBLE = 3001
    MESSAGE_REJECTED = 3002
    MULTIPLE_ADDRESSES_NOT_SUPPORTED = 3003
    APPLICATION_ADDRESSING_NOT_SUPPORTED = 3004
    GENERAL_SERVICE_ERROR = 4000
    IMPROPER_IDENTIFICATION = 4001
    UNSUPPORTED_VERSION = 4002
    UNSUPPORTED_OPERATION = 4003
    VALIDATION_ERROR = 4004
    SERVICE_ERROR = 4005
    SERVICE_UNAVAILABLE = 4006
    SERVICE_DENIED = 4007
    APPLICATION_DENIED = 4008


class StatusClass(StrEnum):
    """UNKNOWN: the number says nothing, so perhaps the message was taken."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    THROTTLE = "throttle"
    CONFIGURATION = "configuration"
    UNKNOWN = "unknown"


Overrides = Mapping[int, StatusClass]
"""What one carrier means by its own numbers."""

_CLASSES: Final[dict[int, StatusClass]] = {
    StatusCode.PARTIAL_SUCCESS: StatusClass.PARTIAL,
    StatusCode.MESSAGE_REJECTED: StatusClass.PERMANENT,
    StatusCode.MULTIPLE_ADDRESSES_NOT_SUPPORTED: StatusClass.PERMANENT,
    StatusCode.APPLICATION_ADDRESSING_NOT_SUPPORTED: StatusClass.PERMANENT,
    StatusCode.IMPROPER_IDENTIFICATION: StatusClass.CONFIGURATION,
    StatusCode.UNSUPPORTED_VERSION: StatusClass.CONFIGURATION,
    StatusCode.UNSUPPORTED_OPERATION: StatusClass.CONFIGURATION,
    StatusCode.VALIDATION_ERROR: StatusClass.CONFIGURATION,
    StatusCode.SERVICE_DENIED: StatusClass.CONFIGURATION,
    StatusCode.APPLICATION_DENIED: StatusClass.CONFIGURATION,
}
_BY_DIGIT: Final = {
    1: StatusClass.ACCEPTED,
    2: StatusClass.PERMANENT,
    3: StatusClass.TEMPORARY,
    4: StatusClass.TEMPORARY,
}


def classify(code: int, overrides: Overrides | None = None) -> StatusClass:
    """By the carrier's table, by ours, then by the first digit of four."""
    if overrides and code in overrides:
        return overrides[code]
    return _CLASSES.get(code) or _BY_DIGIT.get(code // 1000, StatusClass.UNKNOWN)


def status_text(code: int) -> str:
    """A sentence for a code of the standard; empty for another."""
    try:
        return StatusCode(code).name.replace("_", " ").capitalize()
    except ValueError:
        return ""
