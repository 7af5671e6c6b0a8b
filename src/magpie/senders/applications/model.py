from datetime import datetime
from typing import Any, Final, TypedDict

from magpie.kit.record import Record


class Application(Record, frozen=True):
    """Settings that several senders share; `recorded` as in a Sender."""

    account_sid: str
    sid: str
    friendly_name: str | None
    sms_url: str | None
    sms_method: str
    sms_fallback_url: str | None
    sms_fallback_method: str
    message_status_callback: str | None
    recorded: dict[str, Any]
    date_created: datetime
    date_updated: datetime


SETTABLE: Final = frozenset(
    (
        "friendly_name",
        "sms_url",
        "sms_method",
        "sms_fallback_url",
        "sms_fallback_method",
        "message_status_callback",
    )
)


class Recorded(TypedDict):
    api_version: str
    public_application_connect_enabled: bool
    status_callback: str | None
    status_callback_method: str
    voice_caller_id_lookup: bool
    voice_fallback_method: str
    voice_fallback_url: str | None
    voice_method: str
    voice_url: str | None


RECORDED: Final[Recorded] = {
    "api_version": "2010-04-01",
    "public_application_connect_enabled": False,
    "status_callback": None,
    "status_callback_method": "POST",
    "voice_caller_id_lookup": False,
    "voice_fallback_method": "POST",
    "voice_fallback_url": None,
    "voice_method": "POST",
    "voice_url": None,
}
"""What is shown where nothing was recorded."""
