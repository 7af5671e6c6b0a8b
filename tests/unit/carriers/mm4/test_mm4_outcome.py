import pytest

from magpie.carriers.mm4.outcome import Reply, fate, of_answer, of_reply
from magpie.carriers.traffic import Accepted, Deferred, Outcome, ReceiptState, Rejected
from magpie.protocols.mm4 import DeliveryReportReq, ForwardRes, ReadReplyReq


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(250, "OK", "DATA"), Accepted(("m",))),
        (Reply(251, "will forward", "DATA"), Accepted(("m",))),
        (Reply(421, "bye", "MAIL"), Deferred("MAIL: 421 bye", throttled=True)),
        (Reply(450, "4.2.2 full", "RCPT"), Deferred("RCPT: 450 4.2.2 full", throttled=True)),
        (Reply(451, "4.4.1 x", "DATA"), Deferred("DATA: 451 4.4.1 x", after=5.0)),
        (Reply(550, "5.2.1 off", "RCPT"), Rejected(30003, "RCPT: 550 5.2.1 off")),
        (Reply(553, "no", "RCPT"), Rejected(30005, "RCPT: 553 no")),
        (Reply(550, "5.7.1 spam", "RCPT"), Rejected(30007, "RCPT: 550 5.7.1 spam")),
        (Reply(552, "5.3.4 big", "MAIL"), Rejected(30019, "MAIL: 552 5.3.4 big")),
        (Reply(550, "5.6.1\nx", "DATA"), Rejected(30011, "DATA: 550 5.6.1 x")),
        (Reply(503, "order", "DATA"), Rejected(30008, "DATA: 503 order")),
        (Reply(535, "login", "MAIL"), None),
        (Reply(550, "not you", "MAIL"), None),
        (Reply(530, "TLS first", "RCPT"), None),
    ],
)
def test_replies(reply: Reply, outcome: Outcome | None) -> None:
    """The extended code counts more than the plain one; None is the link's own fault."""
    assert of_reply(reply, "m") == outcome


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        ("Ok", "", Accepted(("m",))),
        ("Error-vendor", "", Deferred("Error-vendor", after=5.0)),
        ("Error-content-not-accepted", "spam", Rejected(30007, "Error-content-not-accepted spam")),
        ("Error-content-not-accepted", "size", Rejected(30019, "Error-content-not-accepted size")),
        ("Error-message-not-found", "", Rejected(30008, "Error-message-not-found")),
    ],
)
def test_answers(status: str, text: str, outcome: Outcome) -> None:
    """An error that nobody knows may pass."""
    answer = ForwardRes(status=status, status_text=text)
    assert of_answer(answer, Accepted(("m",))) == outcome


def test_reports() -> None:
    """What is no end waits for one."""
    assert fate(DeliveryReportReq(mm_status="Retrieved")) == (ReceiptState.DELIVERED, None)
    assert fate(DeliveryReportReq(mm_status="Forwarded")) == (ReceiptState.PENDING, None)
    assert fate(DeliveryReportReq(mm_status="Expired")) == (ReceiptState.UNDELIVERED, 30003)
    assert fate(ReadReplyReq(read_status="Read")) == (ReceiptState.READ, None)
