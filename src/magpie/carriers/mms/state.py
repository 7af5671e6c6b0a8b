"""What an operator reads of a link."""

from typing import Protocol

import msgspec

from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import Slots
from magpie.kit import clock


class Counters(msgspec.Struct):
    """Since the start. `refused` are answers with an error that is no throttle."""

    submitted: int = 0
    accepted: int = 0
    throttled: int = 0
    refused: int = 0
    unknown: int = 0
    unreached: int = 0
    receipts: int = 0
    inbound: int = 0
    # Answered with an error, because what they told could not be committed.
    turned_away: int = 0
    # Callers without the right to, and requests that were no messages.
    strangers: int = 0
    odd: int = 0


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """`share` is what throttles have left of window and rate; times are seconds from now.

    `last_error` stays until a request gets through: a link that is tried again is not yet well.
    """

    name: str
    url: str
    window: int
    outstanding: int
    waiting: int
    share: float
    paused: float
    down: str
    last_error: str
    counters: Counters


class Shown(Protocol):
    """What options tell of a link."""

    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def window(self) -> int: ...


def state_of(options: Shown, slots: Slots, outage: Outage, counters: Counters) -> LinkState:
    now = clock.monotonic()
    down = outage.now()
    return LinkState(
        name=options.name,
        url=options.url,
        window=options.window,
        outstanding=slots.busy,
        waiting=slots.waiting,
        share=slots.pace.share(now),
        paused=max(0.0, slots.pace.resumes - now),
        down=down.detail if down else "",
        last_error=outage.why,
        counters=counters,
    )
