"""What the relay posts to us: answered when it is committed and not before."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import structlog

from magpie.carriers.door import Answer, Knock
from magpie.carriers.mm7.options import LinkOptions
from magpie.carriers.mm7.outcome import fate
from magpie.carriers.mm7.trace import Said, said
from magpie.carriers.mms.arrived import arrived
from magpie.carriers.mms.callers import Callers
from magpie.carriers.mms.state import Counters
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Inbound, Kind, Receipt, Traffic
from magpie.protocols.mm7 import (
    DeliverReq,
    DeliveryReportReq,
    Fault,
    Message,
    Operation,
    ReadError,
    ReadReplyReq,
    Request,
    Role,
    Status,
    StatusCode,
    leaves,
    read_message,
    refusal,
    to_number,
    write_message,
)

log = structlog.get_logger(__name__)

_MOST_RECIPIENTS: Final = 50


class Receiver:
    def __init__(self, options: LinkOptions, counters: Counters, trace: Trace[Said]) -> None:
        self._options = options
        self._trace = trace
        self._counters = counters
        self._callers = Callers(options.peers, options.peer_username, options.peer_password)
        self._traffic: Traffic | None = None

    def hand_to(self, traffic: Traffic | None) -> None:
        self._traffic = traffic

    async def answer(self, knock: Knock) -> Answer:
        if refused := self._callers.refusal(knock):
            self._counters.strangers += 1
            return refused
        if knock.method != "POST":
            return Answer(status=405, headers={"Allow": "POST"})
        try:
            message = read_message(
                knock.headers.get("content-type", ""),
                knock.body,
                namespace=self._options.namespace,
            )
        except ReadError as error:
            self._counters.odd += 1
            log.info("mm7.odd_request", carrier=self._options.name, why=str(error))
            return self._say(refusal(error, Role.VASP), error.transaction_id)
        self._trace.received(said(message.operation, message.transaction_id, knock.body))
        return self._say(await self._serve(message), message.transaction_id)

    async def _serve(self, message: Message) -> Operation:
        request = message.operation
        match request:
            case DeliverReq():
                status = await self._deliver(request, message)
            case DeliveryReportReq() | ReadReplyReq():
                status = await self._commit_receipt(request)
            case Request():
                status = Status.of(StatusCode.UNSUPPORTED_OPERATION)
            case _:
                self._counters.odd += 1
                text = f"{request.name} is no request"
                error = ReadError(StatusCode.UNSUPPORTED_OPERATION, text)
                return refusal(error, Role.VASP)
        return request.response(status=status)

    async def _deliver(self, request: DeliverReq, message: Message) -> Status:
        inbounds = list(self._inbounds(request, message))
        if not inbounds:
            return Status.of(StatusCode.ADDRESS_ERROR, "there is no recipient")
        for inbound in inbounds:
            if not await self._committed(inbound):
                return Status.of(StatusCode.SERVICE_UNAVAILABLE)
        self._counters.inbound += 1
        return Status.of(StatusCode.SUCCESS)

    async def _commit_receipt(self, report: DeliveryReportReq | ReadReplyReq) -> Status:
        if not await self._committed(self._receipt(report)):
            return Status.of(StatusCode.SERVICE_UNAVAILABLE)
        self._counters.receipts += 1
        return Status.of(StatusCode.SUCCESS)

    async def _committed(self, what: Inbound | Receipt) -> bool:
        traffic = self._traffic
        if traffic is None:
            return False
        try:
            async with asyncio.timeout(self._options.commit_timeout):
                if isinstance(what, Inbound):
                    await traffic.inbound(what)
                else:
                    await traffic.receipt(what)
        except Exception:
            self._counters.turned_away += 1
            log.exception("mm7.not_committed", carrier=self._options.name)
            return False
        return True

    def _inbounds(self, request: DeliverReq, message: Message) -> Iterator[Inbound]:
        """One for each recipient; those that are nobody's here are nobody's there, too."""
        rules = self._options.addresses
        everybody = request.recipients.everybody if request.recipients else ()
        named = [to_number(one, rules) for one in everybody[:_MOST_RECIPIENTS]]
        numbers = dict.fromkeys(named or filter(None, (self._options.number,)))
        body, media = arrived(list(leaves(message.content))) if message.content else ("", ())
        key = key_of(request, message)
        for number in numbers:
            yield Inbound(
                carrier=self._options.name,
                key=f"{key}>{number}",
                from_=to_number(request.sender, rules),
                to=number,
                body=body if body or media else request.subject,
                kind=Kind.MMS,
                media=media,
            )

    def _receipt(self, report: DeliveryReportReq | ReadReplyReq) -> Receipt:
        state, code = fate(report, self._options)
        date = report.date if isinstance(report, DeliveryReportReq) else report.time_stamp
        return Receipt(
            carrier=self._options.name,
            carrier_id=report.message_id,
            state=state,
            code=code,
            detail=f"{report.mm_status} {report.status_text}".rstrip(),
            done_date=f"{date:%y%m%d%H%M}" if date else None,
        )

    def _say(self, operation: Operation, transaction_id: str) -> Answer:
        framed = write_message(operation, transaction_id, self._options.dialect)
        headers = dict(framed.headers)
        body = b"".join(framed.chunks)
        self._trace.sent(said(operation, transaction_id, body))
        return Answer(
            status=http_status(operation),
            content_type=headers["Content-Type"],
            body=body,
        )


def key_of(request: DeliverReq, message: Message) -> str:
    """Relays count their transactions anew after a restart, so the content is in it, too."""
    digest = sha256(repr((request.sender, request.time_stamp, request.subject)).encode())
    for part in leaves(message.content) if message.content else ():
        digest.update(part.body)
    return f"{message.transaction_id}:{digest.hexdigest()[:32]}"


def http_status(operation: Operation) -> int:
    """A relay that looks no further than this must come again with what could not be kept."""
    if isinstance(operation, Fault):
        return 500
    status: Status = getattr(operation, "status")  # noqa: B009 - all others are responses
    return 503 if status.code == StatusCode.SERVICE_UNAVAILABLE else 200
