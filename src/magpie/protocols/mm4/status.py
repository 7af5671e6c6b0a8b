"""What answers and reports say (3GPP TS 23.140 clause 8.4.4), and what to do about it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class RequestStatus(StrEnum):
    OK = "Ok"
    UNSPECIFIED = "Error-unspecified"
    SERVICE_DENIED = "Error-service-denied"
    FORMAT_CORRUPT = "Error-message-format-corrupt"
    ADDRESS_UNRESOLVED = "Error-sending-address-unresolved"
    NOT_FOUND = "Error-message-not-found"
    NETWORK_PROBLEM = "Error-network-problem"
    CONTENT_NOT_ACCEPTED = "Error-content-not-accepted"
    UNSUPPORTED = "Error-unsupported-message"


class MmStatus(StrEnum):
    EXPIRED = "Expired"
    RETRIEVED = "Retrieved"
    REJECTED = "Rejected"
    DEFERRED = "Deferred"
    INDETERMINATE = "Indeterminate"
    FORWARDED = "Forwarded"
    UNRECOGNISED = "Unrecognised"


class Extension(StrEnum):
    BY_RECIPIENT = "Rejection-By-MMS-Recipient"
    BY_OTHER_CENTRE = "Rejection-By-Other-RS"


class ReadStatus(StrEnum):
    READ = "Read"
    DELETED = "Deleted without being read"


class StatusClass(StrEnum):
    ACCEPTED = "accepted"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"


_TEMPORARY: Final = frozenset({RequestStatus.NETWORK_PROBLEM, RequestStatus.UNSPECIFIED})
_SPELLINGS: Final = {"unrecognized": "Unrecognised", "deleted": ReadStatus.DELETED.value}


def classify(status: str) -> StatusClass:
    """An error that nobody knows may pass; one of the standard's says whether it does."""
    word = canonical(status, RequestStatus)
    if word == RequestStatus.OK:
        return StatusClass.ACCEPTED
    known = word in set(RequestStatus)
    return StatusClass.PERMANENT if known and word not in _TEMPORARY else StatusClass.TEMPORARY


def canonical(word: str, words: Iterable[str]) -> str:
    """As the standard spells it, whatever the case; a word that it does not have stays."""
    low = word.strip().strip('"').lower()
    low = _SPELLINGS.get(low, low).lower()
    return next((str(one) for one in words if one.lower() == low), word.strip())
