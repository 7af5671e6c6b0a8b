"""`/magpie/v1/Routes`: which carrier takes what."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal, TypedDict

from msgspec import structs

from magpie import sids
from magpie.accounts.operator import operator
from magpie.carriers import store
from magpie.carriers.fleet import Fleet
from magpie.carriers.model import StoredRoute
from magpie.carriers.traffic import Kind
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Param,
    Params,
    Parser,
    Wrong,
    integer,
    text,
)

_INVALID, _CONFLICT = 20422, 20409
_PREFIX: Final = re.compile(r"(\+[0-9]{0,15})?")
_MOST: Final = 1_000_000


def _prefix(given: str) -> str:
    if not _PREFIX.fullmatch(given):
        raise Wrong("must be a plus and digits, or empty for all numbers")
    return given


def _kinds(given: str) -> list[str]:
    kinds = [one.strip().lower() for one in given.split(",")]
    if not set(kinds) <= set(Kind):
        raise Wrong(f"must be some of {', '.join(Kind)}, parted by commas")
    return sorted(set(kinds))


class CreateRoute(Params):
    carrier = Param("Carrier", text, required=True, doc="The carrier that takes what fits.")
    prefix = Param(
        "Prefix",
        Parser(_prefix, keeps_blank=True),
        default="",
        doc="How the number of the receiver begins, as +44; all numbers, if blank.",
    )
    kinds = Param(
        "Kinds",
        _kinds,
        doc="What goes this way: sms, mms or both; what the carrier can, unless given.",
    )
    priority = Param(
        "Priority",
        integer(-_MOST, _MOST),
        default=0,
        doc="Of routes with prefixes of the same length the lower is asked first.",
    )


class ChangeRoute(Params):
    carrier = Param("Carrier", text, doc="The carrier that takes what fits.")
    prefix = Param(
        "Prefix",
        Parser(_prefix, keeps_blank=True),
        doc="How the number of the receiver begins, as +44; all numbers, if blank.",
    )
    kinds = Param(
        "Kinds",
        _kinds,
        doc="What goes this way: sms, mms or both; what the carrier can, unless given.",
    )
    priority = Param(
        "Priority",
        integer(-_MOST, _MOST),
        doc="Of routes with prefixes of the same length the lower is asked first.",
    )


class Beside(TypedDict):
    origin: Literal["api", "file"]


class Routes(Collection[StoredRoute]):
    """For the operator alone. Those of the file come first, and are changed there."""

    doc: ClassVar[str] = (
        "Which carrier takes what: by the beginning of the number and the kind of the message; "
        "for the operator alone."
    )
    path: ClassVar[str] = "/Routes"
    key: ClassVar[str] = "routes"
    element: ClassVar[str] = "Route"
    creating: ClassVar[type[Params]] = CreateRoute
    updating: ClassVar[type[Params]] = ChangeRoute
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"Carrier": "north", "Prefix": "+44", "Kinds": "sms,mms"},
        "update": {"Priority": "10"},
    }
    linked: ClassVar[bool] = True

    def __init__(self, database: Database, fleet: Fleet) -> None:
        self._database = database
        self._fleet = fleet

    async def list(
        self,
        call: Call,
        given: object,  # noqa: ARG002 - a verb is given its parameters, used or not
        page: PageRequest,
    ) -> Page[StoredRoute]:
        operator(call)
        return Page.of(self._fleet.routes, page, self.identify)

    async def create(self, call: Call, given: CreateRoute) -> StoredRoute:
        operator(call)
        now = clock.now()
        route = StoredRoute(
            sid=sids.new("RT", clock.uuid7()),
            prefix=given.prefix,
            carrier=self._known(given.carrier),
            kinds=given.kinds or sorted(self._carried(given.carrier)),
            priority=given.priority,
            date_created=now,
            date_updated=now,
        )
        return await self._put(self._carriable(route))

    async def fetch(self, call: Call, sid: str) -> StoredRoute:
        operator(call)
        for route in self._fleet.routes:
            if route.sid == sid:
                return route
        raise call.not_found()

    async def update(self, call: Call, sid: str, given: ChangeRoute) -> StoredRoute:
        found = await self._changeable(call, sid)
        asked: dict[str, Any] = {
            "carrier": given.carrier and self._known(given.carrier),
            "prefix": given.prefix,
            "kinds": given.kinds,
            "priority": given.priority,
        }
        values = {name: value for name, value in asked.items() if value is not None}
        changed = structs.replace(found, **values, date_updated=clock.now())
        moved = given.carrier is not None or given.kinds is not None
        return await self._put(self._carriable(changed) if moved else changed)

    async def delete(self, call: Call, sid: str) -> None:
        await self._changeable(call, sid)
        async with self._database.transaction() as connection:
            if not await store.delete_route(connection, sid):
                raise call.not_found()
            await store.changed(connection)
        await self._fleet.refresh()

    def beside(self, record: StoredRoute) -> Beside:
        return {"origin": "api" if record.date_created else "file"}

    async def _changeable(self, call: Call, sid: str) -> StoredRoute:
        found = await self.fetch(call, sid)
        if found.date_created is None:
            raise Refused(
                _CONFLICT, f"{sid} comes from magpie.toml and is changed there.", status=409
            )
        return found

    def _known(self, carrier: str) -> str:
        if not any(entry.name == carrier for entry in self._fleet.entries()):
            raise Refused(_INVALID, f"Carrier {carrier!r} is none of this Magpie.", status=400)
        return carrier

    def _carried(self, carrier: str) -> frozenset[Kind]:
        """All, where no link can be made of what is known of it."""
        link = self._fleet.links.get(carrier)
        return link.capabilities.kinds if link else frozenset(Kind)

    def _carriable(self, route: StoredRoute) -> StoredRoute:
        lost = sorted({*route.kinds} - self._carried(route.carrier))
        if lost:
            told = f"Carrier {route.carrier!r} carries no {lost[0].upper()}."
            raise Refused(_INVALID, told, status=400)
        return route

    async def _put(self, route: StoredRoute) -> StoredRoute:
        async with self._database.transaction() as connection:
            await store.changed(connection)  # one at a time from here
            self._refuse_twin(route, await store.routes(connection))
            await store.put_route(connection, route)
        await self._fleet.refresh()
        return route

    def _refuse_twin(self, route: StoredRoute, stored: Sequence[StoredRoute]) -> None:
        """A second way to the same link is none."""
        of_file = [one for one in self._fleet.routes if one.date_created is None]
        for one in (*of_file, *stored):
            same = (one.prefix, one.carrier) == (route.prefix, route.carrier)
            if same and one.sid != route.sid and {*one.kinds} & {*route.kinds}:
                raise Refused(_CONFLICT, f"{one.sid} leads there already.", status=409)
