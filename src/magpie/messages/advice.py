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
# Of media that could not be had, when the same number of a webhook wants something else.
_OPEN: Final = "Try the URL with curl and no credentials: it has to answer 200 and the file."
_MEDIA: Final[dict[int, str]] = {
    11200: f"{_OPEN} Its server may also encode nothing, such as with gzip.",
    11201: "Try the URL from this host with curl.",
    11202: "Start the server, or correct the port in the URL.",
    11205: "Try the URL from this host with curl: all of it has to be there within 30 seconds.",
    11215: "Give the URL at which the redirects end.",
    11216: "Give the URL at which the redirects end.",
    12300: "Serve the file as what it is, of a type that `magpie media fit` takes.",
    63019: "Serve the file, not an empty one.",
    63021: "Send it as a type that MMS takes, such as a picture or a PDF.",
}


def advice(status: Status, code: int | None, last: str) -> str:
    if status is Status.SENDING and last == "unknown":
        return (
            "Ask the receiver or the carrier, for it may have it already; then say so by"
            " `magpie messages settle SID sent`, `failed` or `resend`."
        )
    if last == "media" and code in _MEDIA:
        return _MEDIA[code]
    found = advices.of(code) if code is not None else None
    if found is not None and found.exact:
        return found.cure
    return _STATES.get(status, _NOTHING)
