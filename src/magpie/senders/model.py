from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypedDict

from magpie.kit.record import Record


class Kind(StrEnum):
    """Of an address that has a row; alphanumeric senders, made up by who sends, have none."""

    LOCAL = "local"
    MOBILE = "mobile"
    TOLL_FREE = "toll-free"
    SHORT_CODE = "short-code"


NUMBERS: Final = (Kind.LOCAL, Kind.MOBILE, Kind.TOLL_FREE)
LONGEST_NAME: Final = 64


class Sender(Record, frozen=True):
    """A number or a short code in an account's hands; `kind` is the text of a Kind.

    A URL that is not set is blank. `recorded` is what we keep and echo without acting on it:
    settings of calls, addresses and the like, by the names of the representation.
    """

    account_sid: str
    sid: str
    address: str
    kind: str
    friendly_name: str
    sms: bool
    mms: bool
    voice: bool
    fax: bool
    sms_url: str
    sms_method: str
    sms_fallback_url: str
    sms_fallback_method: str
    sms_application_sid: str
    status_callback: str
    status_callback_method: str
    recorded: dict[str, Any]
    date_created: datetime
    date_updated: datetime


class Item(Record, frozen=True):
    """An address that this platform can give out; `account_sid` is who holds it."""

    address: str
    country: str
    kind: str
    sms: bool
    mms: bool
    voice: bool
    locality: str | None
    region: str | None
    postal_code: str | None
    latitude: str | None
    longitude: str | None
    lata: str | None
    rate_center: str | None
    account_sid: str | None = None


SETTABLE: Final = frozenset(
    (
        "friendly_name",
        "sms_url",
        "sms_method",
        "sms_fallback_url",
        "sms_fallback_method",
        "sms_application_sid",
        "status_callback",
        "status_callback_method",
    )
)


class Recorded(TypedDict):
    address_sid: str | None
    api_version: str
    bundle_sid: str | None
    emergency_address_sid: str | None
    emergency_status: str
    identity_sid: str | None
    trunk_sid: str | None
    voice_application_sid: str
    voice_caller_id_lookup: bool
    voice_fallback_method: str
    voice_fallback_url: str | None
    voice_method: str
    voice_receive_mode: str
    voice_url: str | None


RECORDED: Final[Recorded] = {
    "address_sid": None,
    "api_version": "2010-04-01",
    "bundle_sid": None,
    "emergency_address_sid": None,
    "emergency_status": "Inactive",
    "identity_sid": None,
    "trunk_sid": None,
    "voice_application_sid": "",
    "voice_caller_id_lookup": False,
    "voice_fallback_method": "POST",
    "voice_fallback_url": None,
    "voice_method": "POST",
    "voice_receive_mode": "voice",
    "voice_url": None,
}
"""What is shown where nothing was recorded."""
