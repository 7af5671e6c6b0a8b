"""What a customer may change in a message that is accepted: redact, cancel, delete."""

from msgspec.structs import replace

from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.queue import Queue
from magpie.links import store as links
from magpie.media import actions as media
from magpie.messages import store
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import FINISHED, Status
from magpie.messages.model import Message
from magpie.messages.raw import store as raw_requests
from magpie.webhooks.log import store as webhook_log


class Change:
    def __init__(self, database: Database, advance: Advance) -> None:
        self._database = database
        self._advance = advance

    async def redact(self, message: Message) -> Message:
        """Empties the body for good; raises Refused 20009 before the message is finished."""
        async with self._database.transaction() as connection:
            held = await store.lock(connection, [(message.account_sid, message.id)])
            message = _finished(held.get((message.account_sid, message.id)))
            redacted = replace(message, body="", date_updated=clock.now())
            await store.save(connection, [redacted])
            await _forget(connection, message)
        return redacted

    async def cancel(self, message: Message) -> Message:
        """Raises Refused 30409 once the message is on its way."""
        async with self._database.transaction() as connection:
            return await self._cancel(connection, message, Status.SCHEDULED)

    async def withdraw(self, message: Message, outbound: Queue) -> Message:
        """Cancels what waits in its sender's lane; raises Refused 30409 once it was taken."""
        async with self._database.transaction() as connection:
            if not await outbound.withdraw(connection, [(message.account_sid, message.id)]):
                raise Refused(30409, status=409)
            return await self._cancel(connection, message, Status.QUEUED)

    async def _cancel(self, connection: Connection, message: Message, from_: Status) -> Message:
        event = Event(
            account_sid=message.account_sid,
            message_id=message.id,
            at=clock.now(),
            hop="canceled",
            status=Status.CANCELED,
        )
        now = (await store.lock(connection, [event.key])).get(event.key)
        if now is None or now.status != from_:
            raise Refused(30409, status=409)
        return (await self._advance.write(connection, [event]))[event.key]

    async def delete(self, message: Message) -> None:
        """Removes the message and its media; raises Refused 20009 before it is finished."""
        async with self._database.transaction() as connection:
            held = await store.lock(connection, [(message.account_sid, message.id)])
            message = _finished(held.get((message.account_sid, message.id)))
            await media.delete_of_message(connection, message.account_sid, message.id)
            await links.forget(connection, message.account_sid, message.id)
            await _forget(connection, message)
            await store.delete(connection, message.account_sid, message.id)


async def _forget(connection: Connection, message: Message) -> None:
    """What else holds its text: the request by which it came, and what webhooks told of it."""
    await raw_requests.forget(connection, message.account_sid, message.id)
    await webhook_log.forget(connection, message.account_sid, message.id)


def _finished(message: Message | None) -> Message:
    if message is None:
        raise Refused(20404)
    if Status(message.status) not in FINISHED:
        raise Refused(20009, status=409)
    return message
