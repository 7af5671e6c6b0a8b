"""The senders' lanes: how much waits, why, and the switch that stops one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from starlette.responses import Response

from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit import clock, feed
from magpie.kit.db import Database
from magpie.kit.queue import Lane, LaneStatus, Queue
from magpie.users.model import Role

TOPIC: Final = "queues"
# What an operator may do with a lane, and what is so afterwards.
_SWITCHES: Final = {
    "pause": "stands still",
    "resume": "goes on where it stopped",
    "drain": "takes nothing new and sends what waits",
    "reopen": "takes messages again",
}


class Shown(msgspec.Struct, frozen=True):
    """`why` says why something waits, `seconds` for how long: none where that is not known."""

    lane: LaneStatus
    why: str
    seconds: float | None
    age: float | None


class Queues:
    place: Place | None = Place("Deliver", "Queues", "/queues", "list-ordered", "q")

    def __init__(self, database: Database, outbound: Queue) -> None:
        self._database = database
        self._outbound = outbound

    def routes(self) -> Sequence[Route]:
        return (
            Route("/queues", self.show),
            Route("/queues/{switch}", self.switch, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        lanes = await self._outbound.lanes_of(visit.account_sid)
        now = clock.now()
        return visit.page("queues.html", lanes=[shown(lane, now) for lane in lanes])

    async def switch(self, visit: Visit) -> Response:
        done = visit.path["switch"]
        name = str((await visit.form()).get("lane", ""))
        lanes = await self._outbound.lanes_of(visit.account_sid)
        if done not in _SWITCHES or name not in {lane.name for lane in lanes}:
            raise Refused(20404, "There is no such lane.")
        change = getattr(self._outbound, done)
        async with self._database.transaction() as connection:
            await change(connection, [Lane(visit.account_sid, name)])
        feed.touch({(visit.account_sid, TOPIC)})
        return visit.see("/queues", f"{name} {_SWITCHES[done]}.")


def shown(lane: LaneStatus, now: datetime) -> Shown:
    units = lane.units if lane.units is not None else lane.jobs
    seconds = units / lane.rate if lane.rate else None
    age = (now - lane.oldest_at).total_seconds() if lane.oldest_at else None
    known = units and not lane.paused
    return Shown(lane, _why(lane, units), seconds if known else None, age)


def _why(lane: LaneStatus, units: int) -> str:
    if lane.paused:
        return "paused by an operator"
    if lane.draining:
        return "takes nothing new, by an operator"
    if not units:
        return ""
    if lane.rate:
        return f"{lane.rate:g} a second is what this kind of sender may send"
    return "a carrier has yet to take them"
