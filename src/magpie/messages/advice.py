"""What a person can do about a message's state."""

from typing import Final

from magpie.messages.lifecycle import Status

_WAIT: Final = "Wait; `magpie send --wait` and status callbacks tell when it changes."
_NOTHING: Final = "Nothing."

# The error codes that a message can end with (errors.md section 4).
_CODES: Final[dict[int, str]] = {
    21610: "The receiver said STOP. Only a START from that phone opens the way again.",
    30001: "The sender's queue was full: send slower, or from more senders.",
    30003: "The phone is off or out of reach: send again later.",
    30004: "The carrier or the receiver blocks this sender: ask the receiver.",
    30005: "Check the number: the carrier does not know it.",
    30006: "The number cannot get messages: use one of a mobile phone.",
    30007: "The carrier filtered it: look at links and wording, and at the sender's registration.",
    30008: "The carrier did not say why: look at what it said above, then send again.",
    30011: "That carrier takes no MMS: send a text with a link to the picture.",
    30017: "The carrier is congested: send again later.",
    30019: "Send smaller media, or fewer of them.",
    30022: "Send slower, or from more senders.",
    30032: "Verify the toll-free number before sending from it.",
    30034: "Register the number for a campaign before sending from it.",
    30036: "Give a longer ValidityPeriod, or see `magpie status` for what holds up the lane.",
}
_STATES: Final[dict[Status, str]] = {
    Status.QUEUED: "If it waits long, `magpie status` shows the lanes and carriers.",
    Status.SENT: _WAIT,
    Status.SENDING: _WAIT,
    Status.SCHEDULED: "Update it with Status=canceled to stop it.",
    Status.FAILED: "See the last hop above, correct it, and send a new message.",
    Status.UNDELIVERED: "See what the carrier said above.",
}


def advice(status: Status, code: int | None, last: str) -> str:
    if status is Status.SENDING and last == "unknown":
        return (
            "Ask the receiver or the carrier before sending it again:"
            " the carrier may have it already."
        )
    if code in _CODES:
        return _CODES[code]
    return _STATES.get(status, _NOTHING)
