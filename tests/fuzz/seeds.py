"""The corpus: what our writers write, and the special cases that are known to have hurt others."""

import struct
from typing import Final

from magpie.protocols import mm1, smpp
from magpie.protocols.smpp.codec import KINDS

_FROM: Final = smpp.Address(1, 1, "15017122661")
_TO: Final = smpp.Address(1, 1, "15558675310")
_LENGTHS: Final = (0, 2, 8, 15, 16, 2**31, 2**32 - 1)


def _header(length: int, command: int, sequence: int = 1) -> bytes:
    return struct.pack(">IIII", length, command, 0, sequence)


def _submit(content: bytes = b"hello", esm_class: int = 0, **more: object) -> bytes:
    fields = {"source": _FROM, "destination": _TO, "short_message": content, **more}
    return smpp.encode(smpp.SubmitSm(1, esm_class=esm_class, **fields))  # type: ignore[arg-type]


def _grown(pdu: bytes, more: bytes) -> bytes:
    """With octets at the end, and a length that holds them."""
    return struct.pack(">I", len(pdu) + len(more)) + pdu[4:] + more


def _receipts() -> list[bytes]:
    """As vendors write them: a state in small letters, fields left out, an id in hexadecimal."""
    texts = (
        (
            "id:0123456789 sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 "
            "stat:DELIVRD err:000 text:hello"
        ),
        "id:0A1B sub:1 dlvrd:0 submit date:260102030405 done date:260102030406 stat:UNDELIV err:7",
        "id:7d9f-11 stat:delivrd",
        "stat:EXPIRED id:1 err:",
        "id: sub: dlvrd: submit date: done date: stat: err: text:",
        "id:1 submit date:9999999999 done date:0000000000 stat:ACCEPTD",
    )
    return [
        smpp.encode(smpp.DeliverSm(2, esm_class=4, short_message=text.encode())) for text in texts
    ]


def _smpp() -> list[bytes]:
    tlvs = (
        b"\x04\x24\xff\xff",  # longer than what is there
        b"\x02\x0c\0\2\0\1" * 3,  # repeated
        b"\x02\x0c\0\0",  # empty
    )
    return [
        *(smpp.encode(kind(1)) for kind in KINDS.values()),
        *(_header(length, 4) for length in _LENGTHS),
        *(_grown(_submit(), more) for more in (*tlvs, b"\xff")),
        _header(16, 0x0BAD),
        *(_header(16, 0x15, sequence) for sequence in (0, 0x80000000)),
        _submit(b"", esm_class=0x40),
        _submit(b"\xff\0\3\1\2\1hello", esm_class=0x40),
        _submit(b"\5\0\3\1\2\1hello", esm_class=0x40),
        _submit(tlvs=(smpp.Tlv(smpp.Tag.MESSAGE_PAYLOAD, b"both"),)),
        *(_submit(b"\xd8\0\x1b", data_coding=coding) for coding in range(256)),
        _header(20, 4) + b"AAAA",  # no NUL
        _grown(_header(16, 4), b"A" * 300 + b"\0"),
        _submit(validity_period="000002000000000R").replace(b"000002", b"999999"),
        *_receipts(),
    ]


def _data_coding() -> list[bytes]:
    bodies = (b"\5\0\3\1\2\1hi", b"\6\x08\4\0\1\2\1hi", b"\x7f\0\3", b"\xd8\0", b"\x1b", b"\xff")
    return [bytes((coding, 0)) + body for coding in range(0, 256, 4) for body in bodies]


def _mm1() -> list[bytes]:
    text = mm1.Part(content_type=mm1.ContentType("text/plain"), data=b"hello", content_id="a")
    content = mm1.Content(mm1.ContentType(mm1.RELATED, (("start", "<a>"),)), (text,))
    return [
        mm1.encode(mm1.SendReq(transaction_id="T", to=("+1/TYPE=PLMN",), content=content)),
        mm1.encode(mm1.SendConf(transaction_id="T", response_status=0x80, message_id="M")),
        mm1.encode(
            mm1.NotificationInd(
                transaction_id="T",
                message_class=mm1.MessageClass.PERSONAL,
                message_size=1000,
                expiry=mm1.Relative(60),
                content_location="http://mmsc/1",
            )
        ),
        b"\x8c\x80\x98T\0\x8d\x90\x84\x1f\xff\xff\xff\xff\x7f",
        # A text that begins as a length does.
        bytes.fromhex("8c2b8043502750454ccd4e00842010ffffffffffcf8d01ffff0004"),
    ]


def _wsp() -> list[bytes]:
    wrapped = mm1.push.wrap(_mm1()[2], 1)
    return [wrapped, *mm1.push.split(wrapped, 7), b"\1\6\xff\xff\xff\xff\x7f", b"\1\6\x1f\x1f"]


_MAIL: Final = (
    b"X-Mms-3GPP-MMS-Version: 5.5.0\r\nX-Mms-Message-Type: MM4_forward.REQ\r\n"
    b'X-Mms-Transaction-ID: "T"\r\nX-Mms-Message-ID: "M"\r\nX-Mms-Ack-Request: Yes\r\n'
    b"From: +15017122661/TYPE=PLMN@a.example\r\nTo: +15558675310/TYPE=PLMN@b.example\r\n"
    b"Message-ID: <1@a.example>\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\n"
)


def _mm4() -> list[bytes]:
    text = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    return [
        _MAIL + text,
        _MAIL + b"Subject: a\r\n folded\r\n" + text,
        _MAIL + b"Subject: a\rX-Mms-Message-Type: b\r\n" + text,
        _MAIL + b"Subject: a\nBcc: b\r\n" + text,
        _MAIL + text + b"\n.\nMAIL FROM:<a>\r\n",
        _MAIL + text + b"x" * 1100,
        _MAIL + b"Cc: " + b"+1/TYPE=PLMN, " * 400 + b"\r\n" + text,
        # A number with more than one type.
        _MAIL + b"Cc: <+1//TYPE=PLMN/TYPE=PLMN>\r\n" + text,
        _MAIL.replace(b"forward.REQ", b"delivery_report.REQ") + b"\r\n",
    ]


_SOAP: Final = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
    b"<TransactionID>T</TransactionID></e:Header><e:Body><SubmitReq><MM7Version>6.8.0</MM7Version>"
    b"<Recipients><To><Number>+15558675310</Number></To></Recipients></SubmitReq>"
    b"</e:Body></e:Envelope>"
)


def _mm7() -> list[bytes]:
    bomb = b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    outside = b'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'
    spaces = b"".join(b' xmlns:n%d="n"' % n for n in range(500))
    documents = (
        _SOAP,
        _SOAP.replace(b"SubmitReq", b"SubmitRsp"),
        _SOAP.replace(b"SubmitReq", b"Fault"),
        bomb,
        outside,
        b"<?xml-stylesheet href='a'?>" + _SOAP,
        b"<a b='" + b"x" * 5000 + b"'/>",
        b"<a" + spaces + b"/>",
        b"<a>" * 500,
        b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-',
        '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
    )
    related = b'multipart/related; boundary="b"; start="<a>"\n'
    whole = b"--b\r\nContent-Type: text/xml\r\nContent-ID: <a>\r\n\r\n" + _SOAP + b"\r\n--b--\r\n"
    return [*(b"text/xml\n" + document for document in documents), related + whole]


def _mime() -> list[bytes]:
    kind = b"multipart/mixed; boundary=b\n"
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    nested = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
        for n in range(100)
    )
    inner = b"--c\r\n\r\nhi\r\n--c--\r\n--b--"
    base64 = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n=a=\xff!\r\n--b--"
    return [
        kind + part + b"--b--\r\n",
        kind + part * 2,
        b"multipart/mixed\n" + part,
        b"multipart/mixed; boundary=" + b"b" * 200 + b"\n" + part,
        b"multipart/mixed; boundary=b0\n" + nested,
        kind + base64,
        kind + b"--b\r\nContent-ID: <a\rb\nc>\r\n\r\n--b in the body\r\n--b--",
        kind + part * 301,
        # Letters beyond ASCII in the content type of a multipart within.
        kind + b"--b\r\nContent-Type: multipart/mixed; n\xff=1; boundary=c\r\n\r\n" + inner,
    ]


SEEDS: Final[dict[str, list[bytes]]] = {
    "smpp_pdu": _smpp(),
    "data_coding": _data_coding(),
    "mm1_pdu": _mm1(),
    "wsp_push": _wsp(),
    "mm4_mail": _mm4(),
    "mm7_soap": _mm7(),
    "mime_body": _mime(),
}
