import pytest

from magpie.kit.rest import Form, Mistake
from magpie.senders.inventory.search import FindForSale, search_of
from magpie.senders.model import Item, Kind

OAKLAND = Item(
    address="+15105550100",
    country="US",
    kind=Kind.LOCAL,
    sms=True,
    mms=True,
    voice=True,
    locality="Oakland",
    region="CA",
    postal_code="94607",
    latitude="37.80",
    longitude="-122.28",
    lata=None,
    rate_center="OKLD",
)


def find(query: str) -> FindForSale:
    return FindForSale.parse(Form.parse(query))


def test_plain_filters() -> None:
    """What is asked for is searched for, and what is not asked does not matter."""
    search = search_of(find("AreaCode=415&MmsEnabled=true&InRegion=CA&InLocality="), {})
    assert (search.area_code, search.mms, search.region) == ("415", True, "CA")
    assert (search.sms, search.locality, search.near, search.miles) == (None, None, None, 25)


def test_number_for_a_place() -> None:
    """A number given in a place's stead stands for where it is."""
    given = find("InRegion=%2B15105550100&NearNumber=%2B15105550100&Distance=10")
    assert given.points_at_numbers() == {OAKLAND.address}
    search = search_of(given, {OAKLAND.address: OAKLAND})
    assert (search.region, search.near, search.miles) == ("CA", (37.8, -122.28), 10)


def test_place_without_the_property() -> None:
    """Where the number's place has no such property, nothing is found rather than everything."""
    given = find("InLata=%2B15105550100")
    assert search_of(given, {OAKLAND.address: OAKLAND}).lata == ""


@pytest.mark.parametrize(
    "query",
    [
        "AreaCode=41",
        "AreaCode=115",
        "Contains=4",
        "NearLatLong=here",
        "NearLatLong=91,0",
        "Distance=501",
        "SmsEnabled=maybe",
    ],
)
def test_wrong_filters(query: str) -> None:
    """A filter that makes no sense is told, not passed over."""
    with pytest.raises(Mistake) as wrong:
        find(query)
    assert wrong.value.code == 20422
    assert wrong.value.name == query.partition("=")[0]
