"""What an operator reads of a link."""

import msgspec


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
    # Told of, but not to be had from the centre.
    unfetched: int = 0
    # Answered with an error, because what they told could not be committed.
    turned_away: int = 0
    # Callers without the right to, and pushes that were no messages.
    strangers: int = 0
    odd: int = 0


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """`share` is what throttles have left of window and rate; times are seconds from now."""

    name: str
    url: str
    window: int
    outstanding: int
    waiting: int
    share: float
    paused: float
    down: str
    counters: Counters
