"""A message that has just been accepted, for those who are asked what becomes of it."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from magpie.messages.model import Message

AT: Final = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
ACCOUNT: Final = "AC" + "1" * 32


def queued(**changes: Any) -> Message:
    """A text of one segment at AT, but for the `changes`."""
    made: dict[str, Any] = {
        "account_sid": ACCOUNT,
        "id": UUID(int=7),
        "mms": False,
        "direction": "outbound-api",
        "status": "queued",
        "from_": "+15017122661",
        "to": "+15558675310",
        "body": "hello",
        "num_segments": 1,
        "num_media": 0,
        "messaging_service_sid": None,
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "date_created": AT,
        "date_updated": AT,
        "date_sent": None,
        "expires_at": None,
        "status_callback": None,
        "options": None,
    }
    return Message(**made | changes)
