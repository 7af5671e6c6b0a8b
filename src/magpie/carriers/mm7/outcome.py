"""From what the relay answered to an Outcome, and from reports to codes of ours. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from magpie.carriers.mm7.options import LinkOptions
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Outcome,
    ReceiptState,
    Rejected,
    Unknown,
)
from magpie.protocols.mm7 import (
    DeliveryReportReq,
    Fault,
    Operation,
    ReadReplyReq,
    Response,
    Status,
    StatusClass,
    StatusCode,
    SubmitRsp,
    classify,
)

AGAIN_AFTER: Final = 5.0
UNREACHABLE, NO_SUBSCRIBER, FILTERED, UNKNOWN_ERROR = 30003, 30005, 30007, 30008
NO_MMS, TOO_LARGE = 30011, 30019

_CODES: Final[Mapping[int, int]] = {
    StatusCode.ADDRESS_ERROR: NO_SUBSCRIBER,
    StatusCode.ADDRESS_NOT_FOUND: NO_SUBSCRIBER,
    StatusCode.CONTENT_REFUSED: FILTERED,
    StatusCode.MESSAGE_REJECTED: FILTERED,
}
_SIZE: Final = re.compile(r"\b(?:size|large|big|exceed\w*|oversized?)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![0-9])[1-9][0-9]{3}(?![0-9])")

_DELIVERED: Final = frozenset({"retrieved", "delivered"})
_PENDING: Final = frozenset({"forwarded", "deferred", "processing", "indeterminate", "replaced"})
_LOST: Final[Mapping[str, int]] = {
    "expired": UNREACHABLE,
    "unreachable": UNREACHABLE,
    "rejected": FILTERED,
    "unrecognised": NO_MMS,
    "notsupported": NO_MMS,
}


def outcome_of(operation: Operation, key: str, options: LinkOptions) -> Outcome:
    """A relay that gives no id gets one of ours, so that nobody else's report matches it."""
    match operation:
        case SubmitRsp(status=status, message_id=message_id):
            taken = Accepted((message_id or f"unnamed-{key}",))
            return of_status(status, options) or taken
        case Response(status=status):
            return of_status(status, options) or Accepted((f"unnamed-{key}",))
        case Fault(error=None, code=code, reason=reason):
            detail = f"fault {code}: {reason}"
            client = code.lower().startswith("client")
            return Rejected(UNKNOWN_ERROR, detail) if client else Deferred(detail)
        case Fault(error=error):
            assert error is not None
            refused = of_status(error.status, options)
            # A fault that says that all is well says nothing.
            return refused or Unknown(f"a fault with status {error.status.code}")
        case _:
            return Unknown(f"the relay answered {operation.name}")


def of_status(status: Status, options: LinkOptions) -> Outcome | None:
    """None where the message was taken over."""
    detail = f"{status.code} {status.text} {status.details}".rstrip()
    match classify(status.code, options.classes):
        case StatusClass.ACCEPTED | StatusClass.PARTIAL:
            return None
        case StatusClass.THROTTLE:
            return Deferred(detail, throttled=True)
        case StatusClass.TEMPORARY:
            return Deferred(detail, after=AGAIN_AFTER)
        case StatusClass.UNKNOWN:
            return Unknown(detail)
        case meaning:
            # How the two of us are set up is no fault of the message.
            elsewhere = meaning is StatusClass.CONFIGURATION
            return Rejected(code_of(status, options), detail, elsewhere)


def code_of(status: Status, options: LinkOptions) -> int:
    if own := options.codes.get(status.code):
        return own
    if status.code == StatusCode.CONTENT_REFUSED and _SIZE.search(status.text + status.details):
        return TOO_LARGE
    return _CODES.get(status.code, UNKNOWN_ERROR)


def of_http(status: int, retry_after: str) -> Outcome:
    """What an answer without a message in it says."""
    detail = f"HTTP {status}"
    match status:
        case 413:
            return Rejected(TOO_LARGE, detail)
        case 429:
            after = float(retry_after) if re.fullmatch(r"[0-9]{1,3}", retry_after) else None
            return Deferred(detail, throttled=True, after=after)
        case _ if 300 <= status < 500:  # noqa: PLR2004 - nobody there has understood it
            return Deferred(detail, after=AGAIN_AFTER)
        case _:
            return Unknown(f"{detail} without an answer that can be read")


def fate(
    report: DeliveryReportReq | ReadReplyReq, options: LinkOptions
) -> tuple[ReceiptState, int | None]:
    """What a report tells, with a code of ours if it is bad.

    Some relays say no more than Indeterminate: the message's validity ends the waiting.
    """
    word = report.mm_status.lower()
    if isinstance(report, ReadReplyReq):
        return _READ.get(word, ReceiptState.PENDING), None
    if word in _DELIVERED:
        return ReceiptState.DELIVERED, None
    if word in _PENDING:
        return ReceiptState.PENDING, None
    told = (options.codes.get(int(number)) for number in _NUMBER.findall(report.status_text))
    code = next((code for code in told if code), None)
    return ReceiptState.UNDELIVERED, code or _LOST.get(word, UNKNOWN_ERROR)


# Who deletes a message unread has it all the same.
_READ: Final = {"read": ReceiptState.READ, "deleted": ReceiptState.DELIVERED}
