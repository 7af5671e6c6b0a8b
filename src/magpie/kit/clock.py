"""The only door to time and chance, so that a seed and a manual clock replay a run."""

import asyncio
import heapq
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, SafeUUID

# RFC 9562, 5.7: 48 bits of Unix milliseconds, 4 of version, then 12 and 62 of our own around the
# variant.
_TIME = 80
_VERSION_AND_VARIANT = 7 << 76 | 2 << 62
_LOW_62 = (1 << 62) - 1
_TAIL = 1 << 74

_new = object.__new__
_set = object.__setattr__


def _uuid(value: int) -> UUID:
    # The constructor of UUID spends 1 us on checks of arguments that we do not give.
    made = _new(UUID)
    _set(made, "int", value)
    _set(made, "is_safe", SafeUUID.unknown)
    return made


class Clock(ABC):
    """`now` is aware and UTC, `monotonic` counts seconds from nowhere in particular."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._lock = threading.Lock()
        self._millisecond = -1
        self._tail = 0

    @abstractmethod
    def now(self) -> datetime: ...

    @abstractmethod
    def milliseconds(self) -> int:
        """Whole milliseconds since 1970-01-01 UTC."""

    @abstractmethod
    def monotonic(self) -> float: ...

    @abstractmethod
    async def sleep(self, seconds: float) -> None: ...

    def chance(self) -> random.Random:
        return self._chance

    def uuid7(self) -> UUID:
        # RFC 9562, 6.2, method 2: within one millisecond (or when the clock steps back) the 74
        # bits after the time grow by a random step; a new millisecond draws them afresh with
        # the top bit clear.
        with self._lock:
            millisecond = self.milliseconds()
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                tail = self._chance.getrandbits(73)
            else:
                tail = self._tail + 1 + self._chance.getrandbits(32)
                if tail >= _TAIL:
                    self._millisecond += 1
                    tail = self._chance.getrandbits(73)
            self._tail = tail
            millisecond = self._millisecond
        return _uuid(
            millisecond << _TIME | _VERSION_AND_VARIANT | tail >> 62 << 64 | tail & _LOW_62,
        )


class SystemClock(Clock):
    def __init__(self, seed: int | None = None) -> None:
        super().__init__(random.Random(seed))  # noqa: S311 - jitter and ids; secrets are drawn elsewhere

    def now(self) -> datetime:
        return datetime.now(UTC)

    def milliseconds(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock(Clock):
    """Stands still until it is advanced; sleepers wake in the order of their deadlines."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC), seed: int = 0) -> None:
        super().__init__(random.Random(seed))  # noqa: S311 - a replay wants the same chance again
        self._start = start
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return await asyncio.sleep(0)
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._order, woken))
        return await woken

    def advance(self, seconds: float) -> None:
        """Sleepers that are due run at the next turn of the loop and see the end of the step."""
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)


AnyClock = TypeVar("AnyClock", bound=Clock)

_installed: Clock = SystemClock()


@contextmanager
def use(clock: AnyClock) -> Iterator[AnyClock]:
    """Install `clock` for the whole process; clocks nest."""
    global _installed  # noqa: PLW0603 - one process, one time
    before, _installed = _installed, clock
    try:
        yield clock
    finally:
        _installed = before


def now() -> datetime:
    return _installed.now()


def monotonic() -> float:
    return _installed.monotonic()


def chance() -> random.Random:
    return _installed.chance()


def uuid7() -> UUID:
    return _installed.uuid7()


def least_uuid7(at: datetime) -> UUID:
    """No id of that time or later is smaller."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << _TIME)


def born(id_: UUID) -> datetime:
    """When a UUID of version 7 was made, to the millisecond."""
    return datetime.fromtimestamp((id_.int >> _TIME) / 1000, UTC)


async def sleep(seconds: float) -> None:
    await _installed.sleep(seconds)
