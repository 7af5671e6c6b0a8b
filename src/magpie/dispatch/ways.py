"""By which link a message can reach a number, asked before it is accepted and before it goes."""

from collections.abc import Mapping, Sequence

import msgspec

from magpie.carriers.base import Carrier, Reach
from magpie.carriers.routes import Route, candidates
from magpie.carriers.traffic import Kind


class Way(msgspec.Struct, frozen=True, kw_only=True):
    carrier: str
    reach: Reach


_TEXT = Reach(mms=False)


class Ways:
    def __init__(self, carriers: Mapping[str, Carrier], routes: Sequence[Route]) -> None:
        self._carriers = carriers
        self._routes = routes

    async def find(self, to: str, kind: Kind) -> Way | None:
        """The best route whose link carries this kind, an MMS to this very number."""
        for route in candidates(self._routes, to, kind):
            carrier = self._carriers.get(route.carrier)
            if carrier is None or kind not in carrier.capabilities.kinds:
                continue
            if kind is Kind.SMS:
                return Way(carrier=route.carrier, reach=_TEXT)
            reach = await carrier.reach(to)
            if reach.mms:
                return Way(carrier=route.carrier, reach=reach)
        return None

    async def takes_mms(self, to: str) -> bool:
        return await self.find(to, Kind.MMS) is not None
