"""Messages of MM1 and pushes of WAP."""

from typing import Final

from tests.fuzz.outcome import Cases, Outcome

from magpie.protocols import mm1

_HEAD: Final = b"\x8c\x84\x98T\0\x8d\x92"
"""A m-retrieve-conf with its transaction and version."""
_TEXT: Final = mm1.Part(content_type=mm1.ContentType("text/plain"), data=b"hello", content_id="a")
_RELATED: Final = mm1.ContentType(mm1.RELATED, (("start", "<a>"),))
_SEND: Final = mm1.encode(
    mm1.SendReq(
        transaction_id="T", to=("+1/TYPE=PLMN",), content=mm1.Content(_RELATED, (_TEXT, _TEXT))
    )
)
_NOTIFICATION: Final = mm1.encode(
    mm1.NotificationInd(
        transaction_id="T",
        message_class=mm1.MessageClass.PERSONAL,
        message_size=1000,
        expiry=mm1.Relative(60),
        content_location="http://mmsc/1",
    )
)
_BODY: Final = b"\x84\xa3"
"""Content-Type: application/vnd.wap.multipart.mixed, as its number."""
_PART: Final = b"\1\5\x83hello"
_KEPT: Final = {
    "m-send-req": _SEND,
    "m-send-conf": mm1.encode(
        mm1.SendConf(transaction_id="T", response_status=0x80, message_id="M")
    ),
    "m-notification-ind": _NOTIFICATION,
    "m-delivery-ind": mm1.encode(
        mm1.DeliveryInd(message_id="M", to=("+1/TYPE=PLMN",), date=1, status=mm1.Status.RETRIEVED)
    ),
    "m-notifyresp-ind": mm1.encode(
        mm1.NotifyRespInd(transaction_id="T", status=mm1.Status.DEFERRED)
    ),
    "a subject in UTF-8": mm1.encode(
        mm1.SendReq(
            transaction_id="T",
            subject="Größe 🐦",
            content=mm1.Content(mm1.ContentType("text/plain")),
        )
    ),
    "a text that begins as a length does": bytes.fromhex(
        "8c2b8043502750454ccd4e00842010ffffffffffcf8d01ffff0004"
    ),
    "a message of no table": b"\x8c\xff\x98T\0\x8d\x92",
    "a field of no table": _HEAD + b"\xf3\x03abc" + _BODY + b"\1" + _PART,
    "a header in words": _HEAD + b"X-Vendor\0yes\0" + _BODY + b"\1" + _PART,
    "a field twice": _HEAD + b"\x96one\0\x96two\0" + _BODY + b"\1" + _PART,
    "From without an address": _HEAD + b"\x89\1\x81" + _BODY + b"\1" + _PART,
    "a charset of no table": _HEAD + b"\x96\6\2\x7f\xffab\0" + _BODY + b"\1" + _PART,
    "UTF-16 in a subject": _HEAD + b"\x96\x09\2\3\xf7\xfe\xff\0a\0\0" + _BODY + b"\1" + _PART,
    "no parts": _HEAD + _BODY + b"\0",
    "fewer parts than announced": _HEAD + _BODY + b"\x7f" + _PART,
    "more parts than announced": _HEAD + _BODY + b"\1" + _PART * 3,
    "a part of no octets": _HEAD + _BODY + b"\1\1\0\x83",
    "base64 inside a part": _HEAD + _BODY + b"\1\x09\4\x83\xc8base64\0aGk=",
    "one part alone": _HEAD + b"\x84\x83hello",
    "a content type in words": _HEAD + b"\x84text/x-odd\0hello",
    "300 parts": _HEAD + _BODY + b"\x82\x2c" + _PART * 300,
}
_REFUSED: Final = {
    "nothing": b"",
    "no message type": b"\x98T\0\x8d\x92",
    "a message type of two octets, and no more": b"\x8c\x80",
    "an expiry of 4 GB": b"\x8c\x82\x98T\0\x8d\x90\x84\x1f\xff\xff\xff\xff\x7f",
    "a length past the end": _HEAD + b"\x89\x1e\x80",
    "a uintvar of six octets": _HEAD + _BODY + b"\xff\xff\xff\xff\xff\x7f",
    "a part longer than what is there": _HEAD + _BODY + b"\1\1\x7f\x83",
    "headers of a part longer than it": _HEAD + _BODY + b"\1\x7f\1\x83",
    "an integer of 31 octets": _HEAD + b"\x85\x1f" + b"\xff" * 31,
    "1,001 fields": _HEAD + b"\x96a\0" * 1001,
    "HTML": b"<html><body>502 Bad Gateway</body></html>",
    "JSON": b'{"error": "no such message"}',
}
MM1_PDU: Final[Cases] = {Outcome.KEPT: _KEPT, Outcome.REFUSED: _REFUSED}

_WRAPPED: Final = mm1.push.wrap(_NOTIFICATION, 1)
WSP_PUSH: Final[Cases] = {
    Outcome.KEPT: {
        "a notification": _WRAPPED,
        "a push of nothing": mm1.push.wrap(b"", 0xFF),
        "a push of another content": b"\1\6\1\x83hello",
    },
    Outcome.REFUSED: {
        "nothing": b"",
        "a transaction alone": b"\1",
        "no push": b"\1\7\0",
        "headers longer than what is there": b"\1\6\x7f\xaf\x84",
        "headers of 4 GB": b"\1\6\xff\xff\xff\xff\x7f",
        "a uintvar that never ends": b"\1\6" + b"\xff" * 40,
        "a length of a length": b"\1\6\x1f\x1f",
        **{
            f"a part of a push, its number {n}": part
            for n, part in enumerate(mm1.push.split(_WRAPPED * 3, 7), 1)
        },
    },
}
