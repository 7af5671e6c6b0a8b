"""What we write of MM1, read by Wireshark: no field malformed, and the same values."""

from pathlib import Path

import pytest
from tests.pairs.tshark import decoded, faults, values

from magpie.protocols import mm1

_BODY = mm1.Content(
    mm1.ContentType(mm1.RELATED, (("type", "application/smil"), ("start", "<smil>"))),
    (
        mm1.Part(
            content_type=mm1.ContentType("application/smil"),
            data=b"<smil><body/></smil>",
            content_id="smil",
            location="presentation.smil",
        ),
        mm1.Part(
            content_type=mm1.ContentType("text/plain", (("charset", "utf-8"),)),
            data="Grüße".encode(),
            content_id="text",
            location="text.txt",
        ),
        mm1.Part(
            content_type=mm1.ContentType("image/png", (("name", "a.png"),)),
            data=b"\x89PNG" + bytes(300),
            content_id="a",
            location="a.png",
        ),
    ),
)
PDUS = [
    mm1.SendReq(
        transaction_id="T-1",
        date=1_700_000_000,
        to=("+15558675310/TYPE=PLMN", "+15558675311/TYPE=PLMN"),
        cc=("a@b.example",),
        subject="Größe \N{BIRD}",
        message_class=mm1.MessageClass.PERSONAL,
        expiry=mm1.Relative(86400),
        delivery_time=1_800_000_000,
        priority=mm1.Priority.HIGH,
        sender_visibility=0x81,
        delivery_report=True,
        read_report=False,
        adaptation_allowed=True,
        content=_BODY,
    ),
    mm1.SendConf(
        transaction_id="T-1", response_status=0x80, response_text="Ok", message_id="M1@mmsc"
    ),
    mm1.NotificationInd(
        transaction_id="N-1",
        from_="+15017122661/TYPE=PLMN",
        message_class=mm1.MessageClass.PERSONAL,
        message_size=123_456,
        expiry=mm1.Relative(259_200),
        content_location="http://mmsc/1a2b",
    ),
    mm1.NotifyRespInd(transaction_id="N-1", status=mm1.Status.DEFERRED, report_allowed=True),
    mm1.RetrieveConf(
        transaction_id="R-1",
        message_id="M1@mmsc",
        date=1_700_000_000,
        from_="+15017122661/TYPE=PLMN",
        to=("+15558675310/TYPE=PLMN",),
        subject="Bird",
        message_class=mm1.MessageClass.PERSONAL,
        priority=mm1.Priority.NORMAL,
        delivery_report=False,
        content=_BODY,
    ),
    mm1.AcknowledgeInd(transaction_id="R-1", report_allowed=True),
    mm1.DeliveryInd(
        message_id="M1@mmsc",
        to=("+15558675310/TYPE=PLMN",),
        date=1_700_000_001,
        status=mm1.Status.RETRIEVED,
    ),
    mm1.ReadRecInd(
        message_id="M1@mmsc",
        to=("+15017122661/TYPE=PLMN",),
        from_="+15558675310/TYPE=PLMN",
        date=1_700_000_002,
        read_status=mm1.ReadStatus.READ,
    ),
    mm1.ReadOrigInd(
        message_id="M1@mmsc",
        to=("+15558675310/TYPE=PLMN",),
        from_="+15017122661/TYPE=PLMN",
        date=1_700_000_002,
        read_status=mm1.ReadStatus.DELETED_UNREAD,
    ),
    mm1.ForwardReq(
        transaction_id="F-1", to=("+15558675310/TYPE=PLMN",), content_location="http://mmsc/1a2b"
    ),
]


def posted(pdu: mm1.Pdu) -> bytes:
    return carried(mm1.encode(pdu))


def carried(octets: bytes) -> bytes:
    head = (
        f"POST /mms HTTP/1.1\r\nHost: mmsc\r\nContent-Type: {mm1.MEDIA_TYPE}\r\n"
        f"Content-Length: {len(octets)}\r\n\r\n"
    )
    return head.encode() + octets


@pytest.mark.parametrize("pdu", PDUS, ids=lambda pdu: type(pdu).__name__)
def test_wireshark_reads_our_messages(pdu: mm1.Pdu, tmp_path: Path) -> None:
    """Nothing malformed; type, transaction, addresses and subject as we wrote them."""
    (layers,) = decoded(tmp_path, [posted(pdu)], port=80, protocol="http")
    assert "mmse" in layers, layers.keys()
    assert faults(layers["mmse"]) == []
    assert values(layers, "mmse.message_type") == [str(int(pdu.type))] or values(
        layers, "mmse.message_type"
    ) == [f"0x{int(pdu.type):02x}"]
    if pdu.transaction_id:
        assert values(layers, "mmse.transaction_id") == [pdu.transaction_id]
    assert values(layers, "mmse.to") == list(getattr(pdu, "to", ()))
    subject = getattr(pdu, "subject", "")
    # It shows the octets of a subject without looking at its charset.
    shown = "".join(c if c.isascii() else "\ufffd" * len(c.encode()) for c in subject)
    assert values(layers, "mmse.subject") == ([shown] if shown else [])


def test_wireshark_finds_what_is_malformed(tmp_path: Path) -> None:
    """A message that is cut off is told as that: the check can fail."""
    cut = mm1.encode(PDUS[0])[:-200]
    (layers,) = decoded(tmp_path, [carried(cut)], port=80, protocol="http")
    assert faults(layers) != []


def test_wireshark_reads_our_parts(tmp_path: Path) -> None:
    """A presentation, a text and a picture: three parts of the right types."""
    (layers,) = decoded(tmp_path, [posted(PDUS[4])], port=80, protocol="http")
    assert faults(layers) == []
    told = str(layers)
    for content_type in ("application/smil", "text/plain", "image/png"):
        assert content_type in told


def test_wireshark_reads_our_push(tmp_path: Path) -> None:
    """A notification in a push, as it goes over the port of WAP push."""
    push = mm1.push.wrap(mm1.encode(PDUS[2]), 7)
    (layers,) = decoded(tmp_path, [push], port=2948, protocol="wsp", transport="udp")
    assert faults(layers) == []
    assert values(layers, "mmse.content_location") == ["http://mmsc/1a2b"]
