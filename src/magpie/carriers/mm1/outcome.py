"""From what the MMSC answered to an Outcome. Pure."""

from collections.abc import Mapping
from typing import Final

from magpie.carriers.traffic import Accepted, Deferred, Outcome, Rejected, Unknown
from magpie.protocols import mm1

AGAIN_AFTER: Final = 5.0
_NO_SUBSCRIBER, _FILTERED, _UNKNOWN_ERROR, _BLOCKED = 30005, 30007, 30008, 30024
_OK: Final = range(200, 300)
_R = mm1.ResponseStatus
_CODES: Final[Mapping[int, int]] = {
    _R.SERVICE_DENIED: _BLOCKED,
    _R.PERMANENT_SERVICE_DENIED: _BLOCKED,
    _R.ADDRESS_UNRESOLVED: _NO_SUBSCRIBER,
    _R.PERMANENT_ADDRESS_UNRESOLVED: _NO_SUBSCRIBER,
    _R.CONTENT_NOT_ACCEPTED: _FILTERED,
    _R.PERMANENT_CONTENT_NOT_ACCEPTED: _FILTERED,
    _R.LACK_OF_PREPAID_CREDIT: _BLOCKED,
}


def outcome_of(confirmation: mm1.SendConf, key: str) -> Outcome:
    """A centre that gives no id gets one of ours, so that nobody else's report matches it."""
    status = confirmation.response_status
    detail = f"0x{status:02X} {confirmation.response_text}".rstrip()
    if mm1.is_ok(status):
        return Accepted((confirmation.message_id.strip('"') or f"unnamed-{key}",))
    if mm1.is_transient(status):
        return Deferred(detail, after=AGAIN_AFTER)
    return Rejected(_CODES.get(status, _UNKNOWN_ERROR), detail)


def of_http(status: int) -> Outcome | None:
    """None where the answer is to be read."""
    if status in _OK:
        return None
    detail = f"HTTP {status}"
    if status in {429, 503}:
        return Deferred(detail, throttled=True)
    if status < 500:  # noqa: PLR2004 - nobody there has understood it
        return Deferred(detail, after=AGAIN_AFTER)
    return Unknown(f"{detail} without an answer that can be read")
