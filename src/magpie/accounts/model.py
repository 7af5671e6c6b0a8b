from datetime import datetime
from typing import Final

from magpie.kit.record import Record

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
CLOSED: Final = "closed"
STATUSES: Final = (ACTIVE, SUSPENDED, CLOSED)

MOST_SUBACCOUNTS: Final = 1000
LONGEST_NAME: Final = 64


class Account(Record, frozen=True):
    """A main account owns itself. `auth_token` is sealed; `Sealer.open` shows it."""

    sid: str
    owner_account_sid: str
    friendly_name: str
    status: str
    type: str
    auth_token: bytes
    date_created: datetime
    date_updated: datetime

    @property
    def is_main(self) -> bool:
        return self.owner_account_sid == self.sid

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE


class Preferences(Record, frozen=True):
    """`mms_converter`: pictures that a destination cannot take go as a link in a text.

    `convert_refused`: also those that a carrier refuses once they are on their way.
    """

    account_sid: str
    mms_converter: bool = True
    convert_refused: bool = False


class ApiKey(Record, frozen=True):
    account_sid: str
    sid: str
    friendly_name: str
    secret_hash: bytes
    date_created: datetime
    date_updated: datetime


class NewKey(ApiKey, frozen=True):
    """A key at the one moment when its secret is known."""

    secret: str

    def __repr__(self) -> str:
        return f"NewKey({self.sid})"
