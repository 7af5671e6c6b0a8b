"""What moves through the queue: lanes, what is put in them, and jobs that a worker holds."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec


class Lane(NamedTuple):
    """A durable FIFO; `name` is unique inside an account and a queue."""

    account_sid: str
    name: str


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """A job on its way into a lane.

    `cost` is in units of the lane's pace. A job is `held` until somebody releases it. Jobs of one
    lane with the same `serial` are claimed one at a time, in the order of their ids.
    """

    account_sid: str
    lane: str
    id: UUID
    payload: bytes
    cost: int = 1
    due_at: datetime | None = None
    serial: UUID | None = None
    held: bool = False

    @property
    def place(self) -> Lane:
        return Lane(self.account_sid, self.lane)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job under lease. `claim` is the fencing number; `slot` is when pacing lets it go.

    `gap` is the seconds that it takes in its lane, 0 where nothing is paced.
    """

    account_sid: str
    lane: str
    id: UUID
    payload: bytes
    cost: int
    claim: int
    serial: UUID | None
    slot: datetime
    gap: float = 0.0

    @property
    def place(self) -> Lane:
        return Lane(self.account_sid, self.lane)


class Laid(NamedTuple):
    """A claimed job, its slot on our monotonic clock, and the seconds until the next slot."""

    job: Job
    at: float
    gap: float


class LaneStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A lane as people see it.

    `rate` is in units a second, 0 for no limit; `units` wait for their first claim (None where the
    queue does not count); `jobs` are ready to go, counted up to 10,000; `oldest_at` is the birth of
    the first of them.
    """

    name: str
    rate: float
    capacity: int | None
    units: int | None
    jobs: int
    paused: bool
    draining: bool
    oldest_at: datetime | None
