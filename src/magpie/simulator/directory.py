"""Which number is on which carrier, and how that carrier behaves; remembered for a moment."""

import msgspec

from magpie.kit import clock, feed
from magpie.kit.db import Database
from magpie.simulator import store
from magpie.simulator.arrivals import TOPIC
from magpie.simulator.model import Handset
from magpie.simulator.profile import BY_NAME, Profile

_FRESH_SECONDS = 1.0
_MOST = 100_000


class Directory:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._handsets: dict[str, tuple[float, Handset | None]] = {}
        self._profiles: dict[str, Profile] = {}
        self._profiles_until = 0.0

    async def find(self, number: str) -> tuple[Handset, Profile] | None:
        """None for a number that is no phone of this network."""
        handset = await self._handset(number)
        profile = (await self.profiles()).get(handset.carrier) if handset else None
        return (handset, profile) if handset and profile else None

    async def profiles(self) -> dict[str, Profile]:
        """Built in ones, and over them what an operator has set."""
        now = clock.monotonic()
        if now >= self._profiles_until:
            kept = await store.profiles(self._database)
            own = {name: msgspec.convert(value, Profile) for name, value in kept.items()}
            self._profiles = BY_NAME | own
            self._profiles_until = now + _FRESH_SECONDS
        return self._profiles

    def forget(self) -> None:
        """Something was changed: whoever looks at phones is told, too."""
        feed.touch({TOPIC})
        self._handsets.clear()
        self._profiles_until = 0.0

    async def _handset(self, number: str) -> Handset | None:
        now = clock.monotonic()
        known = self._handsets.get(number)
        if known is not None and known[0] > now:
            return known[1]
        handset = await store.handset(self._database, number)
        if len(self._handsets) >= _MOST:
            self._handsets.clear()
        self._handsets[number] = (now + _FRESH_SECONDS, handset)
        return handset
