"""What an operator sees of the PDUs of a link."""

import msgspec
from tests.pairs.carrier_smpp import address, options, receipt_for

from magpie.carriers.smpp.trace import masked, read, trace
from magpie.carriers.trace import Trace, naming
from magpie.protocols.smpp import (
    BindTransceiver,
    EnquireLink,
    MessageState,
    Notation,
    SubmitSm,
    Tlv,
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
