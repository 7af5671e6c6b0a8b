"""What an operator sees of mails between centres."""

from magpie.carriers.mm4.trace import mail, read, reply

MAIL = b"\r\n".join(
    (
        b"X-Mms-Message-Type: MM4_forward.REQ",
        b'X-Mms-Transaction-ID: "t1"',
        b"X-Mms-Message-ID: <m1@a.example>",
        b"From: +15017122661/TYPE=PLMN@mms.a.example",
        b"To: +15558675310/TYPE=PLMN@mms.b.example,",
        b" +15558675311/TYPE=PLMN@mms.b.example",
        b"Subject: meet me",
        b"",
        b"the picture of +15558675310",
    )
)
TO = "+15558675310/TYPE=PLMN@mms.b.example"


def test_headers_without_people() -> None:
    """Numbers keep four digits, also on a second line; subjects their length; no content."""
    shown = read(mail(MAIL, TO), False)
    assert (shown.what, shown.sequence) == ("MM4_forward.REQ", "t1")
    assert b"555867" not in shown.octets
    assert b"*******5311/TYPE=PLMN" in shown.octets
    assert b"Subject: *******" in shown.octets
    assert b"picture" not in shown.octets
    assert shown.fields == {
        "octets": len(MAIL),
        "recipient": "+*******5310/TYPE=PLMN@mms.b.example",
    }
    assert read(mail(MAIL, TO), True).fields["recipient"] == TO


def test_a_reply_is_its_status() -> None:
    """As the other centre said it, about the mail that it answers."""
    shown = read(reply("DATA: 250 Taken", mail(MAIL, TO)), False)
    assert (shown.what, shown.status, shown.octets) == ("reply", "DATA: 250 Taken", b"")
    assert shown.names == read(mail(MAIL, TO), False).names == ("t1", "m1@a.example")
