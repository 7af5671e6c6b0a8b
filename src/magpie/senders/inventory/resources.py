"""AvailablePhoneNumbers: what can be bought. Its lists have no pages and no paging fields."""

from collections.abc import Sequence
from typing import ClassVar, Final, TypedDict

from magpie import phone
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, PageRequest, Params, Uri
from magpie.senders.inventory import store
from magpie.senders.inventory.model import Search
from magpie.senders.inventory.search import FindForSale, search_of
from magpie.senders.model import Item, Kind

_PATH: Final = "/AvailablePhoneNumbers"
_SEGMENTS: Final = {Kind.LOCAL: "Local", Kind.TOLL_FREE: "TollFree", Kind.MOBILE: "Mobile"}
_NAMES: Final = {
    "AU": "Australia",
    "CA": "Canada",
    "DE": "Germany",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "NL": "Netherlands",
    "NZ": "New Zealand",
    "US": "United States",
}


class Country(Record, frozen=True):
    code: str
    kinds: tuple[str, ...]


class Countries(Record, frozen=True):
    countries: tuple[Country, ...]


class ForSale(Record, frozen=True):
    items: tuple[Item, ...]


class ShownCountry(TypedDict):
    country_code: str
    country: str
    beta: bool
    uri: Uri
    subresource_uris: dict[str, Uri]


class ShownCountries(TypedDict):
    countries: list[ShownCountry]
    uri: Uri


class Capabilities(TypedDict):
    """SMS and MMS in both spellings: the specification has the small one, answers the other."""

    voice: bool
    SMS: bool
    MMS: bool
    sms: bool
    mms: bool
    fax: bool


class Offer(TypedDict):
    friendly_name: str
    phone_number: str
    lata: str | None
    locality: str | None
    rate_center: str | None
    latitude: str | None
    longitude: str | None
    region: str | None
    postal_code: str | None
    iso_country: str
    address_requirements: str
    beta: bool
    capabilities: Capabilities


class Offers(TypedDict):
    available_phone_numbers: list[Offer]
    uri: Uri


class AvailableCountries(Collection[Countries]):
    doc: ClassVar[str] = "The countries that have numbers for sale."
    path: ClassVar[str] = _PATH
    key: ClassVar[str] = "countries"
    element: ClassVar[str] = "Countries"
    singleton: ClassVar[bool] = True
    suffixes: ClassVar[tuple[str, ...] | None] = (".json",)

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> Countries:
        return Countries(countries=_countries(await store.offered(self._database)))

    def represent(self, record: Countries, call: Call) -> ShownCountries:
        listed = [_shown(one, call, below=(one.code,)) for one in record.countries]
        return {"countries": listed, "uri": call.link()}


class AvailableCountry(Collection[Country]):
    doc: ClassVar[str] = "Which kinds of numbers a country has for sale."
    path: ClassVar[str] = f"{_PATH}/{{CountryCode}}"
    key: ClassVar[str] = "countries"
    element: ClassVar[str] = "Country"
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> Country:
        for country in _countries(await store.offered(self._database)):
            if country.code == call.path["CountryCode"].upper():
                return country
        raise call.not_found()

    def represent(self, record: Country, call: Call) -> ShownCountry:
        return _shown(record, call, below=())


class ForSaleOfKind(Collection[ForSale]):
    key: ClassVar[str] = "available_phone_numbers"
    element: ClassVar[str] = "AvailablePhoneNumbers"
    singleton: ClassVar[bool] = True
    suffixes: ClassVar[tuple[str, ...] | None] = (".json",)
    fetching: ClassVar[type[Params]] = FindForSale
    sized: ClassVar[bool] = True
    kind: ClassVar[Kind]

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> ForSale:
        """A kind that a country does not have, as mobile numbers in the US, is not found."""
        country = call.path["CountryCode"].upper()
        given = FindForSale.parse(call.query)
        size = PageRequest.parse(call.query).size
        if not await store.is_offered(self._database, country, self.kind):
            raise call.not_found()
        wanted = await self._search(given)
        if wanted is None or given.fax_enabled:  # no number has a fax behind it
            return ForSale(items=())
        found = await store.for_sale(self._database, country, self.kind, wanted, size)
        return ForSale(items=tuple(found))

    async def _search(self, given: FindForSale) -> Search | None:
        """None if a number that was given as a place lies nowhere that we know."""
        places: dict[str, Item] = {}
        for number in given.points_at_numbers():
            address = phone.parse_e164(number.strip())
            place = await store.place_of(self._database, address) if address else None
            if place is None or place.latitude is None:
                return None
            places[number] = place
        return search_of(given, places)

    def represent(self, record: ForSale, call: Call) -> Offers:
        offers = [_for_sale(item) for item in record.items]
        return {"available_phone_numbers": offers, "uri": call.link()}


class LocalForSale(ForSaleOfKind):
    doc: ClassVar[str] = "Local numbers for sale in a country."
    path: ClassVar[str] = f"{_PATH}/{{CountryCode}}/Local"
    kind: ClassVar[Kind] = Kind.LOCAL


class TollFreeForSale(ForSaleOfKind):
    doc: ClassVar[str] = "Toll-free numbers for sale in a country."
    path: ClassVar[str] = f"{_PATH}/{{CountryCode}}/TollFree"
    kind: ClassVar[Kind] = Kind.TOLL_FREE


class MobileForSale(ForSaleOfKind):
    doc: ClassVar[str] = "Mobile numbers for sale in a country."
    path: ClassVar[str] = f"{_PATH}/{{CountryCode}}/Mobile"
    kind: ClassVar[Kind] = Kind.MOBILE


def _countries(offered: Sequence[tuple[str, str]]) -> tuple[Country, ...]:
    kinds: dict[str, list[str]] = {}
    for country, kind in offered:
        if kind in _SEGMENTS:
            kinds.setdefault(country, []).append(kind)
    return tuple(Country(code=code, kinds=tuple(has)) for code, has in kinds.items())


def _shown(country: Country, call: Call, *, below: tuple[str, ...]) -> ShownCountry:
    return {
        "country_code": country.code,
        "country": _NAMES.get(country.code, country.code),
        "beta": False,
        "uri": call.link(*below),
        "subresource_uris": {
            kind.replace("-", "_"): call.link(*below, segment)
            for kind, segment in _SEGMENTS.items()
            if kind in country.kinds
        },
    }


def _for_sale(item: Item) -> Offer:
    return {
        "friendly_name": phone.friendly(item.address),
        "phone_number": item.address,
        "lata": item.lata,
        "locality": item.locality,
        "rate_center": item.rate_center,
        "latitude": item.latitude,
        "longitude": item.longitude,
        "region": item.region,
        "postal_code": item.postal_code,
        "iso_country": item.country,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {
            "voice": item.voice,
            "SMS": item.sms,
            "MMS": item.mms,
            "sms": item.sms,
            "mms": item.mms,
            "fax": False,
        },
    }
