"""The values of dispatch: a message on its way to a carrier and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from magpie.carriers.traffic import Outcome, Submission
from magpie.dispatch.retry import Decision
from magpie.kit.queue.model import Job
from magpie.messages.model import Conversion

Key = tuple[str, UUID]


class Attempt(NamedTuple):
    """One part of one try. Of parts that no receipt has told of, `receipt` is None."""

    account_sid: str
    message_id: UUID
    attempt: int
    part: int
    carrier: str
    state: str
    carrier_id: str | None
    receipt: str | None
    possible_duplicate: bool


class Tries(msgspec.Struct, frozen=True):
    """The tries before this one; `lost` when nobody has decided yet about the last."""

    attempts: Sequence[Attempt] = ()
    lost: bool = False

    @property
    def unknowns(self) -> int:
        return sum(attempt.state == "unknown" for attempt in self.attempts)


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that is about to leave by a carrier; `adapted` tells of media made just now.

    Carriers that would have come first were `passed` over, with the reason.
    """

    submission: Submission
    carrier: str
    at: datetime
    waited: float
    expires_at: datetime | None = None
    adapted: dict[str, Any] | None = None
    passed: Mapping[str, str] | None = None


class End(msgspec.Struct, frozen=True, kw_only=True):
    """What a job came to; without a submission it ended before a carrier was asked.

    `partial` is said where the media are more than the carrier takes: whether some of them could
    go. A `conversion` belongs to the decision to go again with a link.
    """

    job: Job
    at: datetime
    decision: Decision | None = None
    outcome: Outcome | None = None
    submission: Submission | None = None
    carrier: str = ""
    detail: dict[str, Any] | None = None
    partial: bool | None = None
    conversion: Conversion | None = None
