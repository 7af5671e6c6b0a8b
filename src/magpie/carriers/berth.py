"""The place of one link on this node: it is started, replaced and ended here, never two at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from magpie.carriers import health
from magpie.carriers.base import Admitting, Carrier, Releasing
from magpie.carriers.model import Health, Origin, Status
from magpie.carriers.routes import Obstacle
from magpie.carriers.traffic import Traffic
from magpie.kit import clock
from magpie.settings import LinkSettings

log = structlog.get_logger(__name__)

# A link that is away for less comes back before anybody else could help.
_GRACE: Final = 1.0
# A link's own deadlines for its last answers come first.
_STOP_SECONDS: Final = 20.0


class Berth:
    """`settings` and `carrier` are None where there is no link, and `broken` says why."""

    def __init__(self, name: str, origin: Origin) -> None:
        self.name = name
        self.origin = origin
        self.status = Status.ACTIVE
        self.settings: LinkSettings | None = None
        self.carrier: Carrier | None = None
        self.broken = ""
        self._traffic: Traffic | None = None
        self._running = False
        self._work: asyncio.Task[None] | None = None
        self._state = health.STOPPED
        self._since = clock.now()
        self._down_since: float | None = None

    def put(self, settings: LinkSettings | None, carrier: Carrier | None, broken: str = "") -> None:
        """The old link finishes what is under way, then this one starts in its place."""
        old, self.carrier = self.carrier if self._running else None, carrier
        self.settings, self.broken = settings, broken
        self._running = False
        if old is not None:
            self._then(old.stop)
        self._start()

    def open(self, traffic: Traffic) -> None:
        """This node runs links."""
        self._traffic = traffic
        self._start()

    def drain(self) -> None:
        """A link that was stopped does not start again: `put` another."""
        if self._running and self.carrier is not None:
            self._running = False
            self._then(self.carrier.stop)

    async def close(self) -> None:
        self.drain()
        if self._work is not None:
            await asyncio.wait({self._work})

    def _start(self) -> None:
        traffic, carrier = self._traffic, self.carrier
        if traffic is None or carrier is None or self.status is Status.DRAINING:
            return
        self._running = True
        if isinstance(carrier, Admitting):
            carrier.admit(traffic)
        self._then(lambda: carrier.start(traffic))

    def _then(self, act: Callable[[], Awaitable[None]]) -> None:
        self._work = asyncio.create_task(self._after(self._work, act), name=f"link {self.name}")

    async def _after(
        self, before: asyncio.Task[None] | None, act: Callable[[], Awaitable[None]]
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await act()
        except Exception:
            log.exception("carrier.not_done", carrier=self.name)

    def look(self) -> Health:
        """How it is now; call it often, for it notes when a link went down."""
        told = health.told_by(self.carrier) if self.carrier and self._running else {}
        state = self._state_of(told)
        if state != self._state:
            self._state, self._since = state, clock.now()
            self._down_since = clock.monotonic() if state == health.DOWN else None
        found = health.health(told, state, self._since)
        return health.blamed(found, self.broken)

    def _state_of(self, told: dict[str, object]) -> str:
        if self.broken:
            return health.BROKEN
        if not self._running:
            return health.STOPPED
        return health.UP if health.is_up(told) else health.DOWN

    def obstacle(self, seen: Health) -> Obstacle | None:
        """Why nothing goes there, or had better go elsewhere."""
        if self.status is not Status.ACTIVE:
            return Obstacle(f"{self.name} is {self.status}", firm=True)
        if self._down_since is not None and clock.monotonic() - self._down_since > _GRACE:
            return Obstacle(f"down: {seen.last_error or 'no connection'}", firm=False)
        slow = health.slow(seen)
        return Obstacle(slow, firm=False) if slow else None

    def release(self, why: str) -> None:
        """Who waits in the link need not wait for it."""
        carrier: object = self.carrier
        if self._running and isinstance(carrier, Releasing):
            carrier.release(why)
