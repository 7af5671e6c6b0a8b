"""Phones in memory, for a message centre that stands alone: nothing outlives the process."""

import asyncio
from collections import deque
from collections.abc import Iterable

from magpie.kit import clock
from magpie.simulator.model import Delivery, Handset, HandsetMessage, Owed
from magpie.simulator.profile import Profile
from magpie.simulator.receipts import Hand

_REMEMBERED = 10_000
_FIRST_DELAY, _LONGEST_DELAY, _MOST_TRIES = 0.5, 30.0, 100


class MemoryExchange:
    """All phones are on one carrier. Without `numbers` every number is a phone."""

    def __init__(self, profile: Profile, numbers: Iterable[str] | None = None) -> None:
        self.messages: deque[HandsetMessage] = deque(maxlen=_REMEMBERED)
        self.count = 0
        self._profile = profile
        self._anybody = Handset("", profile.name, clock.now())
        self._numbers = None if numbers is None else frozenset(numbers)
        self._hands: dict[str, Hand] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def find(self, number: str) -> tuple[Handset, Profile] | None:
        if self._numbers is not None and number not in self._numbers:
            return None
        return self._anybody, self._profile

    async def keep(self, delivery: Delivery) -> None:
        self.messages.extend(delivery.messages)
        self.count += len(delivery.messages)
        for owed, delay in delivery.owed:
            asyncio.get_running_loop().call_later(delay, self._tell, owed)

    def join_receipts(self, carrier: str, hand: Hand) -> None:
        self._hands[carrier] = hand

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, owed: Owed, tries: int = 1) -> None:
        task = asyncio.ensure_future(self._hands[owed.receipt.carrier](owed))
        self._tasks.add(task)

        def told(done: "asyncio.Future[None]") -> None:
            self._tasks.discard(task)
            if not done.cancelled() and done.exception() and tries < _MOST_TRIES:
                delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(tries - 1, 10))
                asyncio.get_running_loop().call_later(delay, self._tell, owed, tries + 1)

        task.add_done_callback(told)
