"""By which link a message can reach a number, asked before it is accepted and before it goes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from magpie.carriers.base import Carrier, Reach
from magpie.carriers.routes import Roads
from magpie.carriers.traffic import Kind
from magpie.dispatch.choice import NEW, Past, passed_over, ranked

_TEXT: Final = Reach(mms=False)
_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """`blocked` says why nothing may go there now, `doubtful` why it may not arrive yet.

    Carriers of better routes that were `passed` over are there with the reason.
    """

    carrier: str
    reach: Reach
    passed: Mapping[str, str] = _NOBODY
    blocked: str = ""
    doubtful: str = ""

    @property
    def clear(self) -> bool:
        return not self.blocked and not self.doubtful


class Ways:
    def __init__(self, carriers: Mapping[str, Carrier], roads: Roads) -> None:
        self._carriers = carriers
        self._roads = roads

    async def find(self, to: str, kind: Kind, past: Past = NEW) -> Way | None:
        """The best route whose link carries this kind, an MMS to this very number.

        A link with an obstacle only where no other is without. Where nobody knows whether it
        arrived, another carrier would be a second sending in silence: it stays where it is as
        long as that link can carry it.
        """
        if past.bound and (way := await self._way(past.bound, to, kind)):
            return way
        names = self._roads.table.candidates(to, kind)
        order = names if past is NEW else ranked(names, past)
        blocked: list[Way] = []
        for name in order:
            way = await self._way(name, to, kind)
            if way is None:
                continue
            if way.clear:
                return _told(way, names, past, blocked)
            blocked.append(way)
        return next((way for way in blocked if not way.blocked), blocked[0] if blocked else None)

    async def takes_mms(self, to: str) -> bool:
        return await self.find(to, Kind.MMS) is not None

    async def _way(self, name: str, to: str, kind: Kind) -> Way | None:
        carrier = self._carriers.get(name)
        if carrier is None or kind not in carrier.capabilities.kinds:
            return None
        reach = _TEXT if kind is Kind.SMS else await carrier.reach(to)
        if kind is Kind.MMS and not reach.mms:
            return None
        obstacle = self._roads.obstacles.get(name)
        if obstacle is None:
            return Way(carrier=name, reach=reach)
        if obstacle.firm:
            return Way(carrier=name, reach=reach, blocked=obstacle.why)
        return Way(carrier=name, reach=reach, doubtful=obstacle.why)


def _told(way: Way, names: list[str], past: Past, blocked: list[Way]) -> Way:
    if past is NEW and not blocked:
        return way
    passed = passed_over(names, past, way.carrier)
    passed |= {one.carrier: one.blocked or one.doubtful for one in blocked}
    return msgspec.structs.replace(way, passed=passed) if passed else way
