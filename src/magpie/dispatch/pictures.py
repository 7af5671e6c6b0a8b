"""What the fetch of a message's media leads to: it may go now, or it has failed."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from magpie.kit import clock
from magpie.kit.db import Connection
from magpie.kit.queue import Queue
from magpie.media.outcome import Broken, Fetched
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status


class Pictures:
    """Called in the transaction that finishes the media jobs."""

    def __init__(self, outbound: Queue, advance: Advance) -> None:
        self._outbound = outbound
        self._advance = advance

    async def settle(self, connection: Connection, results: Sequence[Fetched | Broken]) -> None:
        """A message that has failed gives up its place too: dispatch drops what it finds so."""
        await self._advance.write(connection, [event for r in results for event in events_of(r)])
        await self._outbound.release(
            connection, [(result.account_sid, result.message_id) for result in results]
        )


def events_of(result: Fetched | Broken) -> list[Event]:
    """One hop a fetch; a failure adds one that says what was wrong."""
    now = clock.now()
    hops = [
        Event(
            account_sid=result.account_sid,
            message_id=result.message_id,
            at=now + timedelta(microseconds=n),
            hop="media",
            detail=msgspec.to_builtins(trace),
        )
        for n, trace in enumerate(result.traces)
    ]
    if isinstance(result, Broken):
        broken = Event(
            account_sid=result.account_sid,
            message_id=result.message_id,
            at=now + timedelta(microseconds=len(hops)),
            hop="media",
            status=Status.FAILED,
            code=result.code,
            detail={"why": result.detail, "url": result.url},
        )
        hops.append(broken)
    return hops
