from datetime import datetime
from typing import Any

from magpie.kit.record import Record


class Entry(Record, frozen=True):
    """`who` is a user of the console, or the account or key that called the API."""

    serial: int
    at: datetime
    account_sid: str
    who: str
    address: str
    action: str
    detail: dict[str, Any]
    digest: bytes
