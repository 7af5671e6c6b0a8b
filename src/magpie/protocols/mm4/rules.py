"""Who answers whom, and what a message takes with it from centre to centre (clause 8.4.1)."""

from datetime import datetime
from typing import Final

import msgspec

from magpie.protocols.mm4.addresses import parse_address, write_address
from magpie.protocols.mm4.status import RequestStatus
from magpie.protocols.mm4.times import write_moment
from magpie.protocols.mm4.values import (
    ANSWERS,
    VERSION,
    Address,
    Asked,
    ForwardReq,
    Request,
    Response,
)

MOST_HOPS: Final = 10


def asked(request: Request) -> Asked:
    return Asked(
        type_=request.type_,
        transaction_id=request.transaction_id,
        message_id=request.message_id,
        version=request.version,
        ack=bool(request.ack_request),
        originator_system=request.originator_system,
        sender=request.sender,
    )


def answer_address(request: Asked, envelope_sender: str) -> Address | None:
    """Where an answer goes; None where there is nobody."""
    return request.originator_system or request.sender or parse_address(envelope_sender)


def answer(
    request: Asked,
    status: str = RequestStatus.OK,
    text: str = "",
    *,
    to: Address | None = None,
    sender: Address | None = None,
    date: datetime | None = None,
    mail_id: str = "",
) -> Response | None:
    """With the ids of the request, and of the mail itself.

    None where it asks for no answer, or has no id of a message.
    """
    if not request.ack or not request.message_id:
        return None
    return ANSWERS[request.type_](
        transaction_id=request.transaction_id,
        message_id=request.message_id,
        version=request.version or VERSION,
        status=status,
        status_text=text,
        to=(to,) if to else (),
        sender=sender,
        date=date,
        mail_id=mail_id,
    )


def looped(request: ForwardReq) -> bool:
    """Whether it has been from centre to centre for too long."""
    return (request.forward_counter or 0) > MOST_HOPS


def next_hop(
    request: ForwardReq, transaction_id: str, *, by: Address, at: datetime
) -> ForwardReq | None:
    """As it goes on to another centre; None for one that goes round in a circle."""
    onward = msgspec.structs.replace(
        request,
        transaction_id=transaction_id,
        forward_counter=(request.forward_counter or 0) + 1,
        previously_sent_by=_one_more(request.previously_sent_by, write_address(by)),
        previously_sent_at=_one_more(request.previously_sent_at, write_moment(at)),
    )
    return None if looped(onward) else onward


def _one_more(given: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Each with its number, from 1."""
    return (*given, f"{len(given) + 1}, {value}")
