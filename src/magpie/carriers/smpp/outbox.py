"""Submits that wait for room, and the one place from which they leave."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from magpie.carriers.pace import Pace
from magpie.carriers.smpp.connection import Connection
from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.smpp.request import Request, Unfit, Unsent
from magpie.carriers.smpp.state import Counters
from magpie.kit import clock
from magpie.protocols.smpp import EncodeError, LocalError

# All that waits leaves together once the link is up: no more than a sender's pace allows for.
_HOLD: Final = 0.1


class Outbox:
    """First come, first served; whoever waits too long, or for a link that is down, is told."""

    def __init__(self, options: LinkOptions, counters: Counters) -> None:
        self.pace = Pace(options.window, options.rate, options.throttle)
        self.retry_at: float | None = None
        self._options = options
        self._counters = counters
        self._queue: deque[Request] = deque()
        self._tx: Connection | None = None
        self._opened = asyncio.Event()
        self._why = "the link is down"
        self._closed = False
        self._wake: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def up(self) -> bool:
        return self._tx is not None

    # The link's side

    def open(self, tx: Connection) -> None:
        self._tx = tx
        self._opened.set()
        self.retry_at = None
        self.pump()

    def shut(self, why: str) -> None:
        """The link is down: those who wait are told soon, should it stay so."""
        self._tx = None
        self._opened.clear()
        self._why = f"the link is down: {why}"
        soon = clock.monotonic() + self._hold
        for request in self._queue:
            request.deadline = min(request.deadline, soon)

    def close(self) -> None:
        """For good: nothing leaves any more."""
        self._closed = True
        self._opened.set()
        self.release("the link is stopping")
        if self._wake is not None:
            self._wake.cancel()

    def release(self, why: str) -> None:
        """Who waits may go another way; who has left is not touched."""
        while self._queue:
            self._queue.popleft().settle(Unsent(why))

    def sweep(self, now: float) -> None:
        overdue = [r for r in self._queue if r.deadline <= now or r.answer.done()]
        if not overdue:
            return
        for request in overdue:
            request.settle(self._late(now))
        self._queue = deque(r for r in self._queue if not r.answer.done())

    # The carrier's side

    @property
    def _hold(self) -> float:
        return min(_HOLD, self._options.down_patience)

    async def ready(self) -> None:
        """Returns when the link is up, or is not going to be soon."""
        patience = self._options.down_patience
        soon = (self._back_in(clock.monotonic()) or 0.0) <= patience
        if self._tx is None and soon and not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._opened.wait()

    def put(self, request: Request, *, first: bool = False) -> None:
        """The request's `answer` will come, whatever happens."""
        now = clock.monotonic()
        if refusal := self._refusal(request, now):
            request.settle(refusal)
            return
        if self._tx is None:
            request.deadline = min(request.deadline, now + self._hold)
        (self._queue.appendleft if first else self._queue.append)(request)
        self.pump()

    def _refusal(self, request: Request, now: float) -> Unsent | None:
        if self._closed:
            return Unsent("the link is stopping")
        if len(self._queue) >= self._options.backlog:
            return Unsent("too many wait for the link", 1.0)
        if self._tx is None:
            back = self._back_in(now) or 0.0
            return Unsent(self._why, back) if back > self._options.down_patience else None
        if self.pace.resumes > request.deadline:
            return Unsent("the carrier asked for a pause", self.pace.resumes - now)
        return None

    def _late(self, now: float) -> Unsent:
        return Unsent("no room in time") if self._tx else Unsent(self._why, self._back_in(now))

    def _back_in(self, now: float) -> float | None:
        return None if self.retry_at is None else max(0.0, self.retry_at - now)

    def pump(self) -> None:
        """Send what may be sent."""
        tx = self._tx
        if tx is None:
            return
        while self._queue and tx.writable:
            now = clock.monotonic()
            session = tx.session
            if self.pace.room(session.outstanding, now) <= 0 or session.room <= 0:
                return
            wait = self.pace.wait(now)
            if wait > 0:
                self._wake_in(wait)
                return
            self._send(tx, self._queue.popleft(), now)

    def _send(self, tx: Connection, request: Request, now: float) -> None:
        if request.answer.done():
            return
        if request.deadline <= now:
            request.settle(self._late(now))
            return
        try:
            tx.submit(request, now)
        except EncodeError as error:
            request.settle(Unfit(str(error)))
        except LocalError as error:
            request.settle(Unsent(str(error)))
        else:
            self.pace.spend(request.segments, now)
            self._counters.submitted += 1

    def _wake_in(self, seconds: float) -> None:
        if self._wake is None:
            self._wake = asyncio.get_running_loop().call_later(seconds, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self.pump()
