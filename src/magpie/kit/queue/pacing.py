"""Pacing by GCRA, the generic cell rate algorithm (ITU-T I.371 annex A), as virtual scheduling.

A lane's state is one time: its theoretical arrival time (TAT), the slot of the next unit. There is
no burst: two slots are never closer than the pace, also just after a restart. All times here are
seconds since 1970 by the store's clock, which all nodes share.
"""

from collections.abc import Sequence

# A job may go up to SLACK after its slot. Slots that are 1 % further apart than the limit asks make
# up for that: a second and the 10 ms before it hold no more slots than the limit. 99 % are used.
# The handler has the other 2 ms to come to its point.
STRETCH = 1.01
SLACK = 0.008
# Jobs are claimed this long before their slots, and lanes looked at only at whole ticks, so that
# the store is asked a few times a second and not once for every unit.
HORIZON = 0.25
TICK = 0.1
# A job that is later than this is given back. Another node, which cannot know how late, keeps off
# a lane for as long after its TAT.
GRACE = 1.0


def pace_of(rate: float) -> float:
    """Give the seconds between two units for a limit of `rate` units a second; 0 is unpaced."""
    return STRETCH / rate if rate > 0 else 0.0


def rate_of(pace: float) -> float:
    return round(STRETCH / pace, 6) if pace > 0 else 0.0


def first_slot(tat: float, laid_at: float, now: float, *, ours: bool) -> float:
    """Find the next free slot; `laid_at` is when the TAT was written and tells of a set-back clock.

    `ours` says that it was this node which laid out the slots so far.
    """
    set_back = max(0.0, laid_at - now)
    return max(now, tat - set_back + (0.0 if ours else GRACE))


def room(slot: float, now: float, pace: float, most: int) -> int:
    """Count the units whose slots begin before the horizon."""
    if pace <= 0:
        return most
    ahead = now + HORIZON - slot
    return 0 if ahead < 0 else min(most, int(ahead / pace) + 1)


def slots(slot: float, pace: float, costs: Sequence[int]) -> tuple[list[float], float]:
    """Lay jobs out from the first free slot; gives each job's slot and the new TAT."""
    laid = []
    for cost in costs:
        laid.append(slot)
        slot += pace * cost
    return laid, slot


def next_look(tat: float, now: float) -> float:
    """Give the seconds until a lane has a slot before the horizon, for many lanes at one time."""
    at = tat - HORIZON
    if at <= now:
        return 0.0
    ticks = -(-at // TICK)
    return ticks * TICK - now


class StoreTime:
    """Where the store's clock stands on our monotonic one.

    A reading arrives late, never early, so the smallest difference seen is nearest the truth; it
    may grow slowly, as clocks drift, and at once when the store's clock was set back.
    """

    _DRIFT = 200e-6
    _JUMP = 1.0

    def __init__(self) -> None:
        self._difference = float("inf")
        self._noted = 0.0

    def note(self, store: float, monotonic: float) -> None:
        seen = monotonic - store
        known = self._difference + self._DRIFT * (monotonic - self._noted)
        self._difference = seen if seen < known or seen - known > self._JUMP else known
        self._noted = monotonic

    def monotonic(self, store: float) -> float:
        return store + self._difference

    def store(self, monotonic: float) -> float:
        return monotonic - self._difference
