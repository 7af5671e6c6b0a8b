"""Links and routes as an operator sets them, in the file or by the API, and how each link is."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from magpie.carriers.routes import Route
from magpie.carriers.traffic import Kind
from magpie.kit.record import Record


class Status(StrEnum):
    """What an operator wants of a link.

    A paused one gets nothing new and stays connected; a draining one gets nothing new, finishes
    what is under way, and hangs up.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    DRAINING = "draining"


class Origin(StrEnum):
    """Only what the API made can be changed by it."""

    FILE = "file"
    API = "api"
    BUILT_IN = "built-in"


class StoredCarrier(Record, frozen=True):
    name: str
    kind: str
    configuration: bytes
    date_created: datetime
    date_updated: datetime


class StoredRoute(Record, frozen=True):
    sid: str
    prefix: str
    carrier: str
    kinds: list[str]
    priority: int
    date_created: datetime | None
    date_updated: datetime | None

    @property
    def route(self) -> Route:
        return Route(
            prefix=self.prefix,
            carrier=self.carrier,
            kinds=frozenset(Kind(kind) for kind in self.kinds),
            priority=self.priority,
        )


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One link on one node.

    `state` is up, down, stopped, or broken where it cannot be made of its configuration. `share`
    is what throttles have left of window and rate, `paused_for` the seconds until they let it go
    on. A kind that has no such thing leaves it out.
    """

    state: str
    since: datetime
    last_error: str = ""
    binds: list[dict[str, Any]] = []
    window: int | None = None
    outstanding: int = 0
    waiting: int = 0
    share: float = 1.0
    paused_for: float = 0.0
    counters: dict[str, Any] = {}


def file_route(route: Route) -> StoredRoute:
    """Its SID is made of what it says, so that it is the same after a restart, on every node."""
    kinds = sorted(route.kinds)
    said = f"{route.prefix} {route.carrier} {kinds} {route.priority}"
    return StoredRoute(
        sid="RT" + sha256(said.encode()).hexdigest()[:32],
        prefix=route.prefix,
        carrier=route.carrier,
        kinds=[kind.value for kind in kinds],
        priority=route.priority,
        date_created=None,
        date_updated=None,
    )
