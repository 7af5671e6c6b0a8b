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
    # Answers and reports of ours: those that arrived, and those that were given up.
    answered: int = 0
    unanswered: int = 0
    # Told to come again, because what they brought could not be committed.
    turned_away: int = 0
    # Connections of those who may not send, or are too many; and mails that were no messages.
    strangers: int = 0
    odd: int = 0
    looped: int = 0


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """`share` is what throttles have left of window and rate; times are seconds from now.

    `listens` is our port; `last_error` says why there is none, or why the last try got nowhere.
    """

    name: str
    host: str
    port: int
    listens: int | None
    window: int
    outstanding: int
    waiting: int
    connections: int
    share: float
    paused: float
    down: str
    last_error: str
    counters: Counters
