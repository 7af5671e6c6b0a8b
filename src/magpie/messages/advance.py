"""The only door by which a message changes its state.

Whatever happens to a message comes here as an Event. The lifecycle decides whether it moves;
what happened is told in the timeline in any case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from magpie.errors import text_of
from magpie.kit.db import Connection
from magpie.kit.queue import Put, Queue
from magpie.links import store as links
from magpie.messages import callbacks, smpp, store, timeline
from magpie.messages.lifecycle import FINAL, Status, may_move
from magpie.messages.model import CONVERTED, Conversion, Hop, Message


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a message; `status` is where it leads, if anywhere.

    With a `conversion` its media become a link in its text.
    """

    account_sid: str
    message_id: UUID
    at: datetime
    hop: str
    status: Status | None = None
    code: int | None = None
    done_date: str | None = None
    detail: dict[str, Any] | None = None
    conversion: Conversion | None = None

    @property
    def key(self) -> tuple[str, UUID]:
        return self.account_sid, self.message_id

    @property
    def changes(self) -> bool:
        """Whether it asks for more than to be told."""
        return self.status is not None or self.conversion is not None


class Advance:
    """`quiet` names states which are not called back; `esmes` is the queue of SMPP's receipts."""

    def __init__(
        self,
        webhooks: Queue,
        *,
        esmes: Queue | None = None,
        quiet: frozenset[Status] = frozenset(),
    ) -> None:
        self._webhooks = webhooks
        self._esmes = esmes
        self._quiet = quiet

    async def write(
        self, connection: Connection, events: Sequence[Event]
    ) -> dict[tuple[str, UUID], Message]:
        """Apply events in order, inside the caller's transaction; gives the messages as they are.

        Events of messages that are deleted meanwhile have no effect.
        """
        moving = [event.key for event in events if event.changes]
        before = await store.lock(connection, moving) if moving else {}
        now = dict(before)
        puts: list[Put] = []
        receipts: list[Put] = []
        for event in events:
            message = now.get(event.key)
            if message is None:
                continue
            if event.conversion is not None:
                message = now[event.key] = converted(message, event.conversion, event.at)
                await store.convert(connection, message)
                await links.insert(connection, [event.conversion.link])
            if event.status is not None and may_move(Status(message.status), event.status):
                moved = now[event.key] = move(message, event)
                puts += self._callbacks(moved, event)
                receipts += smpp.receipt_puts(moved, event.at)
        changed = [message for key, message in now.items() if message is not before[key]]
        if changed:
            await store.save(connection, changed)
        if puts:
            await self._webhooks.put(connection, puts)
        if receipts and self._esmes is not None:
            await self._esmes.put(connection, receipts)
        await timeline.add(connection, [hop_of(e) for e in events if e.key in now or not e.changes])
        return now

    def _callbacks(self, message: Message, event: Event) -> list[Put]:
        if not message.status_callback or event.status in self._quiet or message.inbound:
            return []
        return [
            callbacks.status_put(
                message, message.status, message.status_callback, done_date=event.done_date
            )
        ]


def move(message: Message, event: Event) -> Message:
    """Give the message as it is after an event that the lifecycle allows."""
    assert event.status is not None
    moved = replace(message, status=event.status.value, date_updated=event.at)
    if event.status is Status.SENT or (event.status in FINAL and event.status != Status.FAILED):
        moved = replace(moved, date_sent=message.date_sent or event.at)
    if event.code is not None and event.status in {Status.FAILED, Status.UNDELIVERED}:
        moved = replace(moved, error_code=event.code, error_message=text_of(event.code))
    return retain(moved) if event.status in FINAL else moved


def converted(message: Message, to: Conversion, at: datetime) -> Message:
    options = {**(message.options or {}), CONVERTED: "mms" if to.mms else "sms"}
    return replace(
        message, body=to.body, num_segments=to.num_segments, options=options, date_updated=at
    )


def retain(message: Message) -> Message:
    """Forget at the end what the sender asked us to forget (ContentRetention, AddressRetention)."""
    options = message.options or {}
    if options.get("ContentRetention") == "discard":
        message = replace(message, body="")
    if options.get("AddressRetention") == "obfuscate":
        message = replace(message, to=message.to[:-4] + "XXXX")
    return message


def hop_of(event: Event) -> Hop:
    detail = dict(event.detail or {})
    if event.status is not None:
        detail["status"] = event.status.value
    if event.code is not None:
        detail["code"] = event.code
    return Hop(
        account_sid=event.account_sid,
        message_id=event.message_id,
        at=event.at,
        hop=event.hop,
        detail=detail or None,
    )
