"""A message's pictures on their way: fetched, adapted ahead, and put into what a carrier gets."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from magpie.dispatch.adaptation import Adaptation
from magpie.dispatch.enclosed import enclosed
from magpie.dispatch.model import Begin, End
from magpie.dispatch.retry import MOST_TRIES, Again, Moves
from magpie.dispatch.ways import Way
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.queue import Job, Queue
from magpie.media.model import Media
from magpie.media.outcome import Broken, Fetched
from magpie.media.recipe import Unusable
from magpie.media.sandbox import SandboxFailed
from magpie.media.told import told
from magpie.messages import store
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status
from magpie.messages.model import CONVERTED, Message

_BREATH = timedelta(seconds=2)
_UNKNOWN = 30008


class Pictures:
    """`settle` is called in the transaction that finishes the media jobs."""

    def __init__(
        self, database: Database, outbound: Queue, advance: Advance, adaptation: Adaptation
    ) -> None:
        self._database = database
        self._outbound = outbound
        self._advance = advance
        self._adaptation = adaptation

    async def ahead(
        self, account_sid: str, message_id: UUID, media: Sequence[Media]
    ) -> Mapping[str, Any] | None:
        """Make what the message will need; gives what the timeline says of it."""
        message = await store.get(self._database, account_sid, message_id)
        if message is None:
            return None
        return told(*await self._adaptation.ahead(message, media))

    async def settle(self, connection: Connection, results: Sequence[Fetched | Broken]) -> None:
        """A message that has failed gives up its place, and takes none of its sender's pace."""
        broken = [_key(result) for result in results if isinstance(result, Broken)]
        whole = [_key(result) for result in results if isinstance(result, Fetched)]
        if broken:  # before the messages: who cancels one takes its locks in this order
            await self._outbound.withdraw(connection, broken)
        await self._advance.write(connection, [event for r in results for event in events_of(r)])
        if whole:
            await self._outbound.release(connection, whole)

    async def enclose(
        self, begin: Begin, job: Job, message: Message, media: Sequence[Media], way: Way
    ) -> Begin | End:
        """Put in the media as they fit there, mostly made before; else the end of this try."""
        end = End(job=job, at=begin.at, carrier=begin.carrier)
        try:
            fit = await self._adaptation.for_way(message, media, way)
        except Unusable as unusable:
            why = {"why": unusable.why}
            return replace(end, decision=Moves(Status.FAILED, unusable.code), detail=why)
        except SandboxFailed as failed:
            return replace(end, decision=_later(job), detail={"why": str(failed)})
        if fit.dropped and (message.options or {}).get(CONVERTED) != "mms":
            first = fit.dropped[0].step
            return replace(
                end,
                decision=Moves(Status.FAILED, first.code),
                detail={"why": first.why},
                partial=bool(fit.sent),
            )
        parts, slides = enclosed(media, fit, begin.submission.body)
        submission = replace(begin.submission, media=parts, smil=slides)
        adapted = told(fit, way.reach.network or way.carrier) if fit.worked else None
        return replace(begin, submission=submission, adapted=adapted)


def _key(result: Fetched | Broken) -> tuple[str, UUID]:
    return result.account_sid, result.message_id


def _later(job: Job) -> Again | Moves:
    if job.claim >= MOST_TRIES:
        return Moves(Status.FAILED, _UNKNOWN)
    return Again(clock.now() + _BREATH)


def events_of(result: Fetched | Broken) -> list[Event]:
    """One hop a fetch and one for the adaptation; a failure adds what was wrong."""
    told_: list[tuple[str, Any]] = [("media", msgspec.to_builtins(t)) for t in result.traces]
    if isinstance(result, Fetched):
        told_ += [("adapted", dict(result.adapted))] if result.adapted else []
    else:
        told_.append(("media", {"why": result.detail, "url": result.url}))
    now = clock.now()
    events = [
        Event(
            account_sid=result.account_sid,
            message_id=result.message_id,
            at=now + timedelta(microseconds=n),
            hop=hop,
            detail=detail,
        )
        for n, (hop, detail) in enumerate(told_)
    ]
    if isinstance(result, Broken):
        events[-1] = replace(events[-1], status=Status.FAILED, code=result.code)
    return events
