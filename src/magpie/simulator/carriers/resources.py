"""`/simulator/v1/Carriers`: how the carriers of the simulated network behave."""

from typing import Any, ClassVar

import msgspec

from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Params,
)
from magpie.simulator import store
from magpie.simulator.bodies import read
from magpie.simulator.directory import Directory
from magpie.simulator.profile import Profile


class CarrierRecord(Record, frozen=True):
    name: str
    profile: Profile


class Carriers(Collection[CarrierRecord]):
    doc: ClassVar[str] = "How the carriers of the simulated network behave, faults included."
    bodies: ClassVar[dict[str, Any]] = {"create": Profile, "update": Profile}
    examples: ClassVar[dict[str, dict[str, Any]]] = {
        "create": {"name": "flaky", "latency": [0.5, 2.0], "faults": {"temporary": 0.2}},
        "update": {"receipts": "late"},
    }
    shows: ClassVar[Any] = Profile
    called: ClassVar[str] = "name"
    path: ClassVar[str] = "/Carriers"
    key: ClassVar[str] = "carriers"
    element: ClassVar[str] = "Carrier"
    reads_body: ClassVar[bool] = True
    update_methods: ClassVar[tuple[str, ...]] = ("POST", "PUT")

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[CarrierRecord]:
        profiles = await self._directory.profiles()
        known = [CarrierRecord(name, profiles[name]) for name in sorted(profiles)]
        return Page.of(known, page, self.identify)

    async def create(self, call: Call, given: Params) -> CarrierRecord:
        return await self._keep(read(call, Profile))

    async def fetch(self, call: Call, sid: str) -> CarrierRecord:
        profile = (await self._directory.profiles()).get(sid)
        if profile is None:
            raise call.not_found()
        return CarrierRecord(sid, profile)

    async def update(self, call: Call, sid: str, given: Params) -> CarrierRecord:
        """Fields that are not given stay as they are."""
        known = await self.fetch(call, sid)
        given_fields = read(call, dict[str, Any])
        merged = msgspec.to_builtins(known.profile) | given_fields | {"name": sid}
        try:
            profile = msgspec.convert(merged, Profile)
        except msgspec.ValidationError as error:
            raise Refused(20422, f"The body is not right: {error}", status=400) from error
        return await self._keep(profile)

    async def delete(self, call: Call, sid: str) -> None:
        """A built-in carrier is as it was again; another one is gone."""
        await self.fetch(call, sid)
        await store.delete_profile(self._database, sid)
        self._directory.forget()

    async def _keep(self, profile: Profile) -> CarrierRecord:
        kept = msgspec.to_builtins(profile)
        await store.put_profile(self._database, profile.name, kept, clock.now())
        self._directory.forget()
        return CarrierRecord(profile.name, profile)

    def identify(self, record: CarrierRecord) -> str:
        return record.name

    def represent(self, record: CarrierRecord, call: Call) -> dict[str, object]:
        shown: dict[str, object] = msgspec.to_builtins(record.profile)
        return shown
