"""`/magpie/v1/Messages/{Sid}/Outcome`: what became of a message of which no carrier tells."""

from datetime import datetime
from typing import ClassVar, Final

from magpie.dispatch import store
from magpie.dispatch.model import Attempt
from magpie.dispatch.prepare import RESENT
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Connection, Database
from magpie.kit.queue import Put, Queue
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Param, Params, one_of
from magpie.messages import store as message_store
from magpie.messages.advance import Advance, Event
from magpie.messages.lifecycle import Status
from magpie.messages.model import Message
from magpie.messages.resources import find

_CONFLICT, _UNKNOWN_ERROR = 20409, 30008
_MOVES: Final = {"sent": Status.SENT, "failed": Status.FAILED}


class Settle(Params):
    """`resend` is kept to the message's validity, and goes by the carrier that perhaps has it."""

    outcome = Param(
        "Outcome",
        one_of(*_MOVES, "resend"),
        required=True,
        doc="What became of it; resend sends it once more.",
    )


class Outcome(Record, frozen=True):
    sid: str
    outcome: str
    status: str
    date_updated: datetime


class OutcomeOf(Collection[Outcome]):
    """Refused with 20409 unless the answer is lost and nothing more would happen by itself."""

    doc: ClassVar[str] = (
        "Says what became of a message whose answer is lost and that is held: it was sent, it "
        "failed, or it goes once more."
    )
    path: ClassVar[str] = "/Messages/{MessageSid}/Outcome"
    key: ClassVar[str] = "outcomes"
    element: ClassVar[str] = "Outcome"
    creating: ClassVar[type[Params]] = Settle
    created_status: ClassVar[int] = 200
    singleton: ClassVar[bool] = True
    examples: ClassVar[dict[str, dict[str, str]]] = {"create": {"Outcome": "resend"}}

    def __init__(self, database: Database, outbound: Queue, advance: Advance) -> None:
        self._database = database
        self._outbound = outbound
        self._advance = advance

    async def create(self, call: Call, given: Settle) -> Outcome:
        message = await find(self._database, call, call.path["MessageSid"])
        async with self._database.transaction() as connection:
            message, last = await self._held(connection, message)
            event = _settled(message, given.outcome)
            if event.status is None:
                await self._outbound.put(connection, [_again(message, last)])
            moved = await self._advance.write(connection, [event])
        now = moved.get(event.key, message)
        return Outcome(message.sid, given.outcome, now.status, now.date_updated)

    async def _held(self, connection: Connection, message: Message) -> tuple[Message, Attempt]:
        """With the try whose answer is lost; while the row is locked nobody decides otherwise."""
        key = (message.account_sid, message.id)
        now = (await message_store.lock(connection, [key])).get(key)
        tries = (await store.earlier(connection, [key])).get(key)
        lost = now and tries and now.status == Status.SENDING and tries[-1].state == "unknown"
        if not (now and tries and lost) or await self._outbound.has(connection, *key):
            raise Refused(_CONFLICT, "This message is not held.", status=409)
        return now, tries[-1]


def _settled(message: Message, outcome: str) -> Event:
    status = _MOVES.get(outcome)
    return Event(
        account_sid=message.account_sid,
        message_id=message.id,
        at=clock.now(),
        hop="settled",
        status=status,
        code=_UNKNOWN_ERROR if status is Status.FAILED else None,
        detail={"outcome": outcome},
    )


def _again(message: Message, last: Attempt) -> Put:
    return Put(
        account_sid=message.account_sid,
        lane=message.from_ or "",
        id=message.id,
        payload=RESENT + str(last.attempt).encode(),
        cost=message.num_segments,
    )
