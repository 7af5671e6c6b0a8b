from typing import Final

import msgspec

NORTH_AMERICA: Final = ("US", "CA")


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of a number for sale; None does not matter.

    `pattern` is a regular expression for the address, `near` latitude and longitude.
    """

    area_code: str | None = None
    pattern: str | None = None
    sms: bool | None = None
    mms: bool | None = None
    voice: bool | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    lata: str | None = None
    rate_center: str | None = None
    near: tuple[float, float] | None = None
    miles: int = 25
