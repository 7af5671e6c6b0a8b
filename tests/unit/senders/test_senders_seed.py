import re

from magpie import phone
from magpie.senders import seed
from magpie.senders.model import Kind

FICTITIOUS = re.compile(r"\+1[2-9][0-9]{2}555(01[0-9]{2})")


def test_north_america_is_fictitious() -> None:
    """But for the tutorials' own, North American numbers lie where no subscriber can."""
    items = [item for item in seed.inventory() if item.address.startswith("+1")]
    assert {item.address for item in items if not FICTITIOUS.fullmatch(item.address)} == {
        "+15017122661"
    }
    assert len(items) > 2000


def test_addresses_are_possible() -> None:
    """Each address stands once, in the form in which it is looked for."""
    addresses = [item.address for item in seed.inventory() if item.kind != Kind.SHORT_CODE]
    assert len(set(addresses)) == len(addresses)
    assert [phone.parse_e164(address) for address in addresses] == addresses


def test_kinds_fit_their_numbers() -> None:
    """A toll-free number is one by its prefix, and local ones know where they are."""
    for item in seed.inventory():
        assert phone.is_toll_free(item.address) is (item.kind == Kind.TOLL_FREE)
        assert (item.latitude is not None) is (item.kind == Kind.LOCAL)


def test_the_same_at_every_start() -> None:
    """The inventory is made anew at each start and is always the same."""
    assert seed.inventory() == seed.inventory()


def test_first_senders() -> None:
    """The first account has a local number, a toll-free one and a short code, all for MMS."""
    first = seed.first_senders()
    assert first[0].address == "+15017122661"
    assert {item.kind for item in first} == {Kind.LOCAL, Kind.TOLL_FREE, Kind.SHORT_CODE}
    assert all(item.mms and item.sms for item in first)
