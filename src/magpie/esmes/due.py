"""What an ESME is to be handed: jobs of the queue `smpp`, in whose lanes the system_ids are."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from magpie.kit import clock
from magpie.kit.queue import Put

QUEUE: Final = "smpp"


class ReceiptDue(msgspec.Struct, frozen=True, kw_only=True, tag="receipt"):
    """`told` is the id by which the client knows the message, or this part of it.

    `status` is that of the message; `code` why it failed.
    """

    message_id: UUID
    told: UUID
    from_: str
    to: str
    status: str
    code: int | None
    submitted_at: datetime
    at: datetime
    text: str
    final: bool


class TextDue(msgspec.Struct, frozen=True, kw_only=True, tag="text"):
    """A text from a phone."""

    message_id: UUID
    from_: str
    to: str
    body: str


Due = ReceiptDue | TextDue
encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Due).decode


def put(account_sid: str, system_id: str, due: Due) -> Put:
    """What belongs to one message is handed over in order."""
    return Put(
        account_sid=account_sid,
        lane=system_id,
        id=clock.uuid7(),
        serial=due.message_id,
        payload=encode(due),
    )
