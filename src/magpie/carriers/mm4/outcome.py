"""From what the other centre said to an Outcome, and from reports to codes of ours. Pure."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from magpie.carriers.traffic import Accepted, Deferred, Outcome, ReceiptState, Rejected
from magpie.protocols.mm4 import (
    DeliveryReportReq,
    ForwardRes,
    MmStatus,
    ReadReplyReq,
    ReadStatus,
    RequestStatus,
    StatusClass,
    classify,
)

AGAIN_AFTER: Final = 5.0
UNREACHABLE, NO_SUBSCRIBER, FILTERED, UNKNOWN_ERROR = 30003, 30005, 30007, 30008
NO_MMS, CONGESTED, TOO_LARGE = 30011, 30017, 30019

_ENHANCED: Final = re.compile(r"\s*[245]\.([0-9]{1,3}\.[0-9]{1,3})\b")
# 421, 452 and their kin: not now, and not this one's fault (RFC 5321 clause 4.2.3, RFC 3463).
_THROTTLES: Final = frozenset({421, 452})
_BUSY: Final = frozenset({"2.2", "3.1", "3.2", "4.5", "5.3", "7.0"})
_BY_ENHANCED: Final[Mapping[str, int]] = {
    "1.1": NO_SUBSCRIBER,
    "1.2": NO_SUBSCRIBER,
    "1.3": NO_SUBSCRIBER,
    "1.6": NO_SUBSCRIBER,
    "2.1": UNREACHABLE,
    "2.3": TOO_LARGE,
    "3.4": TOO_LARGE,
    "6.1": NO_MMS,
    "7.1": FILTERED,
}
_BY_CODE: Final = {552: TOO_LARGE, 554: FILTERED}
_OF_RECIPIENT: Final = frozenset({550, 551, 553})
_OURSELVES: Final = frozenset({530, 534, 535, 538, 555})
_SIZE: Final = re.compile(r"\b(?:size|large|big|exceed\w*|oversized?)\b", re.IGNORECASE)


class Reply(NamedTuple):
    """What a command was answered; `command` is MAIL, RCPT or DATA."""

    code: int
    text: str
    command: str


def of_reply(reply: Reply, message_id: str) -> Outcome | None:
    """None where it is the link that is refused, and not the message."""
    code, text, command = reply
    detail = f"{command}: {code} {' '.join(text.split())}"[:300]
    enhanced = found[1] if (found := _ENHANCED.match(text)) else ""
    if 200 <= code < 300:  # noqa: PLR2004
        return Accepted((message_id,))
    if 400 <= code < 500:  # noqa: PLR2004
        if code in _THROTTLES or enhanced in _BUSY:
            return Deferred(detail, throttled=True)
        return Deferred(detail, after=AGAIN_AFTER)
    if code in _OURSELVES or (command == "MAIL" and code not in _BY_CODE):
        return None
    nobody = command == "RCPT" and code in _OF_RECIPIENT
    usual = NO_SUBSCRIBER if nobody else _BY_CODE.get(code, UNKNOWN_ERROR)
    return Rejected(_BY_ENHANCED.get(enhanced, usual), detail)


def of_answer(answer: ForwardRes, taken: Accepted) -> Outcome:
    """What an answer makes of a message that was taken over just before."""
    detail = f"{answer.status} {answer.status_text}".rstrip()
    match classify(answer.status):
        case StatusClass.ACCEPTED:
            return taken
        case StatusClass.TEMPORARY:
            return Deferred(detail, after=AGAIN_AFTER)
        case StatusClass.PERMANENT:
            return Rejected(code_of(answer), detail)


def code_of(answer: ForwardRes) -> int:
    if answer.status == RequestStatus.CONTENT_NOT_ACCEPTED and _SIZE.search(answer.status_text):
        return TOO_LARGE
    return _CODES.get(answer.status, UNKNOWN_ERROR)


_CODES: Final[Mapping[str, int]] = {
    RequestStatus.SERVICE_DENIED: FILTERED,
    RequestStatus.ADDRESS_UNRESOLVED: NO_SUBSCRIBER,
    RequestStatus.CONTENT_NOT_ACCEPTED: FILTERED,
    RequestStatus.UNSUPPORTED: NO_MMS,
    RequestStatus.NETWORK_PROBLEM: CONGESTED,
}


def fate(report: DeliveryReportReq | ReadReplyReq) -> tuple[ReceiptState, int | None]:
    """What a report tells, with a code of ours if it is bad.

    Some centres say no more than Indeterminate: the message's validity ends the waiting.
    """
    if isinstance(report, ReadReplyReq):
        return _READ.get(report.read_status, ReceiptState.PENDING), None
    if report.mm_status == MmStatus.RETRIEVED:
        return ReceiptState.DELIVERED, None
    if report.mm_status in _PENDING:
        return ReceiptState.PENDING, None
    return ReceiptState.UNDELIVERED, _LOST.get(report.mm_status, UNKNOWN_ERROR)


# Who deletes a message unread has it all the same.
_READ: Final[Mapping[str, ReceiptState]] = {
    ReadStatus.READ: ReceiptState.READ,
    ReadStatus.DELETED: ReceiptState.DELIVERED,
}
_PENDING: Final = frozenset({MmStatus.DEFERRED, MmStatus.INDETERMINATE, MmStatus.FORWARDED})
_LOST: Final[Mapping[str, int]] = {
    MmStatus.EXPIRED: UNREACHABLE,
    MmStatus.REJECTED: FILTERED,
    MmStatus.UNRECOGNISED: NO_MMS,
}
