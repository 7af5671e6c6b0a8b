"""Telnyx's Messaging API, version 2.

https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks,
https://developers.telnyx.com/docs/messaging/messages/error-codes
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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
    decoded,
    number_of,
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

URL: Final = "https://api.telnyx.com/v2"
_SIGNATURE: Final = "telnyx-signature-ed25519"
_TIMESTAMP: Final = "telnyx-timestamp"
_TOLERANCE: Final = 300.0
_STAMP: Final = len("1700000000")
_MOST_RECIPIENTS: Final = 50
_STATES: Final[Mapping[str, ReceiptState]] = {
    "delivered": ReceiptState.DELIVERED,
    "delivery_failed": ReceiptState.UNDELIVERED,
    "sending_failed": ReceiptState.UNDELIVERED,
    "expired": ReceiptState.UNDELIVERED,
}
# The account, its profile or its senders are set up wrongly: another provider may be right.
_SETUP: Final = frozenset({"40010", "40013", "40305", "40309", "40311", "40312", "40314"})
_LOCKED_OUT: Final = frozenset({"", "10009", "10010"})


class _Id(msgspec.Struct):
    id: str


class _Created(msgspec.Struct):
    data: _Id


class _Error(msgspec.Struct):
    code: str = ""
    title: str = ""
    detail: str = ""


class _Refused(msgspec.Struct):
    errors: list[_Error] = []


class _Party(msgspec.Struct):
    phone_number: str = ""
    status: str = ""


class _Medium(msgspec.Struct):
    url: str = ""


class _Payload(msgspec.Struct):
    id: str
    from_: _Party = msgspec.field(name="from", default_factory=_Party)
    to: list[_Party] = []
    text: str = ""
    type: str = "SMS"
    media: list[_Medium] = []
    errors: list[_Error] = []


class _Event(msgspec.Struct):
    event_type: str
    payload: _Payload


class _Webhook(msgspec.Struct):
    data: _Event


class Telnyx:
    """`application` is a messaging profile's id; `callback_secret` is the account's public key."""

    all_or_nothing = False
    taken = Answer()

    def __init__(self, access: Access) -> None:
        """Raise ValueError for what is no key."""
        self.url = access.url or URL
        self.headers: Mapping[str, str] = {"Authorization": f"Bearer {access.token}"}
        self._profile = access.application
        try:
            key = b64decode(access.callback_secret, validate=True)
            self._key = Ed25519PublicKey.from_public_bytes(key)
        except (ValueError, binascii.Error) as error:
            raise ValueError("callback_secret is no public key of Telnyx's") from error

    def call(self, submission: Submission, media: Sequence[str], callback: str) -> Call:
        asked: dict[str, Any] = {
            "from": submission.from_,
            "to": submission.to,
            "text": submission.body,
            "type": submission.kind.upper(),
            "webhook_url": callback,
        }
        if media:
            asked["media_urls"] = list(media)
        if self._profile:
            asked["messaging_profile_id"] = self._profile
        headers = {"Content-Type": "application/json"}
        return Call(f"{self.url}/messages", headers, msgspec.json.encode(asked))

    def outcome(self, status: int, body: bytes) -> Outcome | LockedOut:
        if status in OK:
            made = decoded(body, _Created)
            return Accepted((made.data.id,)) if made else Unknown(f"HTTP {status} without an id")
        refused = decoded(body, _Refused) or _Refused()
        error = next(iter(refused.errors), _Error())
        detail = short(f"HTTP {status}: {error.code} {error.title} {error.detail}".rstrip())
        if status in LOCKED and error.code in _LOCKED_OUT:
            return LockedOut(detail)
        elsewhere = not error.code or error.code in _SETUP
        return Rejected(codes.TELNYX.get(error.code, UNKNOWN_ERROR), detail, elsewhere)

    def allows(self, knock: Knock, now: float) -> bool:
        stamp = knock.headers.get(_TIMESTAMP, "")
        at = number_of(stamp, _STAMP)
        if at is None or abs(now - at) > _TOLERANCE:
            return False
        try:
            signature = b64decode(knock.headers.get(_SIGNATURE, ""))
            self._key.verify(signature, stamp.encode() + b"|" + knock.body)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def read(self, knock: Knock) -> list[Told | Came]:
        event = unpacked(knock.body, _Webhook).data
        if event.event_type == "message.received":
            return list(_came(event.payload))
        return [_told(event)]


def _told(event: _Event) -> Told:
    payload = event.payload
    status = next((one.status for one in payload.to), "")
    # Of what has only been sent the status may say more than is certain.
    final = event.event_type == "message.finalized"
    state = _STATES.get(status, ReceiptState.PENDING) if final else ReceiptState.PENDING
    error = next(iter(payload.errors), _Error())
    undelivered = state is ReceiptState.UNDELIVERED
    return Told(
        carrier_id=payload.id,
        state=state,
        code=codes.TELNYX.get(error.code, UNKNOWN_ERROR) if undelivered else None,
        detail=short(" ".join(filter(None, (status, error.code, error.title)))),
    )


def _came(payload: _Payload) -> list[Came]:
    media = tuple(filter(None, (one.url for one in payload.media)))
    return [
        Came(
            key=f"{payload.id}>{one.phone_number}",
            from_=payload.from_.phone_number,
            to=one.phone_number,
            body=payload.text,
            kind=Kind.MMS if media or payload.type == "MMS" else Kind.SMS,
            media=media,
        )
        for one in payload.to[:_MOST_RECIPIENTS]
    ]
