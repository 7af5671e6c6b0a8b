"""How long to wait before the next try. Values in, values out."""


class Backoff:
    """Doubles from `first` to `most`.

    With full jitter a wait lies anywhere up to that, so that many links do not come back at
    once. `whole` waits are never shorter: who is locked out for wrong credentials must not
    hurry.
    """

    def __init__(self, first: float, most: float, *, whole: bool = False) -> None:
        self._first = first
        self._most = most
        self._whole = whole
        self._tries = 0

    def next(self, chance: float) -> float:
        """`chance` is a number from 0 to 1."""
        # Beyond 2**32 nothing is left to double.
        longest = min(self._most, self._first * 2.0 ** min(self._tries, 32))
        self._tries += 1
        return min(longest * (1 + chance / 4), self._most) if self._whole else longest * chance

    def reset(self) -> None:
        self._tries = 0
