"""A webhook on its way: what is kept in the queue until the customer's server has answered."""

from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

QUEUE = "webhooks"


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`status` callbacks expect nothing; the answer to an `inbound` one is run as TwiML.

    The URL may end in a fragment of connection overrides. `resource` is the message's id. A
    conversation between a phone and a sender of ours is a session: `documents` and `replies`
    count what it has had so far.
    """

    kind: Literal["status", "inbound", "action"]
    resource: UUID
    url: str
    params: list[tuple[str, str]]
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    session: tuple[str, str] | None = None
    documents: int = 0
    replies: int = 0

    @property
    def answered_by_twiml(self) -> bool:
        return self.kind != "status"


def lane_of(url: str) -> str:
    """Endpoints of one host share a lane, so that a hanging one holds up only itself."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"[:200]
