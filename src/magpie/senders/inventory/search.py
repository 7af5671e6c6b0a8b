"""The filters of AvailablePhoneNumbers, read into what the inventory is searched for."""

import re
from collections.abc import Mapping

from magpie.kit.rest import Param, Params, Parser, Wrong, boolean, integer, text
from magpie.senders.inventory import pattern
from magpie.senders.inventory.model import Search
from magpie.senders.model import Item

_PLACE = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,15})?)\s*")
_POLE, _ANTIMERIDIAN = 90, 180
_NUMBER = re.compile(r"[+ ][0-9]{7,15}")
MOST_MILES = 500


def _area_code(given: str) -> str:
    if not re.fullmatch("[2-9][0-9]{2}", given):
        raise Wrong("must be the three digits of an area code")
    return given


def _contains(given: str) -> str:
    expression = pattern.contains(given)
    if expression is None:
        raise Wrong("must be 2 to 16 digits, letters or * with at least two that are no *")
    return expression


def _place(given: str) -> tuple[float, float]:
    match = _PLACE.fullmatch(given)
    if match is None or abs(float(match[1])) > _POLE or abs(float(match[2])) > _ANTIMERIDIAN:
        raise Wrong("must be a latitude and a longitude with a comma between them")
    return float(match[1]), float(match[2])


class FindForSale(Params):
    """No number here is new to the platform or asks for an address: those filters let all pass."""

    area_code = Param("AreaCode", Parser(_area_code), doc="Only numbers of this area code.")
    contains = Param(
        "Contains", Parser(_contains), doc="Digits or letters that it has, with * for any one."
    )
    sms_enabled = Param("SmsEnabled", boolean, doc="Only numbers that send texts, or that do not.")
    mms_enabled = Param(
        "MmsEnabled", boolean, doc="Only numbers that send pictures, or that do not."
    )
    voice_enabled = Param(
        "VoiceEnabled", boolean, doc="Only numbers that can be called, or that cannot."
    )
    fax_enabled = Param(
        "FaxEnabled", boolean, doc="If true, none is found: no number has a fax behind it."
    )
    exclude_all = Param(
        "ExcludeAllAddressRequired", boolean, doc="Lets all pass: no number asks for an address."
    )
    exclude_local = Param(
        "ExcludeLocalAddressRequired", boolean, doc="Lets all pass: no number asks for an address."
    )
    exclude_foreign = Param(
        "ExcludeForeignAddressRequired",
        boolean,
        doc="Lets all pass: no number asks for an address.",
    )
    beta = Param("Beta", boolean, doc="Lets all pass: no number is new to the platform.")
    near_number = Param("NearNumber", text, doc="Only numbers near this one.")
    near_place = Param(
        "NearLatLong", Parser(_place), doc="Only numbers near this place, as 37.8,-122.4."
    )
    distance = Param("Distance", integer(1, MOST_MILES), default=25, doc="How near, in miles.")
    in_postal_code = Param("InPostalCode", text, doc="Only numbers of this postal code.")
    in_region = Param("InRegion", text, doc="Only numbers of this state or region.")
    in_rate_center = Param("InRateCenter", text, doc="Only numbers of this rate centre.")
    in_lata = Param("InLata", text, doc="Only numbers of this LATA.")
    in_locality = Param("InLocality", text, doc="Only numbers of this place.")

    def points_at_numbers(self) -> set[str]:
        """Numbers that stand for the place where they are."""
        fields = (self.in_postal_code, self.in_region, self.in_rate_center, self.in_lata)
        named = {one for one in (*fields, self.in_locality) if one and _NUMBER.fullmatch(one)}
        return named | ({self.near_number} if self.near_number else set())


def search_of(given: FindForSale, places: Mapping[str, Item]) -> Search:
    """`places` has an item for each number that `given` points at."""

    def of(value: str | None, name: str) -> str | None:
        place = places.get(value) if value else None
        # What a place does not have, no number has: blank, which is no wish left out.
        return (getattr(place, name) or "") if place else value or None

    return Search(
        area_code=given.area_code,
        pattern=given.contains,
        sms=given.sms_enabled,
        mms=given.mms_enabled,
        voice=given.voice_enabled,
        locality=of(given.in_locality, "locality"),
        region=of(given.in_region, "region"),
        postal_code=of(given.in_postal_code, "postal_code"),
        lata=of(given.in_lata, "lata"),
        rate_center=of(given.in_rate_center, "rate_center"),
        near=_near(given, places),
        miles=given.distance,
    )


def _near(given: FindForSale, places: Mapping[str, Item]) -> tuple[float, float] | None:
    place = places.get(given.near_number or "")
    if place is None or place.latitude is None or place.longitude is None:
        return given.near_place
    return float(place.latitude), float(place.longitude)
