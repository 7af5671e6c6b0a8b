"""Requests that wait for their answer, each with the moment when it is given up."""

from collections import OrderedDict
from itertools import takewhile
from typing import Final

import msgspec

from magpie.protocols.smpp.constants import MAX_SEQUENCE
from magpie.protocols.smpp.events import Outstanding
from magpie.protocols.smpp.pdu import Pdu

# Answers that come after their time are matched for as many requests as this.
_REMEMBERED: Final = 1000


class Waiting(msgspec.Struct, frozen=True):
    token: object
    request: Pdu
    due: float
    # Sent by the session itself; the caller does not hear of the answer.
    own: bool = False


class Window:
    """Two queues, for messages and for binds and probes, each in the order in which they fall due.

    Within one the timeout is the same, so the first is always the next.
    """

    def __init__(self, first_sequence: int = 1) -> None:
        self._next = first_sequence
        self._messages: dict[int, Waiting] = {}
        self._control: dict[int, Waiting] = {}
        self._late: OrderedDict[int, Waiting] = OrderedDict()

    @property
    def messages(self) -> int:
        return len(self._messages)

    def next_sequence(self) -> int:
        """1..0x7FFFFFFF and round again, passing over what still waits."""
        while self._next in self._messages or self._next in self._control:
            self._advance()
        number = self._next
        self._advance()
        return number

    def _advance(self) -> None:
        self._next = self._next % MAX_SEQUENCE + 1

    def add(self, sequence: int, waiting: Waiting, *, control: bool) -> None:
        self._late.pop(sequence, None)
        (self._control if control else self._messages)[sequence] = waiting

    def waiting(self, sequence: int) -> Waiting | None:
        return self._messages.get(sequence) or self._control.get(sequence)

    def take(self, sequence: int) -> Waiting | None:
        return self._messages.pop(sequence, None) or self._control.pop(sequence, None)

    def late(self, sequence: int) -> Waiting | None:
        return self._late.get(sequence)

    def take_late(self, sequence: int) -> Waiting | None:
        return self._late.pop(sequence, None)

    def due(self) -> float | None:
        firsts = [
            next(iter(queue.values())).due for queue in (self._messages, self._control) if queue
        ]
        return min(firsts, default=None)

    def expire(self, now: float) -> list[Waiting]:
        expired = []
        for queue in (self._control, self._messages):
            overdue = list(takewhile(lambda item: item[1].due <= now, queue.items()))
            for sequence, waiting in overdue:
                del queue[sequence]
                self._remember(sequence, waiting)
                expired.append(waiting)
        return expired

    def _remember(self, sequence: int, waiting: Waiting) -> None:
        self._late[sequence] = waiting
        if len(self._late) > _REMEMBERED:
            self._late.popitem(last=False)

    def drain(self) -> tuple[Outstanding, ...]:
        """What the caller still waits for; nothing waits afterwards."""
        waiting = [*self._control.values(), *self._messages.values()]
        self._control.clear()
        self._messages.clear()
        return tuple(Outstanding(w.token, w.request) for w in waiting if not w.own)
