"""From what the carrier answered to an Outcome, and from receipts to codes of ours. Pure.

A long text is several submits. Its parts add up like this, the first line that fits counts:

1. any part refused for good: Rejected, for the text can never arrive whole
2. any part of which nobody knows: Unknown; the next attempt sends only what was not taken over
3. any part throttled, passing fault or not sent: Deferred, likewise
4. all taken over: Accepted, with the ids of earlier attempts in their places
"""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.smpp.request import Answered, Lost, Reply, Unfit, Unsent
from magpie.carriers.traffic import Deferred, Outcome, ReceiptState, Rejected, Unknown
from magpie.protocols.smpp import MessageState, Status, StatusClass, classify, status_name
from magpie.protocols.smpp import Receipt as SmscReceipt

_CODES: Final[Mapping[int, int]] = {
    Status.RINVMSGLEN: 30019,
    Status.RINVSRCADR: 30024,
    Status.RINVDSTADR: 30005,
    Status.RX_R_APPN: 30007,
    Status.RPROHIBITED: 30007,
}
_UNKNOWN_ERROR: Final = 30008
# RSUBMITFAIL says nothing: after so many attempts it is meant (smpp.md section 7).
_SUBMIT_FAILS: Final = 3
_AGAIN_AFTER: Final = 5.0

_STATES: Final = {
    MessageState.EXPIRED: 30003,
    MessageState.REJECTED: 30007,
}
# Carriers that write three decimal digits mostly mean errors of MAP (3GPP TS 29.002, 17.6.6).
_MAP_ERRORS: Final = {
    1: 30005,  # unknown subscriber
    5: 30005,  # unidentified subscriber
    6: 30003,  # absent subscriber, short message
    9: 30005,  # illegal subscriber
    11: 30006,  # teleservice not provisioned
    12: 30005,  # illegal equipment
    13: 30004,  # call barred
    21: 30006,  # facility not supported
    27: 30003,  # absent subscriber
    31: 30003,  # subscriber busy for short messages
}
_GSM: Final = 3


def blocker(
    replies: Mapping[int, Reply],
    options: LinkOptions,
    *,
    parts: int,
    attempt: int,
    pause: float,
) -> Outcome | None:
    """The worst of the parts that were not taken over; None if there is none.

    `pause` is for how long a throttle has stopped the link.
    """
    worst: Outcome | None = None
    for index, reply in replies.items():
        outcome = _of_reply(reply, options, attempt, pause)
        if outcome is not None and (worst is None or _rank(outcome) > _rank(worst)):
            worst = _named(outcome, index, parts)
    return worst


def _rank(outcome: Outcome) -> int:
    match outcome:
        case Rejected():
            return 3
        case Unknown():
            return 2
        case Deferred(throttled=True):
            return 1
        case _:
            return 0


def _named(outcome: Outcome, index: int, parts: int) -> Outcome:
    if parts == 1 or isinstance(outcome, Deferred):
        return outcome
    text = f"part {index + 1}: {getattr(outcome, 'detail', '')}"
    if isinstance(outcome, Rejected):
        return replace(outcome, detail=text)
    return Unknown(text)


def _of_reply(reply: Reply, options: LinkOptions, attempt: int, pause: float) -> Outcome | None:
    match reply:
        case Answered():
            return _of_status(reply.status, options, attempt, pause)
        case Lost():
            return Unknown(reply.why)
        case Unfit():
            return Rejected(_UNKNOWN_ERROR, reply.why)
        case Unsent():
            # Not the message's fault: a link that is away must not use up its tries.
            return Deferred(reply.why, throttled=True, after=reply.after)


def _of_status(status: int, options: LinkOptions, attempt: int, pause: float) -> Outcome | None:
    detail = status_name(status)
    match classify(status, options.classes):
        case StatusClass.OK:
            return None
        case StatusClass.THROTTLE:
            return Deferred(detail, throttled=True, after=pause)
        case StatusClass.TEMPORARY if status != Status.RSUBMITFAIL or attempt < _SUBMIT_FAILS:
            return Deferred(detail, after=_AGAIN_AFTER)
        case StatusClass.SESSION:
            return Deferred(detail, after=_AGAIN_AFTER)
        case meaning:
            # Not the message is at fault but how the two of us are set up, or nobody knows what.
            elsewhere = meaning is not StatusClass.PERMANENT
            return Rejected(code_of(status, options), detail, elsewhere)


def code_of(status: int, options: LinkOptions) -> int:
    return options.codes.get(status) or _CODES.get(status, _UNKNOWN_ERROR)


def is_throttle(reply: Reply, options: LinkOptions) -> bool:
    return (
        isinstance(reply, Answered)
        and classify(reply.status, options.classes) is StatusClass.THROTTLE
    )


def fate(receipt: SmscReceipt, options: LinkOptions) -> tuple[ReceiptState, int | None]:
    """What a receipt tells, with a code of ours if it is bad.

    UNKNOWN is no end: a later receipt, or the message's validity, brings one.
    """
    if not receipt.final:
        return ReceiptState.PENDING, None
    if receipt.state is MessageState.DELIVERED:
        return ReceiptState.DELIVERED, None
    return ReceiptState.UNDELIVERED, _receipt_code(receipt, options)


def _receipt_code(receipt: SmscReceipt, options: LinkOptions) -> int:
    if own := options.receipt_codes.get(receipt.error):
        return own
    return _map_error(receipt) or _STATES.get(receipt.state, _UNKNOWN_ERROR)


def _map_error(receipt: SmscReceipt) -> int | None:
    if receipt.network_error is not None and receipt.network_error[0] == _GSM:
        return _MAP_ERRORS.get(receipt.network_error[1])
    if len(receipt.error) == len("000") and receipt.error.isdecimal():
        return _MAP_ERRORS.get(int(receipt.error))
    return None
