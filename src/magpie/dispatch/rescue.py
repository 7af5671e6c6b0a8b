"""An MMS that cannot go may still arrive: as a text with a link to its pictures."""

from collections.abc import Sequence

from msgspec.structs import replace

from magpie.dispatch.model import End
from magpie.dispatch.retry import Converts, Moves
from magpie.kit.db import Connection
from magpie.kit.queue import Put, Queue
from magpie.messages import store
from magpie.messages.advance import Event
from magpie.messages.conversion import REFUSALS, Converter
from magpie.messages.lifecycle import Status
from magpie.messages.model import Conversion, Message

# Attempts of the text are counted on from here: an MMS is never tried so often.
_AFTER_MMS = 1000


class Rescue:
    """That no link carries MMS to a number is a matter for the converter alone.

    What a carrier or its limits refuse becomes a link only for who has asked for it.
    """

    def __init__(self, converter: Converter, outbound: Queue) -> None:
        self._converter = converter
        self._outbound = outbound

    async def instead(self, end: End, message: Message | None) -> End:
        """The same end, or one that sends the message once more, if its owner wants that."""
        if message is None or not isinstance(end.decision, Moves):
            return end
        code = end.decision.code or 0
        refused = end.outcome is not None or end.partial is not None
        if not await self._converter.rescues(message, code, refused=refused):
            return end
        conversion = self._converter.convert(message, mms=bool(end.partial))
        return replace(end, decision=Converts(code), conversion=conversion)

    async def receipts(self, connection: Connection, events: Sequence[Event]) -> list[Event]:
        """Turn receipts of refused pictures into conversions, in the caller's transaction."""
        refused = [e for e in events if e.status is Status.UNDELIVERED and e.code in REFUSALS]
        if not refused:
            return [*events]
        messages = await store.of_keys(connection, [event.key for event in refused])
        chosen = {}
        for event in refused:
            message = messages.get(event.key)
            if message and await self._converter.rescues(message, event.code or 0, refused=True):
                chosen[event.key] = self._converter.convert(message)
        await self._outbound.put(
            connection, [_again(messages[key], made) for key, made in chosen.items()]
        )
        return [_converting(e, chosen.get(e.key)) if e in refused else e for e in events]


def _again(message: Message, made: Conversion) -> Put:
    return Put(
        account_sid=message.account_sid,
        lane=message.from_ or "",
        id=message.id,
        payload=str(_AFTER_MMS).encode(),
        cost=made.num_segments,
    )


def _converting(event: Event, made: Conversion | None) -> Event:
    if made is None:
        return event
    detail = {**(event.detail or {}), "converts": event.code}
    return replace(event, status=None, code=None, detail=detail, conversion=made)
