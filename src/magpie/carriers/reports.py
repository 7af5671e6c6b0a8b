"""How nodes tell each other how their links are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from magpie.carriers import store
from magpie.carriers.model import Health
from magpie.kit import clock
from magpie.kit.db import Database

_EVERY: Final = 5.0
_HOLDS: Final = timedelta(seconds=15)


class Report(NamedTuple):
    node: str
    name: str
    health: dict[str, Any]


class Reports:
    """A node that is `alone` has nobody to tell."""

    def __init__(self, database: Database, node: str, *, alone: bool) -> None:
        self._database = database
        self._node = node
        self._alone = alone
        self._told: dict[str, str] = {}
        self._next = 0.0

    async def tell(self, seen: Mapping[str, Health]) -> None:
        """At once when a state has changed, else now and then."""
        states = {name: one.state for name, one in seen.items()}
        moment = clock.monotonic()
        if self._alone or (states == self._told and moment < self._next):
            return
        self._told, self._next = states, moment + _EVERY
        now = clock.now()
        reports = [(name, _plain(one)) for name, one in seen.items()]
        await store.report(self._database, self._node, reports, now)
        await store.prune_reports(self._database, now - 4 * _HOLDS)

    async def of_all(self, own: Mapping[str, Health]) -> list[Report]:
        """Ours are as they are now, those of others as they said lately."""
        ours = [Report(self._node, name, _plain(one)) for name, one in own.items()]
        if self._alone:
            return ours
        said = await store.reports(self._database, clock.now() - _HOLDS)
        return ours + [Report(*one) for one in said if one[0] != self._node]


def _plain(seen: Health) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(seen, builtin_types=(datetime,))
    return plain | {"since": seen.since.isoformat(timespec="milliseconds")}
