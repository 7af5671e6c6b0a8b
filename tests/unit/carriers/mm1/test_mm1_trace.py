"""What an operator sees of messages of MM1."""

from magpie.carriers.mm1.trace import kept, read
from magpie.protocols import mm1

CONTENT = mm1.Content(
    mm1.ContentType("text/plain"),
    (mm1.Part(content_type=mm1.ContentType("text/plain"), data=b"x"),),
)
REQUEST = mm1.SendReq(
    transaction_id="t1", to=("+15558675310/TYPE=PLMN",), subject="meet me", content=CONTENT
)


def test_people_are_hidden() -> None:
    """Numbers keep four digits, subjects their length, in what is told and in the octets."""
    shown = read(REQUEST, False)
    assert (shown.what, shown.sequence, shown.status) == ("send-req", "t1", "")
    assert shown.fields["subject"] == "*******"
    assert "********5310" in shown.fields["to"]
    assert b"5558675" not in shown.octets
    assert b"meet" not in shown.octets
    assert b"+15558675310" in read(REQUEST, True).octets


def test_an_answer_has_its_status() -> None:
    """By number, and with what the centre says of it."""
    answer = mm1.SendConf(
        transaction_id="t1", response_status=0xE3, response_text="who is that", message_id="m1"
    )
    shown = read(answer, False)
    assert (shown.what, shown.status) == ("send-conf", "0xE3 who is that")
    assert mm1.decode(shown.octets) == answer
    assert shown.names == ("t1", "m1")
    report = mm1.DeliveryInd(message_id='"m1"', to=("+1/TYPE=PLMN",), date=0, status=0x81)
    assert "m1" in read(report, False).names


def test_pictures_are_not_kept() -> None:
    """Only the head of a message stays in the ring; other messages stay as they are."""
    assert getattr(kept(REQUEST), "content") is None  # noqa: B009 - of one kind only
    answer = mm1.SendConf(transaction_id="t1", response_status=0x80)
    assert kept(answer) is answer
