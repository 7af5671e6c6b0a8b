"""What an operator sees of the PDUs of a link."""

import msgspec
import pytest
from tests.pairs.carrier_smpp import address, options, receipt_for

from magpie.carriers.smpp.trace import masked, read, trace
from magpie.carriers.trace import Trace, naming
from magpie.protocols.smpp import (
    AlertNotification,
    BindTransceiver,
    CancelSm,
    DataSm,
    DeliverSm,
    EnquireLink,
    MessageState,
    Notation,
    Pdu,
    QuerySm,
    ReplaceSm,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    Tlv,
    Unsuccess,
    decode,
    encode,
)

SUBMIT = SubmitSm(
    sequence=7,
    source=address("+15017122661"),
    destination=address("+15558675310"),
    short_message=b"meet me at noon",
    tlvs=(Tlv(0x0424, b"and later"),),
)


def test_a_password_is_overwritten_in_the_bytes() -> None:
    """The PDU keeps its length, and its other fields."""
    bind = BindTransceiver(system_id="magpie", password="s3cret", sequence=1)
    ring = trace()
    ring.sent(encode(bind))
    [shown] = ring.show(personal=True)
    assert len(shown.octets) == len(encode(bind))
    assert b"s3cret" not in shown.octets
    assert shown.fields["password"] == "***"
    assert shown.fields["system_id"] == "magpie"


def test_people_are_overwritten_unless_asked_for() -> None:
    """Of numbers the last four digits stay, of texts their length."""
    ring = trace()
    ring.received(SUBMIT)
    [shown] = ring.show()
    hidden = decode(shown.octets)
    assert isinstance(hidden, SubmitSm)
    assert hidden.destination.addr == "*******5310"
    assert hidden.short_message == b"*" * 15
    assert hidden.tlvs == (Tlv(0x0424, b"*" * 9),)
    [open_] = ring.show(personal=True)
    assert open_.octets == encode(SUBMIT)


def test_a_receipt_keeps_what_the_carrier_says() -> None:
    """Ids and states are what one looks for; the text that it quotes is somebody's."""
    receipt = receipt_for("id42", MessageState.DELIVERED)
    quoting = msgspec.structs.replace(
        receipt, short_message=b"id:id42 stat:DELIVRD err:000 text:meet me"
    )
    hidden = masked(quoting)
    assert getattr(hidden, "short_message", b"") == b"id:id42 stat:DELIVRD err:000 text:*******"


def test_one_can_go_on_where_one_stopped() -> None:
    """Numbers go on while old entries leave the ring."""
    ring = Trace(read, kept=3)
    for sequence in range(1, 6):
        ring.sent(EnquireLink(sequence=sequence))
    assert [one.number for one in ring.show()] == [3, 4, 5]
    assert [one.sequence for one in ring.show(after=4)] == ["5"]


def test_what_is_about_a_message() -> None:
    """A submit by our key, which it does not hold; a receipt by the id as the link compares it."""
    link = msgspec.structs.replace(options(1), receipt_ids=Notation.HEXADECIMAL)
    ring = trace(link)
    ring.sent(encode(SUBMIT), about="key")
    ring.sent(encode(SUBMIT), about="other")
    ring.received(receipt_for("2A", MessageState.DELIVERED))
    ring.received(EnquireLink(sequence=1))
    shown = ring.show()
    assert [one.number for one in naming(shown, {"key", "42"})] == [1, 3]
    assert naming(shown, {"2A", "nobody"}) == []


@pytest.mark.parametrize(
    "pdu",
    [
        AlertNotification(source=address("+15017122661"), esme=address("magpie-1234")),
        QuerySm(message_id="1", source=address("+15017122661")),
        CancelSm(source=address("+15017122661"), destination=address("+15558675310")),
        ReplaceSm(source=address("+15017122661"), short_message=b"meet me at noon"),
        SubmitMulti(source=address("+15017122661"), destinations=(address("+15558675310"),)),
        SubmitMultiResp(message_id="1", unsuccess=(Unsuccess(address("+15558675310"), 11),)),
        DataSm(
            source=address("+15017122661"),
            tlvs=(Tlv(0x0424, b"meet me"), Tlv(0x0381, b"\1\0\01115558675310")),
        ),
    ],
)
def test_nobody_stands_in_any_pdu(pdu: Pdu) -> None:
    """Whatever has an address or a text hides it."""
    ring = trace()
    ring.received(pdu)
    [shown] = ring.show()
    told = f"{shown.fields} {shown.octets!r}"
    assert "5867531" not in told
    assert "7122661" not in told
    assert b"meet me".hex() not in told
    assert b"meet me" not in shown.octets
    assert len(shown.octets) == len(encode(pdu))


def test_the_header_of_a_part_is_not_its_text() -> None:
    """Which part of which text it is, is what one looks for."""
    part = DeliverSm(esm_class=0x40, short_message=bytes.fromhex("050003aa0201") + b"secret")
    hidden = masked(part)
    assert isinstance(hidden, DeliverSm)
    assert hidden.short_message == bytes.fromhex("050003aa0201") + b"******"


def test_parameters_have_names() -> None:
    """As the standard gives them; those of vendors have a number."""
    tlvs = (Tlv(0x0204, b"\0\1"), Tlv(0x1401, b"x"))
    told = read(SubmitSm(tlvs=tlvs), personal=True).fields["tlvs"]
    assert told == {"user_message_reference": "0001", "0x1401": "78"}


def test_what_cannot_be_read_is_shown_as_that() -> None:
    """With what is wrong, and of its octets those of the header, for nobody knows what follows."""
    octets = bytes.fromhex("0000002400000005000000000000012c") + b"\0\1\1" + b"9" * 17
    ring = trace()
    ring.received(octets)
    [shown] = ring.show()
    assert (shown.what, shown.sequence, shown.octets) == ("deliver_sm", "300", octets[:16])
    assert "RINVSRCADR in deliver_sm source" in shown.fields["not_readable"]
    [shown] = ring.show(personal=True)
    assert shown.octets == octets
