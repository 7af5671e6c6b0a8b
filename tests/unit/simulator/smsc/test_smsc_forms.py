import pytest

from magpie.protocols.smpp import (
    AddressRules,
    Alphabet,
    DataSm,
    RegisteredDelivery,
    Tag,
    TextOptions,
    Tlv,
    build_submits,
    to_address,
)
from magpie.simulator.smsc.forms import read_submit, wants_receipt

FROM, TO = "+15017122661", "+15558675310"
NONE, FINAL = RegisteredDelivery.NONE, RegisteredDelivery.FINAL
FAILURE, SUCCESS = RegisteredDelivery.FAILURE_ONLY, RegisteredDelivery.SUCCESS_ONLY


@pytest.mark.parametrize(
    ("wanted", "if_delivered", "if_not"),
    [(NONE, False, False), (FINAL, True, True), (FAILURE, False, True), (SUCCESS, True, False)],
)
def test_who_wants_a_receipt(wanted: int, *, if_delivered: bool, if_not: bool) -> None:
    """Receipts go to those who asked for them, for the end that they asked about."""
    assert wants_receipt(wanted, delivered=True) is if_delivered
    assert wants_receipt(wanted, delivered=False) is if_not


def test_the_vendor_reference_wins() -> None:
    """A reference of the vendor's names a message for good, the short one for a while."""
    options = TextOptions(message_reference=True, reference_tag=0x1400)
    (pdu,) = build_submits(FROM, TO, "hello", options=options, reference=5, unique="m")
    by_tag = read_submit(pdu, Alphabet.GSM, 0x1400)
    assert (by_tag.from_, by_tag.to, by_tag.text) == (FROM, TO, "hello")
    assert (by_tag.reference, by_tag.lasting) == ("m-1", None)
    short = read_submit(pdu, Alphabet.GSM, None)
    assert (short.reference, short.lasting) == (f"{FROM}>{TO}#5", 300.0)


def test_data_sm() -> None:
    """data_sm carries its text in message_payload and may have no reference at all."""
    rules = AddressRules()
    pdu = DataSm(
        source=to_address(FROM, rules),
        destination=to_address(TO, rules),
        tlvs=(Tlv(Tag.MESSAGE_PAYLOAD, b"hello"),),
    )
    given = read_submit(pdu, Alphabet.GSM, 0x1400)
    assert (given.text, given.reference, given.receipt) == ("hello", "", 0)
