"""What follows from a carrier's answer: a decision is a value, and somebody else carries it out."""

from datetime import datetime, timedelta

import msgspec

from magpie.carriers.base import Capabilities
from magpie.carriers.traffic import Accepted, Deferred, Kind, Outcome, Rejected, Unknown
from magpie.messages.lifecycle import Status

# A passing fault is tried this often; a throttle alone never fails a message before it expires.
MOST_TRIES = 8
_LONGEST = 60.0
# After a lost answer a receipt that tells of it may still come.
_LISTEN = 2.0


class Moves(msgspec.Struct, frozen=True):
    """The message's next state, for good as far as this attempt goes."""

    status: Status
    code: int | None = None


class Again(msgspec.Struct, frozen=True):
    """Try once more at a time; `unknown` tells that the last try may have arrived."""

    at: datetime
    unknown: bool = False


class Converts(msgspec.Struct, frozen=True):
    """Fails as an MMS by this code, and goes again at once with its media as a link."""

    code: int


class Held(msgspec.Struct, frozen=True):
    """Nobody knows and policy says to wait: a receipt or a person decides."""


Decision = Moves | Again | Converts | Held


def decide(
    outcome: Outcome,
    *,
    kind: Kind,
    tries: int,
    unknowns: int,
    now: datetime,
    expires_at: datetime | None,
    carrier: Capabilities,
    chance: float,
    elsewhere: bool = False,
) -> Decision:
    """`tries` and `unknowns` count this one; `chance` is a number from 0 to 1 for the jitter.

    `elsewhere` says that another link would take the message at once: nothing is waited for.
    """
    match outcome:
        case Accepted():
            return Moves(Status.SENT)
        case Rejected(elsewhere=True) if elsewhere:
            return Again(now)
        case Rejected(code=code):
            return Moves(Status.FAILED, code)
        case Unknown():
            return _after_unknown(unknowns, now, carrier)
        case Deferred():
            wait = 0.0 if elsewhere else _wait(outcome, tries, chance)
            return _after_deferral(outcome, kind, tries, now, expires_at, wait)


def _after_unknown(unknowns: int, now: datetime, carrier: Capabilities) -> Decision:
    """Resending is safe where the carrier knows duplicates; elsewhere it is done once."""
    again = Again(now + timedelta(seconds=_LISTEN), unknown=True)
    if carrier.deduplicates:
        return again if unknowns < MOST_TRIES else Held()
    if carrier.on_unknown == "fail":
        return Moves(Status.FAILED, 30008)
    if carrier.on_unknown == "resend" and unknowns <= 1:
        return again
    return Held()


def _wait(outcome: Deferred, tries: int, chance: float) -> float:
    return min(_LONGEST, outcome.after or 0.5 * 2 ** min(tries, 7)) * (1 + chance / 4)


def _after_deferral(
    outcome: Deferred,
    kind: Kind,
    tries: int,
    now: datetime,
    expires_at: datetime | None,
    wait: float,
) -> Decision:
    at = now + timedelta(seconds=wait)
    if expires_at is not None and at > expires_at:
        return Moves(Status.FAILED, 30036)
    if not outcome.throttled and tries >= MOST_TRIES:
        return Moves(Status.FAILED, 30017 if kind is Kind.MMS else 30008)
    return Again(at)
