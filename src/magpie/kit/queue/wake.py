"""Wakes workers when something was put: at once in this process, by NOTIFY in the others.

A wake is a hint: a worker that misses one finds the job at its next look at the store.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec
import structlog

from magpie.kit.db import Database, DatabaseUnavailable
from magpie.kit.queue.model import Lane

log = structlog.get_logger(__name__)

CHANNEL = "magpie_jobs"
# NOTIFY takes less than 8,000 bytes.
_NOTE_BYTES = 7500
_MOST_LANES = 2000
_FRAME_BYTES = 200


class Wake(msgspec.Struct, array_like=True, frozen=True):
    """Lanes with jobs that are ready, and when the first of others becomes due.

    `anew` lanes may have slots sooner than was thought. `lost` says that nobody knows which lanes.
    """

    lanes: tuple[Lane, ...] = ()
    due_at: datetime | None = None
    anew: bool = False
    lost: bool = False


class _Note(msgspec.Struct, array_like=True):
    node: str
    queue: str
    wake: Wake


Woken = Callable[[Wake], None]


class Wakes:
    """Local wakes are calls; those for other nodes are sent together while one is under way."""

    def __init__(self, database: Database, node: str, *, alone: bool) -> None:
        self._database = database
        self._node = node
        self._alone = alone
        self._woken: dict[str, Woken] = {}
        self._outgoing: dict[str, list[Wake]] = {}
        self._sender: asyncio.Task[None] | None = None

    def register(self, queue: str, woken: Woken) -> None:
        """Tell `woken` from now on; a queue has one worker in a process."""
        self._woken[queue] = woken

    def wake(self, queue: str, wake: Wake) -> None:
        if queue in self._woken:
            self._woken[queue](wake)
        if not self._alone:
            self._outgoing.setdefault(queue, []).append(wake)
            if self._sender is None or self._sender.done():
                self._sender = asyncio.create_task(self._send(), name="queue wakes")

    async def listen(self) -> None:
        if not self._alone:
            await self._database.listen(CHANNEL, self._heard)

    def _heard(self, payload: str) -> None:
        if not payload:  # the connection was away for a while
            for woken in self._woken.values():
                woken(Wake(lost=True))
            return
        note = msgspec.json.decode(payload, type=_Note)
        if note.node != self._node and note.queue in self._woken:
            self._woken[note.queue](note.wake)

    async def _send(self) -> None:
        while self._outgoing:
            outgoing, self._outgoing = self._outgoing, {}
            notes = [
                msgspec.json.encode(_Note(self._node, queue, wake)).decode()
                for queue, wakes in outgoing.items()
                for wake in gather(wakes)
            ]
            try:
                await self._database.execute(
                    "select pg_notify($1, note) from unnest($2::text[]) note", CHANNEL, notes
                )
            except (DatabaseUnavailable, TimeoutError):
                log.warning("queue.wake_lost", notes=len(notes))


def gather(wakes: Iterable[Wake]) -> Iterator[Wake]:
    """Say the same in few wakes of few bytes."""
    due: datetime | None = None
    kinds: dict[bool, dict[Lane, None]] = {False: {}, True: {}}
    for wake in wakes:
        kinds[wake.anew].update(dict.fromkeys(wake.lanes))
        if wake.due_at is not None and (due is None or wake.due_at < due):
            due = wake.due_at
    if sum(map(len, kinds.values())) > _MOST_LANES:
        yield Wake(lost=True)
        return
    if due is not None:
        yield Wake(due_at=due)
    for anew, lanes in kinds.items():
        for packed in _packed(lanes):
            yield Wake(lanes=packed, anew=anew) if packed else Wake(lost=True)


def _packed(lanes: Iterable[Lane]) -> Iterator[tuple[Lane, ...]]:
    """Split by bytes; a lane that is too long for any note gives an empty tuple."""
    packed: list[Lane] = []
    left = _NOTE_BYTES - _FRAME_BYTES
    for lane in lanes:
        size = len(msgspec.json.encode(lane)) + 1
        if size > _NOTE_BYTES - _FRAME_BYTES:
            yield ()
            continue
        if size > left:
            yield tuple(packed)
            packed, left = [], _NOTE_BYTES - _FRAME_BYTES
        packed.append(lane)
        left -= size
    if packed:
        yield tuple(packed)
