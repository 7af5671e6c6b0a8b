"""query_sm, cancel_sm and replace_sm, each for messages of the client's own account."""

from typing import Final
from uuid import UUID

from magpie.api.smpp.answers import Denied
from magpie.errors import Refused
from magpie.esmes.model import Esme
from magpie.esmes.parts.model import head_id
from magpie.kit.db import Database
from magpie.kit.queue import Queue
from magpie.messages import store
from magpie.messages.change import Change
from magpie.messages.lifecycle import FINAL
from magpie.messages.lifecycle import Status as State
from magpie.messages.model import Message
from magpie.protocols.smpp import (
    CancelSm,
    MessageState,
    QuerySm,
    Status,
    absolute,
    reply,
)
from magpie.protocols.smpp.pdu import Pdu

_EXPIRED: Final = 30036
_STATES: Final = {
    State.ACCEPTED: MessageState.ACCEPTED,
    State.SCHEDULED: MessageState.SCHEDULED,
    State.CANCELED: MessageState.DELETED,
    State.DELIVERED: MessageState.DELIVERED,
    State.READ: MessageState.DELIVERED,
    State.UNDELIVERED: MessageState.UNDELIVERABLE,
    State.FAILED: MessageState.REJECTED,
}


def state_of(status: str, code: int | None) -> MessageState:
    """What is queued, being sent or sent is on its way."""
    if code == _EXPIRED:
        return MessageState.EXPIRED
    return _STATES.get(State(status), MessageState.ENROUTE)


class Manage:
    def __init__(self, database: Database, change: Change, outbound: Queue) -> None:
        self._database = database
        self._change = change
        self._outbound = outbound

    async def query(self, esme: Esme, pdu: QuerySm) -> Pdu:
        """`error_code` is one octet: a code of ours is told by its last two digits."""
        message = await self._find(esme, pdu.message_id)
        if message is None:
            raise Denied(Status.RQUERYFAIL)
        done = message.status in FINAL
        return reply(
            pdu,
            message_id=pdu.message_id,
            final_date=absolute(message.date_updated) if done else "",
            message_state=state_of(message.status, message.error_code),
            error_code=(message.error_code or 0) % 100,
        )

    async def cancel(self, esme: Esme, pdu: CancelSm) -> Pdu:
        """Only one message at a time, and only while it waits in its lane."""
        message = await self._find(esme, pdu.message_id) if pdu.message_id else None
        if message is None or message.inbound:
            raise Denied(Status.RCANCELFAIL)
        try:
            await self._change.withdraw(message, self._outbound)
        except Refused as refused:
            raise Denied(Status.RCANCELFAIL) from refused
        return reply(pdu)

    async def _find(self, esme: Esme, text: str) -> Message | None:
        """By the id of a part, too."""
        id_ = esme.id_from(text)
        if id_ is None:
            return None
        message = await self._get(esme, id_)
        return message or await self._get(esme, head_id(id_))

    async def _get(self, esme: Esme, id_: UUID) -> Message | None:
        return await store.get(self._database, esme.account_sid, id_)
