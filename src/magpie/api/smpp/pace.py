"""How fast one bind may submit (GCRA): its rate, and what comes at once within a second."""

from magpie.kit import clock

_BURST_SECONDS = 1.0
_ROUNDING = 1e-6


class Pace:
    def __init__(self) -> None:
        self._tat = 0.0

    def admits(self, units: int, rate: float) -> bool:
        """Units a second, 0 for no limit. What is not admitted takes nothing."""
        if rate <= 0:
            return True
        now = clock.monotonic()
        start = max(self._tat, now)
        if start - now > max(_BURST_SECONDS - 1 / rate, 0.0) + _ROUNDING:
            return False
        self._tat = start + units / rate
        return True
