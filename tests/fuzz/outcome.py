"""What becomes of octets that a target is given, when nothing goes wrong."""

from enum import IntEnum


class Outcome(IntEnum):
    """From the least to the most that was done with them."""

    REFUSED = 0
    """By the codec's own error."""
    READ = 1
    """Nobody may write it so, or there is no writer."""
    KEPT = 2
    """Written and read again, it is the same."""


Cases = dict[Outcome, dict[str, bytes]]
"""Special cases by what must become of them, each with its name."""
