"""Whose turn it is among senders that are as good as each other."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from magpie.services.pool import Candidate

MOST: Final = 20_000


class Turns:
    """Who was chosen when, on this node; the least recently chosen are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._count = 0
        self._last: OrderedDict[UUID, int] = OrderedDict()

    def of(self, id_: UUID) -> int:
        """Higher the later; 0 for one that had no turn yet."""
        return self._last.get(id_, 0)

    def take(self, id_: UUID) -> None:
        self._count += 1
        self._last[id_] = self._count
        self._last.move_to_end(id_)
        if len(self._last) > self._most:
            self._last.popitem(last=False)


class Load:
    """How long the senders of a pool have to wait: as was read, and what was given them since.

    `paces` has the seconds that a message takes, and those until what waits has gone, by address.
    """

    def __init__(self, paces: Mapping[str, tuple[float, float]], turns: Turns) -> None:
        self._paces = paces
        self._turns = turns
        self._given: dict[UUID, int] = {}

    def busy(self, candidate: Candidate) -> tuple[int, int]:
        """Whole seconds, for less is no reason to prefer one; then who had no turn for longest."""
        pace, wait = self._paces.get(candidate.address, (0.0, 0.0))
        seconds = wait + pace * self._given.get(candidate.id, 0)
        return int(seconds), self._turns.of(candidate.id)

    def give(self, candidate: Candidate) -> None:
        self._given[candidate.id] = self._given.get(candidate.id, 0) + 1
        self._turns.take(candidate.id)
