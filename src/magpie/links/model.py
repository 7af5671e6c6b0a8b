"""Short links in texts: to a page with a message's media, or to a URL that a body held."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from magpie import sids
from magpie.kit.record import Record

MEDIA_LIFE: Final = timedelta(days=365)
URL_LIFE: Final = timedelta(days=90)
KEPT_AFTER_END: Final = timedelta(days=30)


class Kind(StrEnum):
    MEDIA = "media"
    URL = "url"


class Link(Record, frozen=True):
    """`opens` counts people, `previews` programs that only look what a link leads to."""

    token: str
    account_sid: str
    message_id: UUID
    mms: bool
    kind: str
    target: str | None
    domain_sid: str | None
    messaging_service_sid: str | None
    from_: str | None = msgspec.field(name="from")
    to: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opens: int
    previews: int
    last_opened_at: datetime | None

    @property
    def message_sid(self) -> str:
        return sids.new("MM" if self.mms else "SM", self.message_id)

    def is_over(self, now: datetime) -> bool:
        return self.revoked_at is not None or self.expires_at <= now


class Open(Record, frozen=True):
    """`client` is what the user agent plainly is, None if it does not say."""

    account_sid: str
    token: str
    id: UUID
    at: datetime
    person: bool
    client: str | None
    user_agent: str
