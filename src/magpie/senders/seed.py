"""The inventory of the simulated network: the same numbers at every start, all fictitious.

North American numbers lie in the block 555-0100 to 555-0199 of their area code, which the
numbering plan keeps for fiction (ATIS-0300115); British mobile ones in Ofcom's drama range,
Australian ones in ACMA's.
"""

from collections.abc import Iterator
from typing import NamedTuple

from magpie.senders.model import Item, Kind

TUTORIAL = "+15017122661"
TOLL_FREE = "+18005550199"
SHORT_CODE = "55501"


class Area(NamedTuple):
    code: str
    country: str
    region: str
    locality: str
    postal_code: str
    latitude: str
    longitude: str
    lata: str


AREAS = (
    Area("212", "US", "NY", "New York", "10001", "40.7506", "-73.9972", "132"),
    Area("213", "US", "CA", "Los Angeles", "90012", "34.0614", "-118.2385", "730"),
    Area("202", "US", "DC", "Washington", "20001", "38.9072", "-77.0177", "236"),
    Area("206", "US", "WA", "Seattle", "98101", "47.6114", "-122.3305", "674"),
    Area("214", "US", "TX", "Dallas", "75201", "32.7876", "-96.7994", "552"),
    Area("303", "US", "CO", "Denver", "80202", "39.7491", "-104.9946", "656"),
    Area("305", "US", "FL", "Miami", "33130", "25.7672", "-80.2059", "460"),
    Area("312", "US", "IL", "Chicago", "60602", "41.8829", "-87.6292", "358"),
    Area("404", "US", "GA", "Atlanta", "30303", "33.7529", "-84.3903", "438"),
    Area("415", "US", "CA", "San Francisco", "94103", "37.7726", "-122.4099", "722"),
    Area("501", "US", "AR", "Little Rock", "72201", "34.7483", "-92.2819", "528"),
    Area("503", "US", "OR", "Portland", "97204", "45.5184", "-122.6740", "672"),
    Area("510", "US", "CA", "Oakland", "94607", "37.8071", "-122.2851", "722"),
    Area("512", "US", "TX", "Austin", "78701", "30.2713", "-97.7426", "558"),
    Area("602", "US", "AZ", "Phoenix", "85003", "33.4511", "-112.0775", "666"),
    Area("612", "US", "MN", "Minneapolis", "55401", "44.9850", "-93.2698", "628"),
    Area("615", "US", "TN", "Nashville", "37203", "36.1502", "-86.7894", "470"),
    Area("617", "US", "MA", "Boston", "02108", "42.3576", "-71.0651", "128"),
    Area("702", "US", "NV", "Las Vegas", "89101", "36.1721", "-115.1224", "721"),
    Area("713", "US", "TX", "Houston", "77002", "29.7589", "-95.3677", "560"),
    Area("808", "US", "HI", "Honolulu", "96813", "21.3134", "-157.8540", "834"),
    Area("416", "CA", "ON", "Toronto", "M5H 2N2", "43.6529", "-79.3849", "888"),
    Area("514", "CA", "QC", "Montreal", "H2Y 1C6", "45.5088", "-73.5540", "888"),
    Area("604", "CA", "BC", "Vancouver", "V6B 1A1", "49.2820", "-123.1171", "888"),
)
# ACMA names these one by one.
_AUSTRALIAN = (
    "570006 570156 570157 570158 570159 570110 570313 570737 571266 571491 571804 572549 572665"
    " 572983 573770 573087 574118 574632 575254 575789 576398 576801 577426 577644 578957 578148"
    " 578888 579212 579760 579455"
)
_TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")


def inventory() -> list[Item]:
    return [*_local(), *_toll_free(), *_mobile(), *first_senders()]


def first_senders() -> list[Item]:
    """What the first account has from the start; the first is the sender of every tutorial."""
    little_rock = next(area for area in AREAS if area.code == "501")
    return [
        _in(little_rock, TUTORIAL),
        _plain(TOLL_FREE, "US", Kind.TOLL_FREE),
        _plain(SHORT_CODE, "US", Kind.SHORT_CODE, voice=False),
    ]


def _local() -> Iterator[Item]:
    for area in AREAS:
        for line in range(100, 200):
            yield _in(area, f"+1{area.code}5550{line}")


def _toll_free() -> Iterator[Item]:
    for code in _TOLL_FREE_CODES:
        for line in range(100, 199):
            yield _plain(f"+1{code}5550{line}", "US", Kind.TOLL_FREE)


def _mobile() -> Iterator[Item]:
    for line in range(100):
        yield _plain(f"+447700900{line:03}", "GB", Kind.MOBILE, mms=False)
    for number in _AUSTRALIAN.split():
        yield _plain(f"+61491{number}", "AU", Kind.MOBILE)


def _in(area: Area, address: str) -> Item:
    return Item(
        address,
        area.country,
        Kind.LOCAL,
        True,
        True,
        True,
        area.locality,
        area.region,
        area.postal_code,
        area.latitude,
        area.longitude,
        area.lata,
        area.locality.upper()[:10],
    )


def _plain(address: str, country: str, kind: Kind, *, mms: bool = True, voice: bool = True) -> Item:
    nowhere = (None,) * 7
    return Item(address, country, kind, True, mms, voice, *nowhere)
