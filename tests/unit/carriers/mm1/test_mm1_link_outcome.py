import pytest

from magpie.carriers.mm1.forms import arrived_of, content_of, fate
from magpie.carriers.mm1.outcome import of_http, outcome_of
from magpie.carriers.mms import related
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    InboundMedia,
    ReceiptState,
    Rejected,
    Unknown,
)
from magpie.protocols import mm1

PNG = InboundMedia(content_type="image/png", content=b"\x89PNG\0\xff", name="a.png")
CARD = InboundMedia(content_type="text/vcard", content=b"BEGIN:VCARD", name="b.vcf")


@pytest.mark.parametrize(
    ("status", "message_id", "outcome"),
    [
        (0x80, "M1", Accepted(("M1",))),
        (0x80, '"M1"', Accepted(("M1",))),
        (0x80, "", Accepted(("unnamed-K",))),
        (0xC4, "M1", Accepted(("M1",))),
        (0xC0, "", Deferred("0xC0", after=5.0)),
        (0xD9, "", Deferred("0xD9", after=5.0)),
        (0xE3, "", Rejected(30005, "0xE3")),
        (0xE5, "", Rejected(30007, "0xE5")),
        (0xE1, "", Rejected(30024, "0xE1")),
        (0xEB, "", Rejected(30024, "0xEB")),
        (0xFE, "", Rejected(30008, "0xFE")),
    ],
)
def test_what_a_centre_confirms(status: int, message_id: str, outcome: object) -> None:
    """Taken over, not now, or never; numbers that nobody knows by their range."""
    answer = mm1.SendConf(transaction_id="K", response_status=status, message_id=message_id)
    assert outcome_of(answer, "K") == outcome


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, type(None)),
        (204, type(None)),
        (429, Deferred),
        (503, Deferred),
        (404, Deferred),
        (500, Unknown),
    ],
)
def test_answers_without_a_message(status: int, kind: type) -> None:
    """A centre that fails after it has read may have taken the message."""
    assert isinstance(of_http(status), kind)


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        (0x81, ReceiptState.DELIVERED, None),
        (0x83, ReceiptState.PENDING, None),
        (0x85, ReceiptState.PENDING, None),
        (0x80, ReceiptState.UNDELIVERED, 30003),
        (0x82, ReceiptState.UNDELIVERED, 30007),
        (0x84, ReceiptState.UNDELIVERED, 30011),
        (0xFF, ReceiptState.UNDELIVERED, 30008),
    ],
)
def test_reports(status: int, state: ReceiptState, code: int | None) -> None:
    """What became of a message, with a code of ours where it is bad."""
    assert fate(mm1.DeliveryInd(message_id="M", status=status)) == (state, code)


def test_read_reports() -> None:
    """Who deletes a message unread has it all the same."""
    read = mm1.ReadOrigInd(message_id="M", read_status=mm1.ReadStatus.READ)
    deleted = mm1.ReadOrigInd(message_id="M", read_status=mm1.ReadStatus.DELETED_UNREAD)
    assert fate(read)[0] is ReceiptState.READ
    assert fate(deleted)[0] is ReceiptState.DELIVERED


def test_a_message_goes_and_comes() -> None:
    """Text, media, their names and the slides are the same after the way through the octets."""
    whole = related([PNG, CARD], "Grüße\n\N{BIRD}")
    octets = mm1.encode(mm1.RetrieveConf(content=content_of(whole)))
    pdu = mm1.decode(octets)
    assert isinstance(pdu, mm1.RetrieveConf)
    body, media, slides = arrived_of(pdu.content)
    assert body == "Grüße\n\N{BIRD}"
    assert [(one.content_type, one.content, one.name) for one in media] == [
        (one.content_type, one.content, one.name) for one in (PNG, CARD)
    ]
    assert slides == whole.parts[0].body


def test_nothing_to_show() -> None:
    """A message without a body has neither text nor media."""
    assert arrived_of(None) == ("", (), b"")
