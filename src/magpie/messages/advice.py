"""What a person can do about a message's state."""

from typing import Final

from magpie.alerts import advice as advices
from magpie.messages.lifecycle import Status

_WAIT: Final = "Wait; `magpie send --wait` and status callbacks tell when it changes."
_NOTHING: Final = "Nothing."

_STATES: Final[dict[Status, str]] = {
    Status.QUEUED: (
        "If it waits long, its sender's lane may be paused, or a carrier down: `magpie status` and"
        " Queues in the console say so."
    ),
    Status.SENT: _WAIT,
    Status.SENDING: _WAIT,
    Status.SCHEDULED: "Update it with Status=canceled to stop it.",
    Status.FAILED: "See the last hop above, correct it, and send a new message.",
    Status.UNDELIVERED: "See what the carrier said above.",
}


def advice(status: Status, code: int | None, last: str) -> str:
    if status is Status.SENDING and last == "unknown":
        return (
            "Ask the receiver or the carrier, for it may have it already; then say so by"
            " `magpie messages settle SID sent`, `failed` or `resend`."
        )
    found = advices.of(code) if code is not None else None
    if found is not None and found.exact:
        return found.cure
    return _STATES.get(status, _NOTHING)
