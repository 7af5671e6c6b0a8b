"""Requests through the window of a link, and what their outcomes say of the link."""

from collections.abc import Awaitable, Callable

import structlog

from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import NoRoom, Slots
from magpie.carriers.mms.state import Counters
from magpie.carriers.traffic import Accepted, Deferred, Outcome, Rejected, Unknown
from magpie.kit import clock

log = structlog.get_logger(__name__)


class Turns:
    """`carrier` is the link's name. Before it is opened, and after it closed, it takes nothing."""

    def __init__(self, carrier: str, slots: Slots, outage: Outage, counters: Counters) -> None:
        self._carrier = carrier
        self._slots = slots
        self._outage = outage
        self._counters = counters
        self._closed = True

    async def take(self, act: Callable[[], Awaitable[Outcome]], units: int = 1) -> Outcome:
        """`units` are the segments of a text."""
        try:
            async with self._slots.turn(units) as began:
                return self._settled(await self._act(act), began)
        except NoRoom as error:
            return Deferred(str(error), throttled=True, after=error.after)

    async def close(self, seconds: float) -> None:
        """Returns when the last answer is there, or too late."""
        self._closed = True
        until = clock.monotonic() + seconds
        while self._slots.busy and clock.monotonic() < until:
            await clock.sleep(0.01)

    def open(self) -> None:
        self._closed = False

    async def _act(self, act: Callable[[], Awaitable[Outcome]]) -> Outcome:
        if down := self._outage.now():
            return down
        if self._closed:
            return Deferred("the link is not at work", throttled=True)
        self._counters.submitted += 1
        return await act()

    def _settled(self, outcome: Outcome, began: float) -> Outcome:
        counters = self._counters
        match outcome:
            case Accepted():
                counters.accepted += 1
            case Rejected():
                counters.refused += 1
                log.info("carrier.refused", carrier=self._carrier, said=outcome.detail)
            case Unknown():
                counters.unknown += 1
            case Deferred() if self._outage.now() or self._closed:
                pass
            case Deferred(throttled=True):
                counters.throttled += 1
                pause = self._slots.throttled(began)
                return Deferred(outcome.detail, throttled=True, after=outcome.after or pause)
            case Deferred():
                counters.refused += 1
        return outcome
