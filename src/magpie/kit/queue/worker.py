"""The one loop that takes jobs from a queue and hands them to a handler."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from magpie.kit import clock
from magpie.kit.db import DatabaseUnavailable
from magpie.kit.queue.agenda import Agenda
from magpie.kit.queue.claims import LEASE, Claims
from magpie.kit.queue.fairness import account_room
from magpie.kit.queue.gate import Gate
from magpie.kit.queue.leases import Leases
from magpie.kit.queue.model import Job, Lane
from magpie.kit.queue.queue import Queue
from magpie.kit.queue.wake import Wake

log = structlog.get_logger(__name__)

Done = Callable[[Job], None]
# The handler settles its jobs (finish or again) in its own transactions and says `done` for each
# as soon as it is; those it did not mention are done when it returns. When it raises, those are
# given back: it must not leave anything running then.
Handler = Callable[[Sequence[Job], Done], Awaitable[None]]

_RECHECK = 5.0
_FIRST_DELAY = 0.05
_LONGEST_DELAY = 2.0
_LONGEST_RETRY = 60.0
# Timers are gathered, and so are places when there are few: a claim for one job costs what a claim
# for a hundred costs.
_GRAIN = 0.002
_WORTH_A_CLAIM = 64


class Worker:
    """Holds at most `most` jobs at a time, and at most `width` of one lane.

    One account holds at most three quarters of `most`. Jobs that wait for their slots are held for
    about a quarter of a second: a paced queue needs that much of all its rates together. Jobs of
    lanes that are not `open_` here are left to others; who opens one has to wake the queue.
    """

    def __init__(
        self,
        queue: Queue,
        handler: Handler,
        *,
        most: int = 1000,
        width: int | None = None,
        open_: Callable[[Lane], bool] | None = None,
    ) -> None:
        self._queue = queue
        self._handler = handler
        self._most = most
        self._width = width
        self._open = open_
        self._agenda = Agenda()
        self._gate = Gate()
        self._claims = Claims(queue, self._agenda, self._gate)
        self._leases = Leases()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._event = asyncio.Event()
        self._recover_at = 0.0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        queue.wakes.register(queue.name, self._woken)

    @property
    def held(self) -> int:
        return len(self._leases)

    async def run(self) -> None:
        """Work until `stop`; a store that is away is waited for."""
        self._idle.clear()
        delay = _FIRST_DELAY
        try:
            while not self._stopping:
                try:
                    await self._turn()
                    delay = _FIRST_DELAY
                except Exception as error:  # noqa: BLE001 - nothing may end the loop
                    self._report(error)
                    self._recover_at = 0.0
                    await clock.sleep(delay * (0.5 + clock.chance().random()))
                    delay = min(delay * 2, _LONGEST_DELAY)
        finally:
            self._idle.set()

    async def stop(self, *, within: float = 10.0) -> None:
        """Take no more, give back what has not begun, and in the end what has not ended."""
        self._stopping = True
        self._event.set()
        end = clock.monotonic() + within
        await _settled(asyncio.create_task(self._idle.wait()), within=within)
        if self._timer is not None:
            self._timer.cancel()
        waiting = self._gate.clear()
        await self._give_back(waiting, 0.0)
        self._drop(waiting)
        await _settled(*self._tasks, within=max(0.0, end - clock.monotonic()))
        late = list(self._tasks)
        for task in late:
            task.cancel()
        await _settled(*late, within=1.0)

    async def _turn(self) -> None:
        # Cleared before the agenda is read: what is put from here on sets it again.
        self._event.clear()
        now = clock.monotonic()
        if now >= self._recover_at:
            await self._recover(now)
        if self._agenda.due_at is not None and self._agenda.due_at <= now:
            await self._claims.promote()
        self._agenda.ripen(now)
        free = self._most - len(self._leases)
        grants = self._deal(free) if free > 0 else {}
        if not grants:
            await self._wait(clock.monotonic())
            return
        for laid in await self._claims.take(grants):
            self._leases.add(laid.job, now)
            self._gate.add(laid)
        self._let_go()
        if free < min(_WORTH_A_CLAIM, self._most // 2):
            await clock.sleep(_GRAIN)

    def _deal(self, free: int) -> dict[Lane, int]:
        return self._agenda.ready.deal(
            free, self._room, lambda account: account_room(free, self._leases.of_account[account])
        )

    def _room(self, lane: Lane) -> int:
        if self._open is not None and not self._open(lane):
            return 0
        most = self._most if self._width is None else self._width - self._leases.of_lane[lane]
        return self._claims.room(lane, most)

    async def _recover(self, now: float) -> None:
        old = self._leases.jobs(before=now - LEASE.total_seconds() / 3)
        await self._claims.recover(self._leases.jobs(), old)
        self._recover_at = now + _RECHECK * (0.9 + clock.chance().random() / 5)

    async def _wait(self, now: float) -> None:
        until = self._recover_at
        if len(self._leases) < self._most and (at := self._agenda.next_at()) is not None:
            until = min(until, at)
        seconds = max(until - now, _GRAIN)
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return

    def _woken(self, wake: Wake) -> None:
        now = clock.monotonic()
        for lane in wake.lanes:
            if wake.anew:
                self._gate.forget(lane)
                self._agenda.wake(lane)
            else:
                self._agenda.look(lane, now)
        if wake.due_at is not None:
            self._agenda.due(now + (wake.due_at - clock.now()).total_seconds())
        if wake.lost:
            self._recover_at = 0.0
        self._event.set()

    def _let_go(self) -> None:
        """Start what may go now, or come again when the next slot does."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._gate.next_at()
        if at is None or self._stopping:
            return
        wait = at - clock.monotonic()
        if wait <= 0:
            self._start(self._go())
        else:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(wait, _GRAIN), self._let_go)

    async def _go(self) -> None:
        # The gate is asked in the very step that calls the handler: a busy loop between the two
        # would bring jobs of a lane closer together than their slots.
        go, late = self._gate.take(clock.monotonic())
        self._let_go()
        if late:
            self._start(self._too_late(late))
        if go:
            await self._handle(go)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, jobs: list[Job]) -> None:
        try:
            await self._handler(jobs, self._done)
        except asyncio.CancelledError:
            await self._give_back(jobs, 0.0)
            raise
        except Exception as error:  # noqa: BLE001 - a handler's failure is told and retried
            self._report(error, jobs=len(jobs))
            await self._give_back(jobs, 1.0)
        finally:
            self._drop(jobs)

    async def _too_late(self, jobs: list[Job]) -> None:
        await self._give_back(jobs, 0.0)
        self._drop(jobs)

    async def _give_back(self, jobs: Iterable[Job], seconds: float) -> None:
        """Return jobs left open; later after each failed claim, at most a minute."""
        back = [(job, _later(job, seconds)) for job in self._leases.open(jobs)]
        if not back:
            return
        try:
            async with self._queue.database.transaction() as connection:
                await self._queue.again(connection, back)
        except Exception as error:  # noqa: BLE001 - the leases are taken back at the next recheck
            self._report(error, jobs=len(back))

    def _drop(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self._done(job)

    def _done(self, job: Job) -> None:
        full = self._leases.of_lane[job.place] == self._width
        if self._leases.remove(job):
            if full:
                self._agenda.look(job.place, clock.monotonic())
            self._event.set()

    def _report(self, error: Exception, **facts: int) -> None:
        if isinstance(error, DatabaseUnavailable):
            log.warning("queue.store_away", queue=self._queue.name, **facts)
        else:
            log.error("queue.failed", queue=self._queue.name, exc_info=error, **facts)


def _later(job: Job, seconds: float) -> datetime:
    wait = min(_LONGEST_RETRY, seconds * 2 ** min(job.claim, 6))
    return clock.now() + timedelta(seconds=wait * (1 + clock.chance().random() / 4))


async def _settled(*tasks: asyncio.Task[Any], within: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=within)
