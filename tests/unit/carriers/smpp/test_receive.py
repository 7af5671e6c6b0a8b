import pytest

from magpie.carriers.smpp.receive import Keys, number_of
from magpie.kit import clock
from magpie.protocols import smpp
from magpie.protocols.smpp import Address, AddressRules


def text(
    content: bytes = b"yes", source: str = "1", tlvs: tuple[smpp.Tlv, ...] = ()
) -> smpp.DeliverSm:
    return smpp.DeliverSm(
        source=Address(1, 1, source),
        destination=Address(1, 1, "2"),
        short_message=content,
        tlvs=tlvs,
    )


def key(keys: Keys, pdu: smpp.DeliverSm) -> str:
    return keys.of(pdu, smpp.read_text(pdu))


def test_the_same_within_the_window() -> None:
    """The same text from the same phone within five seconds is a redelivery, later it is new."""
    keys = Keys(5)
    with clock.use(clock.ManualClock()) as manual:
        manual.advance(4.9)
        first = key(keys, text())
        manual.advance(4.9)
        assert key(keys, text()) == first
        manual.advance(0.2)
        assert key(keys, text()) != first


def test_after_a_restart_the_bucket_counts() -> None:
    """A process that knows nothing gives the same name within one bucket, not beyond its edge."""
    with clock.use(clock.ManualClock()) as manual:
        first = key(Keys(5), text())
        manual.advance(4.9)
        assert key(Keys(5), text()) == first
        manual.advance(0.2)
        assert key(Keys(5), text()) != first


def test_no_window() -> None:
    """Without a window each text is new."""
    assert key(Keys(0), text()) != key(Keys(0), text())


@pytest.mark.parametrize(
    "other", [text(b"no"), text(source="3"), text(tlvs=(smpp.Tlv.string(0x001E, "a"),))]
)
def test_what_makes_a_text_another(other: smpp.DeliverSm) -> None:
    """Content, sender and the carrier's id each tell texts apart."""
    keys = Keys(5)
    with clock.use(clock.ManualClock()):
        assert key(keys, text()) != key(keys, other)


def test_an_id_lasts() -> None:
    """With an id from the carrier, or a place in a long text, the name does not change in time."""
    named = text(tlvs=(smpp.Tlv.string(smpp.Tag.RECEIPTED_MESSAGE_ID, "a"),))
    sar = (smpp.Tlv.number(0x020C, 7, 2), smpp.Tlv.number(0x020E, 2), smpp.Tlv.number(0x020F, 1))
    keys = Keys(5)
    with clock.use(clock.ManualClock()) as manual:
        before = [key(keys, pdu) for pdu in (named, text(tlvs=sar))]
        manual.advance(3600)
        assert [key(keys, pdu) for pdu in (named, text(tlvs=sar))] == before


@pytest.mark.parametrize(
    ("address", "country", "number"),
    [
        (Address(1, 1, "15558675310"), "", "+15558675310"),
        (Address(2, 1, "5558675310"), "1", "+15558675310"),
        (Address(0, 0, "5558675310"), "1", "+15558675310"),
        (Address(0, 0, "15558675310"), "1", "+15558675310"),
        (Address(2, 1, "7700900123"), "44", "+447700900123"),
        (Address(3, 0, "12345"), "1", "12345"),
        (Address(5, 0, "Magpie"), "1", "Magpie"),
    ],
)
def test_numbers(address: Address, country: str, number: str) -> None:
    """Numbers become E.164 as their type and the carrier's country say; names stay."""
    assert number_of(address, AddressRules(country_code=country)) == number
