"""A peer that cannot be reached is left alone for a while, longer each time."""

from magpie.carriers.backoff import Backoff
from magpie.carriers.traffic import Deferred
from magpie.kit import clock


class Outage:
    def __init__(self, first: float = 1.0, most: float = 60.0) -> None:
        self._backoff = Backoff(first, most, whole=True)
        self._until = float("-inf")
        self.why = ""

    def now(self) -> Deferred | None:
        """What becomes of a message meanwhile: not its fault, so it must not use up its tries."""
        left = self._until - clock.monotonic()
        if left <= 0:
            return None
        return Deferred(f"the link is down: {self.why}", throttled=True, after=left)

    def began(self, why: str) -> Deferred:
        """Whoever set out before the last failure learned nothing new."""
        now = clock.monotonic()
        if now >= self._until:
            self._until = now + self._backoff.next(clock.chance().random())
            self.why = why
        return Deferred(f"the link is down: {why}", throttled=True, after=self._until - now)

    def over(self) -> None:
        if self.why:
            self._backoff.reset()
            self._until, self.why = float("-inf"), ""
