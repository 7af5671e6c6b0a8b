"""SMPP in the life of a message: its option `Smpp`, receipts that it owes, what was handed over."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from magpie.esmes import due
from magpie.esmes.due import Due, ReceiptDue
from magpie.kit.queue import Put
from magpie.messages.lifecycle import Status
from magpie.messages.model import Hop, Message
from magpie.protocols.smpp import RegisteredDelivery

OPTION: Final = "Smpp"
_QUOTED: Final = 20
_FAILED: Final = frozenset({Status.UNDELIVERED, Status.FAILED, Status.CANCELED})


def option(system_id: str, told: Sequence[tuple[UUID, int]]) -> dict[str, Any]:
    """`told` are the ids that the client knows, one for each part, with registered_delivery."""
    return {"system_id": system_id, "told": [(id_.hex, registered) for id_, registered in told]}


def receipt_puts(message: Message, at: datetime) -> Iterator[Put]:
    """After a change of state: what is owed for it, to be put in the same commit."""
    said = (message.options or {}).get(OPTION)
    if said is None or message.inbound:
        return
    status = Status(message.status)
    for told, registered in said["told"]:
        if wants(registered, status):
            yield receipt_put(message, said["system_id"], UUID(told), at)


def receipt_put(message: Message, system_id: str, told: UUID, at: datetime) -> Put:
    receipt = ReceiptDue(
        message_id=message.id,
        told=told,
        from_=message.from_ or "",
        to=message.to,
        status=message.status,
        code=message.error_code,
        submitted_at=message.date_created,
        at=at,
        text=message.body[:_QUOTED],
        final=message.status != Status.SENT,
    )
    return due.put(message.account_sid, system_id, receipt)


def handed(
    account_sid: str, system_id: str, what: Due, at: datetime, detail: dict[str, Any]
) -> Hop:
    """One try to hand something to a client."""
    said: dict[str, Any] = {"kind": "text", "system_id": system_id}
    if isinstance(what, ReceiptDue):
        said |= {"kind": "receipt", "told": what.status}
    return Hop(
        account_sid=account_sid,
        message_id=what.message_id,
        at=at,
        hop="smpp",
        detail=said | detail,
    )


def wants(registered: int, status: Status) -> bool:
    """By registered_delivery (SMPP 3.4 clause 5.2.17, 5.0 for success only)."""
    if status is Status.SENT:
        return bool(registered & RegisteredDelivery.INTERMEDIATE)
    match registered & RegisteredDelivery.SUCCESS_ONLY:
        case RegisteredDelivery.FINAL:
            return status is Status.DELIVERED or status in _FAILED
        case RegisteredDelivery.FAILURE_ONLY:
            return status in _FAILED
        case RegisteredDelivery.SUCCESS_ONLY:
            return status is Status.DELIVERED
        case _:
            return False
