"""How fast a bind may send: rate, window, and what a throttle leaves of them. Pure."""

from typing import Final

# Of a rate 98.5 % is used, and a timer that comes late may make up for 10 ms: so no sliding
# second holds more than the rate.
_USED: Final = 0.985
_LATE: Final = 0.010
_SMALLEST: Final = 1 / 16
_RECOVERY: Final = 0.05  # of the whole, each second


class Pace:
    """Multiplicative decrease, additive increase.

    A throttle halves what of window and rate is used and stops the bind for a pause, which
    doubles until the whole is in use again. Answers to what left before the pause ended say
    nothing new.
    """

    def __init__(self, window: int, rate: float, pause: tuple[float, float]) -> None:
        self._window = window
        self._interval = 1 / (rate * _USED) if rate else 0.0
        self._first, self._most = pause
        self._pause = self._first
        self._share = 1.0
        self._next = float("-inf")
        self.resumes = float("-inf")

    def room(self, outstanding: int, now: float) -> int:
        if self._share == 1.0:
            return self._window - outstanding
        return max(1, int(self._window * self.share(now))) - outstanding

    def wait(self, now: float) -> float:
        """Seconds until the next may leave; not above 0 if it may now."""
        return max(self.resumes, self._next) - now

    def spend(self, segments: int, now: float) -> None:
        if self._interval:
            spacing = segments * self._interval / self.share(now)
            self._next = max(self._next, now - _LATE) + spacing

    def throttled(self, sent_at: float, now: float, chance: float) -> None:
        """`chance` is a number from 0 to 1."""
        if sent_at < self.resumes:
            return
        share = self.share(now)
        self._pause = self._first if share == 1.0 else min(self._pause * 2, self._most)
        self._share = max(share / 2, _SMALLEST)
        self.resumes = now + min(self._pause * (1 + chance / 4), self._most)

    def share(self, now: float) -> float:
        if self._share < 1.0 and now > self.resumes:
            share = self._share + (now - self.resumes) * _RECOVERY
            if share >= 1.0:
                self._share = 1.0
            return min(share, 1.0)
        return self._share
