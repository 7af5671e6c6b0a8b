"""Where attempts begin and end: each in one commit, shared by all that are under way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from magpie.carriers.traffic import Accepted, Rejected
from magpie.dispatch import store
from magpie.dispatch.choice import state_of
from magpie.dispatch.model import Begin, End
from magpie.dispatch.retry import Again, Converts, Moves
from magpie.kit.db import Connection, Database, GroupCommit
from magpie.kit.queue import Queue
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status


class Settlement:
    """Begins are durable before a byte leaves; an end that lost its lease has no effect."""

    def __init__(self, database: Database, outbound: Queue, advance: Advance) -> None:
        self._outbound = outbound
        self._advance = advance
        self._begins: GroupCommit[Sequence[Begin], None] = GroupCommit(
            database, self._write_begins, most=64
        )
        self._ends: GroupCommit[End, bool] = GroupCommit(database, self._write_ends, most=256)

    async def begin(self, begins: Sequence[Begin]) -> None:
        await self._begins.write(begins)

    async def _write_begins(
        self, connection: Connection, batches: Sequence[Sequence[Begin]]
    ) -> list[Exception | None]:
        begins = [begin for batch in batches for begin in batch]
        rows = [
            (
                b.submission.account_sid,
                b.submission.message_id,
                b.submission.attempt,
                b.carrier,
                b.submission.possible_duplicate,
                b.at,
            )
            for b in begins
        ]
        await store.begin(connection, rows)
        await self._advance.write(connection, [_submitting(b) for b in begins])
        return [None] * len(batches)

    async def end(self, end: End) -> bool:
        """Returns after the commit, and whether the lease was still ours."""
        return await self._ends.write(end)

    async def _write_ends(
        self, connection: Connection, ends: Sequence[End]
    ) -> list[bool | Exception]:
        back = [(end.job, at) for end in ends if (at := _again_at(end)) is not None]
        over = [end.job for end in ends if _again_at(end) is None]
        ours = await self._outbound.finish(connection, over) if over else set()
        if back:
            ours |= await self._outbound.again(connection, back)
        valid = [end for end in ends if end.job.id in ours]
        await self._answered(connection, [end for end in valid if end.submission])
        await self._advance.write(connection, [event for end in valid for event in _events(end)])
        return [end.job.id in ours for end in ends]

    async def _answered(self, connection: Connection, ends: Sequence[End]) -> None:
        if not ends:
            return
        rows, parts = [], []
        for end in ends:
            assert end.submission is not None
            ids = end.outcome.ids if isinstance(end.outcome, Accepted) else ()
            sub = end.submission
            name = (sub.account_sid, sub.message_id, sub.attempt)
            rows.append((*name, state_of(end.outcome), ids[0] if ids else None, end.at))
            parts += [(*name, n, end.carrier, id_, end.at) for n, id_ in enumerate(ids) if n]
        await store.answered(connection, rows)
        if parts:
            await store.more_parts(connection, parts)


def _submitting(begin: Begin) -> Event:
    sub = begin.submission
    detail: dict[str, Any] = {
        "carrier": begin.carrier,
        "attempt": sub.attempt,
        "waited_ms": round(begin.waited * 1000),
    }
    if begin.adapted is not None:
        detail["adapted"] = begin.adapted
    if sub.possible_duplicate:
        detail["possible_duplicate"] = True
    if begin.passed:
        detail["passed_over"] = dict(begin.passed)
    return Event(
        account_sid=sub.account_sid,
        message_id=sub.message_id,
        at=begin.at,
        hop="submitting",
        status=Status.SENDING,
        detail=detail,
    )


def _again_at(end: End) -> datetime | None:
    match end.decision:
        case Again(at=at):
            return at
        case Converts():
            return end.at
        case _:
            return None


def _events(end: End) -> list[Event]:
    if end.decision is None:
        return []
    moves = end.decision if isinstance(end.decision, Moves) else None
    detail = dict(end.detail or {})
    if end.carrier:
        detail["carrier"] = end.carrier
    if isinstance(end.decision, Again):
        detail["again_at"] = end.decision.at.isoformat()
    if isinstance(end.decision, Converts):
        detail["converts"] = end.decision.code
    if isinstance(end.outcome, Accepted) and end.outcome.ids:
        detail["ids"] = list(end.outcome.ids)
    elif end.outcome is not None and not isinstance(end.outcome, Accepted) and end.outcome.detail:
        detail["said"] = end.outcome.detail
    return [
        Event(
            account_sid=end.job.account_sid,
            message_id=end.job.id,
            at=end.at,
            hop=_hop(end),
            status=moves.status if moves else None,
            code=moves.code if moves else None,
            detail=detail,
            conversion=end.conversion,
        )
    ]


def _hop(end: End) -> str:
    if end.outcome is None:
        return "dropped"
    if isinstance(end.outcome, Accepted):
        return "taken"
    if isinstance(end.outcome, Rejected):
        return "rejected"
    return type(end.outcome).__name__.lower()
