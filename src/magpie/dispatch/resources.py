"""What an operator asks of messages under way: their story, and the lanes in which they wait."""

from datetime import datetime
from typing import Any, ClassVar

from magpie.kit.db import Database
from magpie.kit.queue import Lane, LaneStatus, Queue
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, boolean
from magpie.messages import timeline
from magpie.messages.model import Hop
from magpie.messages.resources import find


class HopRecord(Record, frozen=True):
    at: Moment
    hop: str
    detail: dict[str, Any]


class Timeline(Collection[HopRecord]):
    """`/magpie/v1/Messages/{Sid}/Timeline`: oldest first; times to the microsecond."""

    doc: ClassVar[str] = "What happened to a message, step by step, oldest first."
    path: ClassVar[str] = "/Messages/{MessageSid}/Timeline"
    key: ClassVar[str] = "timeline"
    element: ClassVar[str] = "Hop"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, call: Call, given: object, page: PageRequest) -> Page[HopRecord]:
        message = await find(self._database, call, call.path["MessageSid"])
        hops = await timeline.of_message(self._database, message.account_sid, message.id)
        return Page.of([_shown(hop) for hop in hops], page, self.identify)

    def identify(self, record: HopRecord) -> str:
        return record.at


class LaneRecord(Record, frozen=True):
    """`waiting` is in units: segments of texts, pictures count one; `rate` in units a second."""

    lane: str
    queue: str
    rate: float | None
    capacity: int | None
    waiting: int | None
    jobs: int
    oldest_at: datetime | None
    paused: bool
    draining: bool


class ChangeLane(Params):
    paused = Param("Paused", boolean, doc="Whether the sender stops for now; what comes waits.")
    draining = Param("Draining", boolean, doc="Whether the sender takes nothing new.")


class Lanes(Collection[LaneRecord]):
    """The senders' lanes; a paused one goes on where it stopped, a draining one takes nothing."""

    doc: ClassVar[str] = "The queues of the senders: how much waits in each, and how fast it goes."
    called: ClassVar[str] = "sender"
    path: ClassVar[str] = "/Lanes"
    key: ClassVar[str] = "lanes"
    element: ClassVar[str] = "Lane"
    updating: ClassVar[type[Params]] = ChangeLane
    examples: ClassVar[dict[str, dict[str, str]]] = {"update": {"Paused": "true"}}

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue

    async def list(self, call: Call, given: object, page: PageRequest) -> Page[LaneRecord]:
        lanes = await self._queue.lanes_of(call.account_sid)
        return Page.of([self._record(lane) for lane in lanes], page, self.identify)

    async def fetch(self, call: Call, sid: str) -> LaneRecord:
        for lane in await self._queue.lanes_of(call.account_sid):
            if lane.name == sid:
                return self._record(lane)
        raise call.not_found()

    async def update(self, call: Call, sid: str, given: ChangeLane) -> LaneRecord:
        await self.fetch(call, sid)
        lanes, queue = [Lane(call.account_sid, sid)], self._queue
        async with self._database.transaction() as connection:
            if given.paused is not None:
                await (queue.pause if given.paused else queue.resume)(connection, lanes)
            if given.draining is not None:
                await (queue.drain if given.draining else queue.reopen)(connection, lanes)
        return await self.fetch(call, sid)

    def _record(self, lane: LaneStatus) -> LaneRecord:
        return LaneRecord(
            lane.name,
            self._queue.name,
            lane.rate or None,
            lane.capacity,
            lane.units,
            lane.jobs,
            lane.oldest_at,
            lane.paused,
            lane.draining,
        )

    def identify(self, record: LaneRecord) -> str:
        return record.lane


def _shown(hop: Hop) -> HopRecord:
    return HopRecord(hop.at.isoformat(timespec="microseconds"), hop.hop, hop.detail or {})
