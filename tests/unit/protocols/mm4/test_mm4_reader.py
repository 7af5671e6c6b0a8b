"""Mails as other centres write them, and rubbish."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from magpie.protocols import mm4

FORWARD = b"""\
Received: from x by y; Fri, 2 Jan 2026 00:00:00 +0000
x-mms-3gpp-mms-version: 6.10.0
X-MMS-MESSAGE-TYPE: mm4_FORWARD.req
X-Mms-Transaction-Id: "t 1"
X-Mms-Message-Id:
 "m1@elsewhere"
From: "Doe, \\"J\\"" <+15558675310/TYPE=PLMN@mms.elsewhere.example>
To: +15017122661/type=plmn, 12345/TYPE=PLMN@mms.example,
\t<bob@mail.example>
Cc: 1.2.3.4/TYPE=IPv4; 2001:db8::1/TYPE=IPv6
Date: yesterday
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
X-Mms-Expiry: 3600
X-Mms-Priority: HIGH
X-Mms-Ack-Request: "YES"
X-Mms-Delivery-Report: no
X-Mms-Forward-Counter: many
X-Mms-Originator-System: system@mms.elsewhere.example
X-Vendor: whatever
Content-Type: multipart/related; Start="<s>";
 Type="application/smil"; boundary="b"

--b
Content-Type: application/smil
Content-ID: <s>

<smil/>
--b
Content-Type: image/gif
Content-Transfer-Encoding: base64

R0lGODlh
--b--
"""


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_forward_of_another_make(end: bytes) -> None:
    """Names in any case, ids in quotes, folded lists, a date that is none."""
    found = mm4.read(FORWARD.replace(b"\n", end))
    assert isinstance(found, mm4.ForwardReq)
    assert (found.transaction_id, found.message_id) == ('"t 1"', '"m1@elsewhere"')
    assert mm4.bare_id(found.message_id) == "m1@elsewhere"
    assert found.from_ == mm4.Address("+15558675310", domain="mms.elsewhere.example")
    assert found.to == (
        mm4.Address("+15017122661"),
        mm4.Address("12345", mm4.AddressKind.SHORT_CODE, "mms.example"),
        mm4.Address("bob@mail.example", mm4.AddressKind.EMAIL),
    )
    assert [one.kind for one in found.cc] == [mm4.AddressKind.IPV4, mm4.AddressKind.IPV6]
    assert (found.date, found.subject, found.priority) == (None, "Grüße", "High")
    assert found.expiry == timedelta(hours=1)
    assert (found.ack_request, found.delivery_report, found.forward_counter) == (True, False, None)
    assert [part.body for part in found.content.parts] == [b"<smil/>", b"GIF89a"]
    assert found.content.content_type["start"] == "<s>"


HEAD = b"X-Mms-Transaction-ID: t\nX-Mms-Message-ID: m\nFrom: +1555\nX-Mms-Message-Type: "


@pytest.mark.parametrize(
    ("rest", "field", "value"),
    [
        (b"MM4_delivery_report.REQ\nX-Mms-Status: retrieved", "mm_status", "Retrieved"),
        (
            b"MM4_delivery_report.REQ\nX-Mms-MM-Status-Code: Unrecognized",
            "mm_status",
            "Unrecognised",
        ),
        (b"MM4_delivery_report.REQ\nX-Mms-MM-Status-Code: Odd", "mm_status", "Odd"),
        (b"MM4_read_reply_report.REQ\nX-Mms-MM-Read-Status: read", "read_status", "Read"),
        (
            b"MM4_read_reply_report.REQ\nX-Mms-Read-Status: Deleted",
            "read_status",
            "Deleted without being read",
        ),
        (b"MM4_forward.RES\nX-Mms-Request-Status-Code: OK", "status", "Ok"),
        (b"MM4_forward.REQ\nX-Mms-To: +1501", "to", (mm4.Address("+1501"),)),
        (
            b"MM4_forward.REQ\nX-Mms-Expiry: 2026-01-02T03:04:05Z",
            "expiry",
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        (
            b'"MM4_forward.REQ"\nDate: Fri, 2 Jan 2026 03:04:05 -0000',
            "date",
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        (b"MM4_forward.REQ\nX-Mms-VASP-ID: v", "vasp_id", "v"),
    ],
)
def test_what_vendors_write(rest: bytes, field: str, value: object) -> None:
    """Other names and other spellings mean the same."""
    assert getattr(mm4.read(HEAD + rest + b"\n\n"), field) == value


@pytest.mark.parametrize(
    ("mail", "status"),
    [
        (b"", "Error-unsupported-message"),
        (b"rubbish", "Error-unsupported-message"),
        (b"Subject: hello\n\nhello", "Error-unsupported-message"),
        (HEAD + b"MM5\n\n", "Error-unsupported-message"),
        (HEAD + b"MM4_delivery_report.REQ\n\n", "Error-message-format-corrupt"),
        (HEAD + b"MM4_forward.RES\n\n", "Error-message-format-corrupt"),
        (
            b"X-Mms-Message-Type: MM4_forward.REQ\nX-Mms-Message-ID: m\nFrom: +1\n\n",
            "Error-message-format-corrupt",
        ),
        (HEAD + b"MM4_forward.REQ\nSubject: a\0b\n\n", "Error-message-format-corrupt"),
        (
            HEAD + b"MM4_forward.REQ\nSubject: a\rX-Mms-Ack-Request: Yes\n\n",
            "Error-message-format-corrupt",
        ),
        (
            HEAD + b"MM4_forward.REQ\nTo: " + b"+15550001111, " * 10_000 + b"\n\n",
            "Error-message-format-corrupt",
        ),
        (
            HEAD + b"MM4_forward.REQ\nTo: " + b"+1555, " * 1_001 + b"\n\n",
            "Error-message-format-corrupt",
        ),
        (
            HEAD + b"MM4_forward.REQ\nSubject: " + b"x" * 200_000 + b"\n\n",
            "Error-message-format-corrupt",
        ),
        (
            HEAD.replace(b": m", b": " + b"m" * 600) + b"MM4_forward.REQ\n\n",
            "Error-message-format-corrupt",
        ),
        (
            HEAD
            + b"MM4_forward.REQ\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\n\n\n" * 1000,
            "Error-message-format-corrupt",
        ),
    ],
    ids=range(14),
)
def test_what_is_refused(mail: bytes, status: str) -> None:
    """With the status that an answer tells."""
    with pytest.raises(mm4.ReadError) as caught:
        mm4.read(mail)
    assert caught.value.status == status


def test_a_refused_request_can_be_answered() -> None:
    """Its ids and whom to answer are known all the same."""
    mail = HEAD + b"MM4_forward.REQ\nX-Mms-Ack-Request: Yes\nSender: <s@x>\nSubject: \0\n\n"
    with pytest.raises(mm4.ReadError) as caught:
        mm4.read(mail)
    asked = caught.value.asked
    assert asked is not None
    answer = mm4.answer(asked, caught.value.status, caught.value.text)
    assert isinstance(answer, mm4.ForwardRes)
    assert (answer.transaction_id, answer.message_id) == ("t", "m")
    assert mm4.answer_address(asked, "<>") == mm4.Address("s@x", mm4.AddressKind.EMAIL)


def test_a_second_message_in_the_body() -> None:
    """What looks like commands or headers behind the empty line is content."""
    mail = HEAD + b"MM4_forward.REQ\n\nhello\n.\nMAIL FROM:<x>\nX-Mms-Message-ID: other\n"
    found = mm4.read(mail)
    assert isinstance(found, mm4.ForwardReq)
    assert found.message_id == "m"
    assert found.content.body.startswith(b"hello\n.\n")


@given(
    st.binary(max_size=400)
    | st.binary(max_size=200).map(lambda rest: HEAD + b"MM4_forward.REQ\n" + rest)
)
@example(HEAD + b'MM4_forward.REQ\nTo: "' + b'\\"' * 5000 + b"\n\n")
@example(HEAD + b"MM4_forward.REQ\nFrom: <" + b"a" * 60_000 + b"><x>\n\n")
@example(HEAD + b"MM4_forward.REQ\nTo: " + b";a" * 60_000 + b"\n\n")
@example(HEAD + b"MM4_forward.REQ\nTo: " + b"<" * 50_000 + b"\n\n")
@settings(max_examples=400, deadline=1000)
def test_rubbish(mail: bytes) -> None:
    """A message or our own error, and soon."""
    with suppress(mm4.ReadError):
        mm4.dump(mm4.read(mail))
