"""What has come, in the values of dispatch. Pure."""

from collections.abc import Iterator, Sequence

from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.outcome import code_of, fate
from magpie.carriers.mm4.request import message_id
from magpie.carriers.mms.arrived import arrived
from magpie.carriers.traffic import Inbound, Kind, Receipt, ReceiptState
from magpie.protocols import mime
from magpie.protocols.mm4 import (
    DeliveryReportReq,
    ForwardReq,
    ForwardRes,
    ReadReplyReq,
    bare_id,
    to_number,
)


def inbounds(request: ForwardReq, numbers: Sequence[str], options: LinkOptions) -> list[Inbound]:
    """One for each recipient; the message's id is the same whichever way it came."""
    assert request.from_ is not None
    body, media = arrived(list(_leaves(request.content)))
    return [
        Inbound(
            carrier=options.name,
            key=f"{options.domain}:{bare_id(request.message_id)}>{number}",
            from_=to_number(request.from_, options.addresses),
            to=number,
            body=body if body or media else request.subject,
            kind=Kind.MMS,
            media=media,
        )
        for number in numbers
    ]


def _leaves(part: mime.Part) -> Iterator[mime.Part]:
    if not part.parts and part.body:
        yield part
    for inner in part.parts:
        yield from _leaves(inner)


def receipt_of(report: DeliveryReportReq | ReadReplyReq, options: LinkOptions) -> Receipt:
    state, code = fate(report)
    word = report.mm_status if isinstance(report, DeliveryReportReq) else report.read_status
    return Receipt(
        carrier=options.name,
        carrier_id=bare_id(report.message_id),
        state=state,
        code=code,
        detail=f"{word} {report.status_text}".rstrip(),
        done_date=f"{report.date:%y%m%d%H%M}" if report.date else None,
    )


def failure_of(answer: ForwardRes, options: LinkOptions) -> Receipt:
    id_ = bare_id(answer.message_id) or message_id(bare_id(answer.transaction_id), options)
    return Receipt(
        carrier=options.name,
        carrier_id=id_,
        state=ReceiptState.UNDELIVERED,
        code=code_of(answer),
        detail=f"{answer.status} {answer.status_text}".rstrip(),
    )
