"""`/simulator/v1/Handsets`: the phones."""

from typing import Any, ClassVar

from msgspec import structs

from magpie import phone
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Params,
)
from magpie.simulator import store
from magpie.simulator.bodies import HandsetChange, NewHandset, read
from magpie.simulator.directory import Directory
from magpie.simulator.model import Handset


class Handsets(Collection[Handset]):
    """POST to one that is there changes it: airplane mode, or another carrier."""

    doc: ClassVar[str] = "The phones of the simulated network."
    bodies: ClassVar[dict[str, Any]] = {"create": NewHandset, "update": HandsetChange}
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"number": "+15558675399", "carrier": "simulator"},
        "update": {"state": "airplane"},
    }
    called: ClassVar[str] = "number"
    path: ClassVar[str] = "/Handsets"
    key: ClassVar[str] = "handsets"
    element: ClassVar[str] = "Handset"
    reads_body: ClassVar[bool] = True
    linked: ClassVar[bool] = True
    subresources: ClassVar[dict[str, str]] = {"messages": "Messages"}

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[Handset]:
        return Page.of(await store.handsets(self._database), page, self.identify)

    async def create(self, call: Call, given: Params) -> Handset:
        new = read(call, NewHandset)
        number = phone.parse_e164(new.number)
        if number is None:
            raise Refused(21211, f"{new.number} is not a valid phone number.")
        await self._known(new.carrier)
        return await self._keep(Handset(number, new.carrier, clock.now()))

    async def _known(self, carrier: str) -> None:
        if carrier not in await self._directory.profiles():
            raise Refused(20422, f"There is no carrier {carrier}.", status=400)

    async def _keep(self, handset: Handset) -> Handset:
        kept = await store.put_handset(self._database, handset)
        self._directory.forget()
        return kept

    async def fetch(self, call: Call, sid: str) -> Handset:
        return await handset_at(self._database, call, sid)

    async def update(self, call: Call, sid: str, given: Params) -> Handset:
        """Switch airplane mode, or move to another carrier."""
        known = await handset_at(self._database, call, sid)
        change = read(call, HandsetChange)
        await self._known(change.carrier or known.carrier)
        changed = structs.replace(
            known, carrier=change.carrier or known.carrier, state=change.state or known.state
        )
        return await self._keep(changed)

    async def delete(self, call: Call, sid: str) -> None:
        async with self._database.transaction() as connection:
            if not await store.delete_handset(connection, sid):
                raise call.not_found()
        self._directory.forget()

    def identify(self, record: Handset) -> str:
        return record.number


async def handset_at(database: Database, call: Call, number: str) -> Handset:
    handset = await store.handset(database, phone.parse_e164(number) or number)
    if handset is None:
        raise call.not_found()
    return handset
