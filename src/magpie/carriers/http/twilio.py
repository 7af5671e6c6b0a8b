"""Twilio's Messages API, and who else speaks it: another Magpie among them.

https://www.twilio.com/docs/messaging/api/message-resource,
https://www.twilio.com/docs/usage/security
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from magpie.carriers.door import Answer, Knock
from magpie.carriers.http.dialect import (
    LOCKED,
    OK,
    UNKNOWN_ERROR,
    Access,
    Call,
    Came,
    LockedOut,
    Told,
    Unread,
    basic,
    decoded,
    number_of,
    short,
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
from magpie.errors import CATALOGUE
from magpie.kit import clock
from magpie.webhooks.signature import sign

URL: Final = "https://api.twilio.com"
_VERSION: Final = "2010-04-01"
_SIGNATURE: Final = "x-twilio-signature"
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_VALIDITY: Final = 36_000
_CODE: Final = len("30008")
_STATES: Final[Mapping[str, ReceiptState]] = {
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.READ,
    "undelivered": ReceiptState.UNDELIVERED,
    "failed": ReceiptState.UNDELIVERED,
    "canceled": ReceiptState.UNDELIVERED,
}
# The account, its senders or the address are set up wrongly: another provider may be right.
_SETUP: Final = frozenset({20404, 21212, 21408, 21603, 21606, 21612, 21659, 21660, 21661, 21703})
_LOCKED_OUT: Final = frozenset({0, 10001, 20003, 20005, 20403})


class _Created(msgspec.Struct):
    sid: str


class _Refused(msgspec.Struct):
    code: int = 0
    message: str = ""


class Twilio:
    """`username` is an API key's SID where `token` is its secret; else the account's is used.

    Callbacks are signed with the account's auth token: `callback_secret` if `token` is another.
    """

    all_or_nothing = False
    taken = Answer(content_type="text/xml", body=b"<Response/>")

    def __init__(self, access: Access) -> None:
        self.url = access.url or URL
        self.headers: Mapping[str, str] = {
            "Authorization": basic(access.username or access.account, access.token)
        }
        self._service = access.application
        self._secret = access.callback_secret or access.token
        account = quote(access.account, safe="")
        self._messages = f"{self.url}/{_VERSION}/Accounts/{account}/Messages.json"

    def call(self, submission: Submission, media: Sequence[str], callback: str) -> Call:
        form = [
            ("To", submission.to),
            ("From", submission.from_),
            ("StatusCallback", callback),
        ]
        if self._service:
            form.append(("MessagingServiceSid", self._service))
        if submission.body or not media:
            form.append(("Body", submission.body))
        form += [("MediaUrl", url) for url in media]
        if submission.kind is Kind.MMS and not media:
            form.append(("SendAsMms", "true"))
        if submission.expires_at:
            form.append(("ValidityPeriod", str(_seconds_until(submission.expires_at))))
        return Call(self._messages, {"Content-Type": _FORM}, urlencode(form).encode())

    def outcome(self, status: int, body: bytes) -> Outcome | LockedOut:
        if status in OK:
            made = decoded(body, _Created)
            return Accepted((made.sid,)) if made else Unknown(f"HTTP {status} without a SID")
        refused = decoded(body, _Refused) or _Refused()
        detail = short(f"HTTP {status}: {refused.code} {refused.message}")
        if status in LOCKED and refused.code in _LOCKED_OUT:
            return LockedOut(detail)
        return Rejected(_code(refused.code), detail, elsewhere=refused.code in {0, *_SETUP})

    def allows(self, knock: Knock, now: float) -> bool:  # noqa: ARG002 - signatures have no date
        given = knock.headers.get(_SIGNATURE, "")
        params = _params(knock) if knock.method == "POST" else []
        wanted = sign(self._secret, knock.url, params)
        return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))

    def read(self, knock: Knock) -> list[Told | Came]:
        given = dict(_params(knock))
        sid = given.get("MessageSid") or given.get("SmsSid")
        if not sid:
            raise Unread("there is no MessageSid")
        status = given.get("MessageStatus") or given.get("SmsStatus", "")
        if "MessageStatus" in given or status != "received":
            return [_told(sid, status, given)]
        return [_came(sid, given)]


def _seconds_until(moment: datetime) -> int:
    left = int((moment - clock.now()).total_seconds())
    return min(max(1, left), _LONGEST_VALIDITY)


def _code(code: int) -> int:
    """Twilio's codes are ours, but for those that we do not know."""
    return code if code in CATALOGUE else UNKNOWN_ERROR


def _params(knock: Knock) -> list[tuple[str, str]]:
    text = knock.body.decode("utf-8", "replace") if knock.method == "POST" else knock.query
    return parse_qsl(text, keep_blank_values=True)


def _told(sid: str, status: str, given: Mapping[str, str]) -> Told:
    state = _STATES.get(status, ReceiptState.PENDING)
    error = given.get("ErrorCode", "")
    code = None
    if state is ReceiptState.UNDELIVERED:
        code = _code(number_of(error, _CODE) or 0)
    detail = " ".join(filter(None, (status, error, given.get("ErrorMessage", ""))))
    return Told(carrier_id=sid, state=state, code=code, detail=short(detail))


def _came(sid: str, given: Mapping[str, str]) -> Came:
    number = given.get("NumMedia", "0")
    count = int(number) if number in {str(n) for n in range(11)} else 0
    media = tuple(filter(None, (given.get(f"MediaUrl{n}", "") for n in range(count))))
    return Came(
        key=sid,
        from_=given.get("From", ""),
        to=given.get("To", ""),
        body=given.get("Body", ""),
        kind=Kind.MMS if media or sid.startswith("MM") else Kind.SMS,
        media=media,
    )
