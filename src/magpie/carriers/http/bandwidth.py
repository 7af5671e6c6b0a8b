"""Bandwidth's Messaging API, version 2.

https://dev.bandwidth.com/docs/messaging/webhooks, https://dev.bandwidth.com/docs/messaging/errors/codes
"""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from magpie.carriers.door import Answer, Knock
from magpie.carriers.http import codes
from magpie.carriers.http.dialect import (
    LOCKED,
    OK,
    UNKNOWN_ERROR,
    Access,
    Call,
    Came,
    LockedOut,
    Told,
    basic,
    decoded,
    short,
    unpacked,
)
from magpie.carriers.traffic import (
    Accepted,
    Kind,
    Outcome,
    ReceiptState,
    Rejected,
    Submission,
    Unknown,
)

URL: Final = "https://messaging.bandwidth.com/api/v2"
_SLIDES: Final = (".smil", ".xml")
_STATES: Final[Mapping[str, ReceiptState]] = {
    "message-delivered": ReceiptState.DELIVERED,
    "message-read": ReceiptState.READ,
    "message-failed": ReceiptState.UNDELIVERED,
    "message-sending": ReceiptState.PENDING,
}


class _Created(msgspec.Struct):
    id: str


class _FieldError(msgspec.Struct):
    field_name: str = msgspec.field(name="fieldName", default="")
    description: str = ""


class _Refused(msgspec.Struct):
    type: str = ""
    description: str = ""
    field_errors: list[_FieldError] = msgspec.field(name="fieldErrors", default_factory=list)


class _Message(msgspec.Struct):
    id: str
    from_: str = msgspec.field(name="from", default="")
    to: list[str] = []
    text: str = ""
    media: list[str] = []


class _Event(msgspec.Struct):
    type: str
    message: _Message
    to: str = ""
    description: str = ""
    error_code: int | None = msgspec.field(name="errorCode", default=None)


class Bandwidth:
    """`application` is an applicationId; `callback_secret` is NAME:PASSWORD of its callbacks."""

    # Whatever is answered with an error was neither sent nor billed, says Bandwidth.
    all_or_nothing = True
    taken = Answer()

    def __init__(self, access: Access) -> None:
        """Raise ValueError for a secret that is no pair."""
        self.url = access.url or URL
        self.headers: Mapping[str, str] = {"Authorization": basic(access.username, access.token)}
        self._application = access.application
        self._wanted = basic(*_pair(access.callback_secret))
        self._messages = f"{self.url}/users/{quote(access.account, safe='')}/messages"

    def call(self, submission: Submission, media: Sequence[str], callback: str) -> Call:  # noqa: ARG002 - it is set at the application
        asked: dict[str, Any] = {
            "applicationId": self._application,
            "to": [submission.to],
            "from": submission.from_,
            "text": submission.body,
            "tag": submission.key,
        }
        if media:
            asked["media"] = list(media)
        if submission.expires_at:
            asked["expiration"] = submission.expires_at.isoformat(timespec="seconds")
        headers = {"Content-Type": "application/json"}
        return Call(self._messages, headers, msgspec.json.encode(asked))

    def outcome(self, status: int, body: bytes) -> Outcome | LockedOut:
        if status in OK:
            made = decoded(body, _Created)
            return Accepted((made.id,)) if made else Unknown(f"HTTP {status} without an id")
        refused = decoded(body, _Refused) or _Refused()
        fields = {one.field_name: one.description for one in refused.field_errors}
        said = [refused.type, refused.description, *(" ".join(pair) for pair in fields.items())]
        detail = short(f"HTTP {status}: {' '.join(filter(None, said))}")
        if status in LOCKED:
            return LockedOut(detail)
        return Rejected(_code_of(fields), detail, elsewhere="to" not in fields)

    def allows(self, knock: Knock, now: float) -> bool:  # noqa: ARG002 - a password has no date
        given = knock.headers.get("authorization", "")
        return hmac.compare_digest(self._wanted.encode(), given.encode("utf-8", "replace"))

    def read(self, knock: Knock) -> list[Told | Came]:
        return [_read(event) for event in unpacked(knock.body, list[_Event])]


def _pair(secret: str) -> tuple[str, str]:
    name, _, password = secret.partition(":")
    if not (name and password):
        raise ValueError("callback_secret is not NAME:PASSWORD")
    return name, password


def _code_of(fields: Mapping[str, str]) -> int:
    for name, code in (("to", 21211), ("from", 21212), ("media", 30019)):
        if name in fields:
            return code
    return UNKNOWN_ERROR


def _read(event: _Event) -> Told | Came:
    message = event.message
    if event.type != "message-received":
        return _told(event)
    # A group's message comes once for each number of ours, with the slides among its media.
    media = tuple(url for url in message.media if not url.lower().endswith(_SLIDES))
    return Came(
        key=f"{message.id}>{event.to}",
        from_=message.from_,
        to=event.to or next(iter(message.to), ""),
        body=message.text,
        kind=Kind.MMS if message.media else Kind.SMS,
        media=media,
    )


def _told(event: _Event) -> Told:
    state = _STATES.get(event.type, ReceiptState.PENDING)
    code = None
    if state is ReceiptState.UNDELIVERED:
        code = codes.BANDWIDTH.get(event.error_code or 0, UNKNOWN_ERROR)
    said = (event.type, str(event.error_code or ""), event.description)
    return Told(
        carrier_id=event.message.id,
        state=state,
        code=code,
        detail=short(" ".join(filter(None, said))),
    )
