"""Keeps a sender's messages apart at the last step before the wire.

The queue lets jobs go at their slots, but the commit between a slot and the first byte takes now
longer, now shorter: messages that a long one has held up would leave together.
"""

from magpie.kit.queue.model import Job, Lane
from magpie.kit.queue.pacing import SLACK

_MOST = 20_000


class Turnstile:
    """Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._free: dict[Lane, float] = {}

    def __len__(self) -> int:
        return len(self._free)

    def wait(self, job: Job, now: float) -> float:
        """Give the seconds until the job may pass; its place is taken with the asking."""
        if job.gap <= 0:
            return 0.0
        lane = job.place
        free = self._free.pop(lane, now)
        # As at the gate: one that is late by less than the slack does not hold up the next.
        self._free[lane] = max(free, now - SLACK) + job.gap
        if len(self._free) > _MOST:
            self._free = {known: free for known, free in self._free.items() if free > now}
        return max(0.0, free - now)
