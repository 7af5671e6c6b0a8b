"""The links of this node, kept as the file and the API say while messages go on."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import structlog

from magpie.carriers import health, store
from magpie.carriers.actions import Safe
from magpie.carriers.base import Carrier
from magpie.carriers.berth import Berth
from magpie.carriers.model import Health, Origin, Status, StoredCarrier, StoredRoute, file_route
from magpie.carriers.reports import Report, Reports
from magpie.carriers.routes import Roads, Route, Table
from magpie.carriers.traffic import Traffic
from magpie.kit import clock
from magpie.kit.db import Database, DatabaseUnavailable
from magpie.settings import LinkSettings, SettingsError, SmppSettings

log = structlog.get_logger(__name__)

Make: TypeAlias = Callable[[LinkSettings], Carrier | None]
"""Makes a link of its settings; None where this node cannot have one. Raises ValueError."""

_LOOK: Final = 0.25
# Besides NOTIFY: what a lost note would cost.
_ASK: Final = 2.0
_PATIENCE: Final = 1.0
_NOT_HERE: Final = "this node has no network of its kind"


class Given(NamedTuple):
    """What the file says, and does not change."""

    links: Sequence[tuple[Origin, LinkSettings]] = ()
    routes: Sequence[Route] = ()
    otherwise: Sequence[Route] = ()


class Entry(NamedTuple):
    """A link as it is set, and how it is on this node if that runs links."""

    name: str
    origin: Origin
    status: Status
    settings: LinkSettings | None
    health: Health | None
    stored: StoredCarrier | None


class Fleet:
    """`links` and `roads` change in place: who holds them always sees what is so now."""

    def __init__(
        self, database: Database, safe: Safe, make: Make, given: Given, *, node: str, alone: bool
    ) -> None:
        self.links: dict[str, Carrier] = {}
        self.roads = Roads()
        self.routes: list[StoredRoute] = []
        self._database = database
        self._safe = safe
        self._make = make
        self._given = given
        self._alone = alone
        self._berths: dict[str, Berth] = {}
        self._stored: dict[str, StoredCarrier] = {}
        self._traffic: Traffic | None = None
        self._seen = -1
        self._busy = asyncio.Lock()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._ask_at = 0.0
        self._reports = Reports(database, node, alone=alone)
        for origin, settings in given.links:
            self._berth(settings.name, origin).put(settings, *self._made(settings))

    # Life

    async def load(self) -> None:
        """Raises SettingsError for a link of the file that cannot be made."""
        for berth in self._berths.values():
            if berth.broken and berth.broken != _NOT_HERE:
                raise SettingsError(berth.broken)
        await self.refresh()

    async def start(self, traffic: Traffic | None) -> None:
        """Without traffic the links are known here, but others run them."""
        self._traffic = traffic
        if traffic is not None:
            for berth in self._berths.values():
                berth.open(traffic)
        if not self._alone:
            await self._database.listen(store.CHANNEL, lambda _: self._wake.set())
        self._task = asyncio.create_task(self._run(), name="carrier fleet")

    async def settle(self) -> None:
        """Until the links are up, as far as they soon are: who waits for one leaves in a burst."""
        until = clock.monotonic() + _PATIENCE
        while clock.monotonic() < until:
            if all(berth.look().state != health.DOWN for berth in self._berths.values()):
                return
            await clock.sleep(0.01)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        closing = (berth.close() for berth in self._berths.values())
        await asyncio.gather(*closing, *self._leaving)

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_LOOK):
                    await self._wake.wait()
            except TimeoutError:
                pass
            try:
                await self._turn()
            except DatabaseUnavailable:
                continue
            except Exception:
                log.exception("carriers.failed")

    async def _turn(self) -> None:
        woken = self._wake.is_set()
        self._wake.clear()
        if woken or (not self._alone and clock.monotonic() >= self._ask_at):
            self._ask_at = clock.monotonic() + _ASK
            await self.refresh()
        seen = self._look()
        if self._traffic is not None:
            await self._reports.tell(seen)

    # What is so

    async def refresh(self) -> None:
        """Make it so here, at once; other nodes are told by the commit of the change."""
        async with self._busy:
            number = await store.change(self._database)
            if number == self._seen:
                return
            stored = await store.carriers(self._database)
            statuses = await store.statuses(self._database)
            routes = await store.routes(self._database)
            self._arrange({row.name: row for row in stored})
            self._set(statuses)
            self._route(routes)
            self._look()
            self._seen = number

    def _arrange(self, stored: dict[str, StoredCarrier]) -> None:
        for name in [n for n, b in self._berths.items() if b.origin is Origin.API]:
            if name not in stored:
                self._leave(self._berths.pop(name))
                self.links.pop(name, None)
        for name, row in stored.items():
            before = self._stored.get(name)
            if before is None or before.configuration != row.configuration:
                self._take(row)
        self._stored = stored

    def _leave(self, berth: Berth) -> None:
        leaving = asyncio.create_task(berth.close(), name=f"link {berth.name} leaves")
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _take(self, row: StoredCarrier) -> None:
        known = self._berths.get(row.name)
        if known is not None and known.origin is not Origin.API:
            log.warning("carriers.named_twice", carrier=row.name)
            return
        try:
            settings = self._safe.settings(row)
        except ValueError as wrong:
            log.error("carriers.unusable", carrier=row.name, why=str(wrong))  # noqa: TRY400
            self._berth(row.name, Origin.API).put(None, None, str(wrong))
            self.links.pop(row.name, None)
            return
        self._berth(row.name, Origin.API).put(settings, *self._made(settings))

    def _berth(self, name: str, origin: Origin) -> Berth:
        berth = self._berths.get(name)
        if berth is None:
            berth = self._berths[name] = Berth(name, origin)
            if self._traffic is not None:
                berth.open(self._traffic)
        return berth

    def _made(self, settings: LinkSettings) -> tuple[Carrier | None, str]:
        try:
            carrier = self._make(settings)
        except ValueError as wrong:
            carrier, why = None, str(wrong)
        else:
            why = "" if carrier else _NOT_HERE
        if carrier is None:
            self.links.pop(settings.name, None)
        else:
            self.links[settings.name] = carrier
        return carrier, why

    def _set(self, statuses: dict[str, Status]) -> None:
        for name, berth in self._berths.items():
            before, berth.status = berth.status, statuses.get(name, Status.ACTIVE)
            if berth.status is before:
                continue
            log.info("carriers.status", carrier=name, status=berth.status.value)
            if berth.status is Status.DRAINING:
                berth.drain()
            elif before is Status.DRAINING and berth.settings is not None:
                berth.put(berth.settings, *self._made(berth.settings))

    def _route(self, stored: Sequence[StoredRoute]) -> None:
        self.routes = [*map(file_route, self._given.routes), *stored]
        roads = [one.route for one in self.routes] or self._given.otherwise
        self.roads.table = Table(roads)

    def _look(self) -> dict[str, Health]:
        seen = {name: berth.look() for name, berth in self._berths.items()}
        found = {name: self._berths[name].obstacle(one) for name, one in seen.items()}
        before = self.roads.obstacles
        self.roads.obstacles = {name: one for name, one in found.items() if one is not None}
        for name, one in self.roads.obstacles.items():
            was = before.get(name)
            if one.firm > bool(was and was.firm) or (was is None and len(self.links) > 1):
                self._berths[name].release(one.why)
        return seen

    # For operators

    def check(self, settings: LinkSettings) -> None:
        """Raises ValueError for what no link can be made of."""
        self._make(settings)

    def kin(self) -> list[tuple[str, str]]:
        """Links, and others to the same account of a carrier, by which receipts may come."""
        accounts = [(name, _account(berth)) for name, berth in self._berths.items()]
        told = [(name, account) for name, account in accounts if account]
        return [(one, other) for one, a in told for other, b in told if a == b and one != other]

    def entries(self) -> list[Entry]:
        return [
            Entry(
                name,
                berth.origin,
                berth.status,
                berth.settings,
                berth.look() if self._traffic is not None else None,
                self._stored.get(name) if berth.origin is Origin.API else None,
            )
            for name, berth in sorted(self._berths.items())
        ]

    async def healths(self) -> list[Report]:
        """As each node sees its links."""
        own = {entry.name: entry.health for entry in self.entries() if entry.health}
        return await self._reports.of_all(own)


def _account(berth: Berth) -> str:
    return berth.settings.account if isinstance(berth.settings, SmppSettings) else ""
