"""Which lanes are to be looked at now and which later; times are of our monotonic clock.

All of it can be rebuilt from the store. Looking at a lane too early is harmless, missing one is
not.
"""

import heapq

from magpie.kit.queue.fairness import Ring
from magpie.kit.queue.model import Lane


class Agenda:
    def __init__(self) -> None:
        self.ready = Ring()
        self.due_at: float | None = None
        self._at: dict[Lane, float] = {}
        self._heap: list[tuple[float, Lane]] = []
        self._rests: dict[Lane, float] = {}

    def look(self, lane: Lane, now: float) -> None:
        """Something was put into the lane, or may be left in it."""
        rest = self._rests.get(lane, 0.0)
        if rest > now:
            self.look_at(lane, rest)
        else:
            self.ready.add(lane)

    def look_at(self, lane: Lane, at: float) -> None:
        known = self._at.get(lane)
        if known is None or at < known:
            self._at[lane] = at
            heapq.heappush(self._heap, (at, lane))

    def rest(self, lane: Lane, until: float) -> None:
        """Keep off the lane, whatever is put into it: it has no slot before that time."""
        self._rests[lane] = until

    def wake(self, lane: Lane) -> None:
        """The lane was given another pace, or is no longer paused."""
        self._rests.pop(lane, None)
        self._at.pop(lane, None)
        self.ready.add(lane)

    def due(self, at: float) -> None:
        """Some job becomes due at that time."""
        self.due_at = at if self.due_at is None else min(at, self.due_at)

    def ripen(self, now: float) -> None:
        """Move lanes whose time has come to those that are ready."""
        while self._heap and self._heap[0][0] <= now:
            at, lane = heapq.heappop(self._heap)
            if self._at.get(lane) == at:
                del self._at[lane]
                self.look(lane, now)

    def next_at(self) -> float | None:
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        times = [heap_at for heap_at, _ in self._heap[:1]]
        if self.due_at is not None:
            times.append(self.due_at)
        return min(times, default=None)

    def tidy(self, now: float) -> None:
        """Forget what is over, so that lanes which were used once cost nothing."""
        self._rests = {lane: until for lane, until in self._rests.items() if until > now}
        if len(self._heap) > 2 * len(self._at) + 64:
            self._heap = [(at, lane) for lane, at in self._at.items()]
            heapq.heapify(self._heap)
