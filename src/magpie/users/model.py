"""People who sign in, and what each may do."""

from datetime import datetime
from enum import IntEnum
from typing import Final
from uuid import UUID

from magpie.kit.record import Record

LONGEST_NAME: Final = 64


class Role(IntEnum):
    """Each may do all that those below it may."""

    VIEWER = 1  # looks at everything but secrets
    AGENT = 2  # sends, and acts as a handset
    OPERATOR = 3  # queues, carriers, numbers, webhooks
    OWNER = 4  # accounts, keys, users


class User(Record, frozen=True):
    id: UUID
    name: str
    role: str
    password_hash: str | None
    date_created: datetime
    date_updated: datetime

    def may(self, role: Role) -> bool:
        return Role[self.role.upper()] >= role


class Session(Record, frozen=True):
    """`digest` is the SHA-256 of the cookie's secret."""

    id: UUID
    digest: bytes
    user_id: UUID
    date_created: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    user_agent: str
