"""A window of requests and their pace: who may send now, first come, first served."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from magpie.carriers.pace import Pace
from magpie.kit import clock


class NoRoom(Exception):  # noqa: N818 - a state of the link
    """`after` is when a next try may go better."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Slots:
    """`rate` is a second, 0 for no limit. At most `backlog` wait, each for `patience` seconds."""

    def __init__(
        self, window: int, rate: float = 0.0, *, patience: float = 60.0, backlog: int = 10_000
    ) -> None:
        self.pace = Pace(window, rate, (1.0, 30.0))
        self.busy = 0
        self._patience = patience
        self._backlog = backlog
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._wake: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, units: int = 1) -> AsyncIterator[float]:
        """Gives the moment at which it begins; `units` are what the pace counts. Raise NoRoom."""
        began = await self._begin()
        # One was spent when it was granted.
        self.pace.spend(units - 1, began)
        try:
            yield began
        finally:
            self.busy -= 1
            self._pump()

    def throttled(self, began: float) -> float:
        """The peer wants less; gives for how many seconds nothing leaves."""
        now = clock.monotonic()
        self.pace.throttled(began, now, clock.chance().random())
        return max(0.0, self.pace.resumes - now)

    async def _begin(self) -> float:
        now = clock.monotonic()
        if not self._waiting and self._free(now) and self.pace.wait(now) <= 0:
            self._grant(now)
            return now
        pause = self.pace.resumes - now
        if pause > self._patience:
            raise NoRoom("the carrier asked for a pause", pause)
        if len(self._waiting) >= self._backlog:
            raise NoRoom("too many wait for the link", 1.0)
        await self._wait()
        return clock.monotonic()

    async def _wait(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._pump()
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except TimeoutError:
            self._give_up(turn)
            raise NoRoom("no room in time") from None
        except asyncio.CancelledError:
            self._give_up(turn)
            raise

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        """A turn that came just then goes to the next."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif not turn.cancelled():
            self.busy -= 1
            self._pump()

    def _free(self, now: float) -> bool:
        return self.pace.room(self.busy, now) > 0

    def _grant(self, now: float) -> None:
        self.busy += 1
        self.pace.spend(1, now)

    def _pump(self) -> None:
        while self._waiting:
            now = clock.monotonic()
            if not self._free(now):
                return
            if (wait := self.pace.wait(now)) > 0:
                self._wake_in(wait)
                return
            turn = self._waiting.popleft()
            if not turn.done():
                self._grant(now)
                turn.set_result(None)

    def _wake_in(self, seconds: float) -> None:
        if self._wake is None:
            self._wake = asyncio.get_running_loop().call_later(seconds, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self._pump()
