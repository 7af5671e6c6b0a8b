"""`/magpie/v1/Carriers`: links to networks, how they are, and what went over them."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from magpie.accounts.operator import operator
from magpie.carriers import configuration, store
from magpie.carriers.actions import Safe
from magpie.carriers.fleet import Entry, Fleet
from magpie.carriers.model import Origin, Status, StoredCarrier
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import (
    Call,
    Collection,
    Page,
    PageRequest,
    Param,
    Params,
    Wrong,
    json_object,
    one_of,
)
from magpie.settings import LinkSettings

_INVALID: Final = 20422
_CONFLICT: Final = 20409
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

Parked = Callable[[], Awaitable[Mapping[str, int]]]
"""How many receipts wait for their message, by carrier."""


def _name(given: str) -> str:
    if not _NAME.fullmatch(given):
        raise Wrong(
            "must have 1 to 64 letters, digits, points, hyphens or underscores, "
            "of which the first is a letter or a digit"
        )
    return given


class CreateCarrier(Params):
    name = Param("Name", _name, required=True, doc="What routes and traces call it.")
    kind = Param(
        "Kind", one_of(*configuration.NAMES), required=True, doc="Which protocol it speaks."
    )
    configuration = Param(
        "Configuration", json_object, doc="Its settings: host, port and whatever else its kind has."
    )
    status = Param("Status", one_of(*Status), default="active", doc="Whether it takes messages.")


class ChangeCarrier(Params):
    configuration = Param(
        "Configuration",
        json_object,
        doc="Settings that change: what is not in it stays, null takes away.",
    )
    status = Param(
        "Status",
        one_of(*Status),
        doc="Whether it takes messages, stops for now, or finishes and hangs up.",
    )


class CarrierRecord(Record, frozen=True):
    """`state` is the best that any node tells; `nodes` has each one's own view."""

    name: str
    kind: str | None
    origin: str
    status: str
    state: str
    configuration: dict[str, Any] | None
    nodes: list[dict[str, Any]]
    parked_receipts: int
    date_created: datetime | None
    date_updated: datetime | None


class Carriers(Collection[CarrierRecord]):
    """For the operator alone: they are the platform's, not an account's."""

    doc: ClassVar[str] = "Links to networks, how they are and how they are set; for the operator."
    called: ClassVar[str] = "name"
    path: ClassVar[str] = "/Carriers"
    key: ClassVar[str] = "carriers"
    element: ClassVar[str] = "Carrier"
    creating: ClassVar[type[Params]] = CreateCarrier
    updating: ClassVar[type[Params]] = ChangeCarrier
    examples: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "create": {
            "Name": "north",
            "Kind": "smpp",
            "Configuration": '{"host": "192.0.2.1", "port": 2775, "system_id": "me"}',
        },
        "update": {"Status": "paused"},
    }
    linked: ClassVar[bool] = True
    subresources: ClassVar[Mapping[str, str]] = {
        "trace": "Trace",
        "parked_receipts": "ParkedReceipts",
    }

    def __init__(self, database: Database, fleet: Fleet, safe: Safe, parked: Parked) -> None:
        self._database = database
        self._fleet = fleet
        self._safe = safe
        self._parked = parked

    async def list(self, call: Call, given: object, page: PageRequest) -> Page[CarrierRecord]:
        operator(call)
        return Page.of(await self._records(), page, self.identify)

    async def create(self, call: Call, given: CreateCarrier) -> CarrierRecord:
        operator(call)
        said = given.configuration or {}
        self._read(given.kind, given.name, said)
        now = clock.now()
        row = StoredCarrier(
            name=given.name,
            kind=given.kind,
            configuration=self._safe.seal(given.name, said),
            date_created=now,
            date_updated=now,
        )
        async with self._database.transaction() as connection:
            known = any(entry.name == given.name for entry in self._fleet.entries())
            if known or not await store.insert(connection, row):
                raise Refused(_CONFLICT, f"There is a carrier {given.name} already.", status=409)
            await store.set_status(connection, given.name, Status(given.status))
            await store.changed(connection)
        return await self._now(call, given.name)

    async def fetch(self, call: Call, sid: str) -> CarrierRecord:
        operator(call)
        for record in await self._records():
            if record.name == sid:
                return record
        raise call.not_found()

    async def update(self, call: Call, sid: str, given: ChangeCarrier) -> CarrierRecord:
        operator(call)
        entry = self._entry(call, sid)
        async with self._database.transaction() as connection:
            if given.configuration is not None:
                _changeable(entry)
                row = await store.lock(connection, sid)
                if row is None:
                    raise call.not_found()
                said = configuration.merged(self._opened(row), given.configuration)
                self._read(row.kind, sid, said)
                sealed = self._safe.seal(sid, said)
                await store.configure(connection, sid, sealed, clock.now())
            if given.status is not None:
                await store.set_status(connection, sid, Status(given.status))
            await store.changed(connection)
        return await self._now(call, sid)

    async def delete(self, call: Call, sid: str) -> None:
        """What is under way finishes; routes that lead there lead nowhere."""
        operator(call)
        _changeable(self._entry(call, sid))
        async with self._database.transaction() as connection:
            if not await store.delete(connection, sid):
                raise call.not_found()
            await store.changed(connection)
        await self._fleet.refresh()

    def identify(self, record: CarrierRecord) -> str:
        return record.name

    async def _now(self, call: Call, name: str) -> CarrierRecord:
        await self._fleet.refresh()
        return await self.fetch(call, name)

    def _entry(self, call: Call, name: str) -> Entry:
        for entry in self._fleet.entries():
            if entry.name == name:
                return entry
        raise call.not_found()

    def _read(self, kind: str, name: str, said: Mapping[str, Any]) -> LinkSettings:
        try:
            settings = configuration.read(kind, name, said)
            self._fleet.check(settings)
        except ValueError as wrong:
            raise Refused(_INVALID, f"Configuration: {wrong}", status=400) from wrong
        return settings

    def _opened(self, row: StoredCarrier) -> dict[str, Any]:
        """One that does not open any more can be set anew, whole."""
        try:
            return self._safe.open(row)
        except Exception:  # noqa: BLE001 - its key is gone: nothing of it is left to keep
            return {}

    async def _records(self) -> Sequence[CarrierRecord]:
        healths: dict[str, list[dict[str, Any]]] = {}
        for node, name, health in await self._fleet.healths():
            healths.setdefault(name, []).append({"node": node, **health})
        parked = await self._parked()
        return [
            _record(entry, healths.get(entry.name, []), parked.get(entry.name, 0))
            for entry in self._fleet.entries()
        ]


def _changeable(entry: Entry) -> None:
    if entry.origin is not Origin.API:
        where = "magpie.toml" if entry.origin is Origin.FILE else "Magpie itself"
        raise Refused(
            _CONFLICT, f"{entry.name} comes from {where} and is changed there.", status=409
        )


def _record(entry: Entry, nodes: list[dict[str, Any]], parked: int) -> CarrierRecord:
    states = [node["state"] for node in nodes]
    row, settings = entry.stored, entry.settings
    return CarrierRecord(
        name=entry.name,
        kind=configuration.kind_of(settings) if settings else row.kind if row else None,
        origin=entry.origin,
        status=entry.status,
        state="up" if "up" in states else states[0] if states else "unknown",
        configuration=configuration.shown(settings) if settings else None,
        nodes=nodes,
        parked_receipts=parked,
        date_created=row.date_created if row else None,
        date_updated=row.date_updated if row else None,
    )
