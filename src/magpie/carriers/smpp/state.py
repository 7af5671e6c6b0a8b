"""What an operator reads of a link."""

import msgspec


class Counters(msgspec.Struct):
    """PDUs since the start.

    `refused` are submits answered with an error that is no throttle, `refusals` the same by the
    class of their status.
    """

    submitted: int = 0
    accepted: int = 0
    throttled: int = 0
    refused: int = 0
    refusals: dict[str, int] = msgspec.field(default_factory=dict)
    unknown: int = 0
    late: int = 0
    receipts: int = 0
    inbound: int = 0
    # Answered with an error, because what they told could not be committed.
    turned_away: int = 0
    # Receipts without an id, answers to nothing that was asked, broken PDUs.
    odd: int = 0
    connects: int = 0
    disconnects: int = 0


class BindState(msgspec.Struct, frozen=True):
    state: str
    outstanding: int
    unanswered: int


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """`share` is what throttles have left of window and rate; times are seconds from now."""

    name: str
    host: str
    bound: bool
    binds: tuple[BindState, ...]
    window: int
    outstanding: int
    waiting: int
    share: float
    paused: float
    reconnects_in: float | None
    last_error: str
    counters: Counters
