"""Claimed jobs wait here for their slots; times are of our monotonic clock.

A loop that was kept busy wakes late. Jobs that are up to the slack late go at once; beyond it the
lane's following slots move, so that what was missed is not made good in a burst.
"""

import heapq
from itertools import count

from magpie.kit.queue.model import Job, Laid, Lane
from magpie.kit.queue.pacing import GRACE, SLACK

_NOUGHT = 1e-9  # seconds; sums of gaps are not exact


class Gate:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Laid]] = []
        self._free: dict[Lane, float] = {}
        self._pending: dict[Lane, float] = {}
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, laid: Laid) -> None:
        heapq.heappush(self._heap, (laid.at, next(self._numbers), laid))
        if laid.gap > 0:
            lane = laid.job.place
            self._pending[lane] = self._pending.get(lane, 0.0) + laid.gap

    def next_at(self) -> float | None:
        return self._heap[0][0] if self._heap else None

    def busy_until(self, lane: Lane) -> float:
        """Give the time before which a further job of the lane cannot go."""
        return self._free.get(lane, 0.0) + self._pending.get(lane, 0.0)

    def take(self, now: float) -> tuple[list[Job], list[Job]]:
        """Give the jobs that may go now, and those too late to go at all."""
        go: list[Job] = []
        late: list[Job] = []
        while self._heap and self._heap[0][0] <= now:
            at, number, laid = heapq.heappop(self._heap)
            lane = laid.job.place
            free = self._free.get(lane, at) if laid.gap > 0 else at
            if free > at:  # back in line, so that jobs of a lane that has moved keep their order
                heapq.heappush(self._heap, (free, number, laid))
            elif laid.gap <= 0:
                go.append(laid.job)
            elif now > laid.at + GRACE:
                self._settle(laid)
                late.append(laid.job)
            else:
                self._settle(laid)
                self._free[lane] = max(at, now - SLACK) + laid.gap
                go.append(laid.job)
        return go, late

    def forget(self, lane: Lane) -> None:
        """The lane's pace was changed: the store knows when it is free."""
        self._free.pop(lane, None)

    def clear(self) -> list[Job]:
        """Give up everything that still waits."""
        jobs = [laid.job for _, _, laid in sorted(self._heap)]
        self._heap.clear()
        self._pending.clear()
        return jobs

    def tidy(self, now: float) -> None:
        self._free = {lane: at for lane, at in self._free.items() if at > now}

    def _settle(self, laid: Laid) -> None:
        lane = laid.job.place
        left = self._pending[lane] - laid.gap
        if left > _NOUGHT:
            self._pending[lane] = left
        else:
            del self._pending[lane]
