"""Mails of MM4, multiparts, and what ends a mail in SMTP or does not."""

from typing import Final

from tests.fuzz.outcome import Cases, Outcome

_HEAD: Final = (
    b"X-Mms-3GPP-MMS-Version: 5.5.0\r\nX-Mms-Message-Type: MM4_forward.REQ\r\n"
    b'X-Mms-Transaction-ID: "T"\r\nX-Mms-Message-ID: "M"\r\nX-Mms-Ack-Request: Yes\r\n'
    b"From: +15017122661/TYPE=PLMN@a.example\r\nTo: +15558675310/TYPE=PLMN@b.example\r\n"
    b"Message-ID: <1@a.example>\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
)
_TEXT: Final = b"Content-Type: text/plain\r\n\r\nhello\r\n"
MAIL: Final = _HEAD + _TEXT
_MIXED: Final = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
_PART: Final = b"--b\r\nContent-Type: text/plain\r\nContent-ID: <a>\r\n\r\nhello\r\n"
_MANY: Final = b"+15558675310/TYPE=PLMN@b.example, "


def _of(kind: bytes, more: bytes = b"") -> bytes:
    return _HEAD.replace(b"forward.REQ", kind) + more + b"\r\n"


MM4_MAIL: Final[Cases] = {
    Outcome.KEPT: {
        "a text": MAIL,
        "parts": _HEAD + _MIXED + _PART * 2 + b"--b--\r\n",
        "parts in base64": _HEAD
        + _MIXED
        + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--\r\n",
        "base64 of garbage": _HEAD
        + _MIXED
        + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n=a=\xff!\r\n--b--\r\n",
        "WAP's multipart": _HEAD
        + _MIXED.replace(b"multipart", b"application/vnd.wap.multipart")
        + _PART,
        "letters beyond ASCII in a content type": _HEAD
        + b'Content-Type: multipart/mixed\xdb; a="T"\r\nContent-Type: text/plain\r\n\r\nhi\r\n',
        "8BITMIME": _HEAD + b"Content-Type: text/plain\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n",
        "octets of a picture": _HEAD + b"Content-Type: image/png\r\n\r\n\x89PNG\0\xff\n",
        "a folded header": _HEAD + b"Subject: a\r\n folded\r\n\tone\r\n" + _TEXT,
        "a header folded 500 times": _HEAD + b"Subject: a" + b"\r\n b" * 500 + b"\r\n" + _TEXT,
        "an encoded word": _HEAD + b"Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n" + _TEXT,
        "an encoded word of garbage": _HEAD + b"Subject: =?utf-8?B?=?= =?x?Q?=ZZ?=\r\n" + _TEXT,
        "a line of 1,100": MAIL + b"x" * 1100,
        "a header of 1,100": _HEAD + b"Subject: " + b"x y " * 275 + b"\r\n" + _TEXT,
        "a line feed alone in a header": _HEAD + b"Subject: a\nBcc: b\r\n" + _TEXT,
        "another mail inside": MAIL + b"\n.\nMAIL FROM:<a>\r\n",
        "line feeds alone": MAIL.replace(b"\r\n", b"\n"),
        "1,000 recipients": _HEAD.replace(b"To: ", b"To: " + _MANY * 999) + _TEXT,
        "an address of two types": _HEAD + b"Cc: <+1/TYPE=PLMN>\r\n" + _TEXT,
        "addresses that are none": _HEAD + b'Cc: <>, "", ;,, <\r\n' + _TEXT,
        "a date that is none": _HEAD + b"X-Mms-Expiry: tomorrow\r\n" + _TEXT,
        "a report": _of(b"delivery_report.REQ", b"X-Mms-MM-Status-Code: Retrieved\r\n"),
        "a read report": _of(b"read_reply_report.REQ", b"X-Mms-Read-Status: Read\r\n"),
        "an answer": _of(b"forward.RES", b"X-Mms-Request-Status-Code: Ok\r\n"),
        "an answer of no table": _of(b"forward.RES", b"X-Mms-Request-Status-Code: What\r\n"),
    },
    Outcome.REFUSED: {
        "nothing": b"",
        "no header": b"\r\nhello\r\n",
        "a mail of people": b"From: a@b.example\r\nSubject: hello\r\n\r\nhello\r\n",
        "a message of no table": _of(b"what.REQ"),
        "a report without a status": _of(b"delivery_report.REQ"),
        "a carriage return alone in a header": _HEAD + b"Subject: a\rBcc: b\r\n" + _TEXT,
        "NUL in a header": _HEAD + b"Subject: a\0b\r\n" + _TEXT,
        "10,000 recipients": _HEAD + b"Cc: " + b"+1/TYPE=PLMN," * 10_000 + b"\r\n" + _TEXT,
        "1,001 recipients": _HEAD + b"Cc: " + b"+1/TYPE=PLMN," * 1001 + b"\r\n" + _TEXT,
        "headers of 200 kB": _HEAD + b"X: " + b"y" * 200_000 + b"\r\n" + _TEXT,
        "an id of 600": _HEAD.replace(b'"M"', b'"' + b"M" * 600 + b'"') + _TEXT,
        "an id of 500 letters beyond ASCII": _HEAD.replace(b'"M"', b"\xe9" * 500) + _TEXT,
        "parts that nest 9 deep": _HEAD
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=%d.\r\n\r\n--%d.\r\n" % (n, n)
            for n in range(9)
        ),
    },
    Outcome.READ: {
        "an address that holds blanks": _HEAD + b"Cc: <a b/TYPE=PLMN>\r\n" + _TEXT,
        "a number with more than one type": _HEAD + b"Cc: <+1//TYPE=PLMN/TYPE=PLMN>\r\n" + _TEXT,
        "a quotation mark that stays open": _HEAD + b'Cc: "a, +1/TYPE=PLMN\r\n' + _TEXT,
        "no date": _HEAD.replace(b"Date", b"X-Date") + _TEXT,
    },
}

_END: Final = b"\r\n.\r\n"
_NEXT: Final = b"MAIL FROM:<evil@x>\r\nRCPT TO:<y@z>\r\nDATA\r\nSubject: b\r\n\r\n"
SMTP_DATA: Final[Cases] = {
    Outcome.KEPT: {
        "a mail": MAIL + _END,
        "nothing but the end": b".\r\n",
        "lines of dots": b"..\r\n...\r\n..a" + _END,
        "a dot that nobody doubled": b".a\r\nb" + _END,
        "commands behind the end": MAIL + _END + _NEXT,
        "a line of 998": b"x" * 998 + _END,
    },
    Outcome.REFUSED: {
        "no end": MAIL,
        "a line of 999": b"x" * 999 + _END,
        "too large": b"0123456789\r\n" * 2000 + _END,
        **{
            f"smuggled behind {end!r}": b"Subject: a\r\n\r\none" + end + _NEXT + _END
            for end in (
                b"\n.\n",
                b"\n.\r\n",
                b"\r.\r",
                b"\r\n.\n",
                b"\r\n.\r",
                b"\r.\r\n",
                b"\n.\r",
            )
        },
        "an end in two carriage returns": b"one\r\r\n.\r\r\n" + _END,
        "NUL before the end's line feed": b"one\r\n.\r\0\n" + _END,
    },
}

_KIND: Final = b"multipart/mixed; boundary=b\n"
_PLAIN: Final = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
_LAST: Final = b"--b--\r\n"
_BASE64: Final = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"


def _nested(depth: int) -> bytes:
    return b"multipart/mixed; boundary=0.\n" + b"".join(
        b"--%d.\r\nContent-Type: multipart/mixed; boundary=%d.\r\n\r\n" % (n, n + 1)
        for n in range(depth)
    )


MIME_BODY: Final[Cases] = {
    Outcome.KEPT: {
        "a part": _KIND + _PLAIN + _LAST,
        "no multipart": b"text/plain\nhello",
        "no content type": b"\nhello",
        "duplicate parts": _KIND + _PLAIN * 2 + _LAST,
        "no last boundary": _KIND + _PLAIN * 2,
        "no boundary in the header": b"multipart/mixed\n" + _PLAIN + _LAST,
        "another boundary in the header": b"multipart/mixed; boundary=c\n" + _PLAIN + _LAST,
        "a boundary of 71": b"multipart/mixed; boundary="
        + b"b" * 71
        + b"\n--"
        + b"b" * 71
        + b"\r\n\r\nhi",
        "a boundary of 200": b"multipart/mixed; boundary=" + b"b" * 200 + b"\n" + _PLAIN,
        "a boundary in the body": _KIND + b"--b\r\n\r\n--b in the body\r\n x--b\r\n" + _LAST,
        "our own boundary in the body": _KIND + b"--b\r\n\r\n--1_b\r\n2_b\r\n" + _LAST,
        "a boundary in quotes that stay open": b'multipart/mixed; boundary="b\n' + _PLAIN,
        "text before and after": _KIND + b"before\r\n" + _PLAIN + _LAST + b"after",
        "parts of nothing": _KIND + b"--b\r\n--b\r\n" + _LAST,
        "line feeds alone": _KIND + (_PLAIN + _LAST).replace(b"\r\n", b"\n"),
        "8 deep": _nested(7) + b"--7.\r\n\r\nhi",
        "base64 of garbage": _KIND + _BASE64 + b"=a=\xff!\r\n" + _LAST,
        "base64 of one letter": _KIND + _BASE64 + b"a" + _LAST,
        "base64 of a multipart": _KIND
        + _BASE64.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n")
        + b"LS1jDQoNCmhpDQotLWMtLQ==\r\n"
        + _LAST,
        "quoted-printable of garbage": _KIND
        + _BASE64.replace(b"base64", b"quoted-printable")
        + b"=\r\n=ZZ=\r\n"
        + _LAST,
        "letters beyond ASCII in a content type": _KIND
        + b"--b\r\nContent-Type: multipart/mixed; n\xff=1; boundary=c\r\n\r\n"
        + b"--c\r\n\r\nhi\r\n--c--\r\n"
        + _LAST,
        "a name in three pieces": _KIND
        + b"--b\r\nContent-Type: a/b; name*0*=utf-8''%e2; name*1*=%82; name*2*=%ac\r\n\r\n"
        + _LAST,
        "300 parts": _KIND + _PLAIN * 300,
    },
    Outcome.REFUSED: {
        "301 parts": _KIND + _PLAIN * 301,
        "9 deep": _nested(9) + b"--9.\r\n\r\nhi",
        "1,000 deep": _nested(1000),
        "headers of 20 kB": _KIND + b"--b\r\nX: " + b"y" * 20_000 + b"\r\n\r\n" + _LAST,
    },
    Outcome.READ: {
        "a carriage return in a Content-ID": _KIND
        + b"--b\r\nContent-ID: <a\rb>\r\n\r\nhello\r\n"
        + _LAST,
        "a header split by a name": _KIND
        + b'--b\r\nContent-Type: a/b; name="a\rX: 1"\r\n\r\nhello\r\n'
        + _LAST,
        "every boundary of ours in the body": _KIND
        + b"--b\r\n\r\n"
        + b" ".join(b"%d_b" % n for n in range(1, 110))
        + b"\r\n"
        + _LAST,
    },
}
