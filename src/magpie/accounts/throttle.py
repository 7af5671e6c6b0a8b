"""Guessing made slow: after ten failures each further one doubles the wait."""

from typing import Final

from magpie.kit import clock

FREE: Final = 10
LONGEST: Final = 900.0
FORGOTTEN_AFTER: Final = 1800.0
MOST: Final = 10_000

Who = tuple[str, str]
"""The account or key that was named, and the address from which."""


class Throttle:
    """In one process; the one who failed longest ago is forgotten first."""

    def __init__(self) -> None:
        self._failures: dict[Who, tuple[int, float]] = {}

    def wait(self, who: Who) -> float:
        """Seconds until the next attempt is looked at."""
        count, last = self._failures.get(who, (0, 0.0))
        if count < FREE:
            return 0.0
        return max(0.0, last + min(2.0 ** min(count - FREE, 20), LONGEST) - clock.monotonic())

    def failed(self, who: Who) -> None:
        now = clock.monotonic()
        count, last = self._failures.pop(who, (0, now))
        if now - last > FORGOTTEN_AFTER:
            count = 0
        if len(self._failures) >= MOST:
            del self._failures[next(iter(self._failures))]
        self._failures[who] = (count + 1, now)

    def succeeded(self, who: Who) -> None:
        if self._failures:
            self._failures.pop(who, None)
