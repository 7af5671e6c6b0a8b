"""What the other centre sends to us: accepted when it is committed and not before."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import structlog

from magpie.carriers.mm4.answers import Answers
from magpie.carriers.mm4.link import Link
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.outcome import code_of, fate
from magpie.carriers.mm4.request import message_id
from magpie.carriers.mm4.state import Counters
from magpie.carriers.mms.arrived import arrived
from magpie.carriers.traffic import Inbound, Kind, Receipt, ReceiptState, Traffic
from magpie.kit import clock
from magpie.protocols import mime
from magpie.protocols.mm4 import (
    Address,
    Asked,
    DeliveryReportReq,
    ForwardReq,
    ForwardRes,
    Message,
    MmStatus,
    ReadError,
    ReadReplyReq,
    RequestStatus,
    StatusClass,
    answer,
    answer_address,
    asked,
    bare_id,
    classify,
    looped,
    parse_address,
    read,
    to_number,
)

log = structlog.get_logger(__name__)

Knows = Callable[[str], Awaitable[bool]]
"""Whether a number is one of ours."""

TAKEN: Final = "250 2.0.0 Taken"
AGAIN: Final = "451 4.3.0 Not now, come again"
NO_MESSAGE: Final = "554 5.6.0 This is no message of MM4"
BARE_ENDS: Final = "550 5.6.0 A line must end with CR LF"
TOO_MANY: Final = "452 4.5.3 Too many recipients"
NO_RELAY: Final = "550 5.7.1 This domain is not ours"
NOBODY: Final = "550 5.1.1 Nobody has this number here"
TOO_LARGE: Final = "552 5.3.4 This mail is too large"
LONG_LINE: Final = "500 5.6.0 A line is too long"


class Receiver:
    def __init__(
        self,
        options: LinkOptions,
        link: Link,
        answers: Answers,
        counters: Counters,
        knows: Knows | None,
    ) -> None:
        self._options = options
        self._link = link
        self._answers = answers
        self._counters = counters
        self._knows = knows
        self._traffic: Traffic | None = None

    def hand_to(self, traffic: Traffic | None) -> None:
        self._traffic = traffic

    async def recipient(self, mailbox: str) -> str:
        """What RCPT is answered: the domain is ours, and so is the number."""
        address = parse_address(mailbox)
        domain = (address.domain or address.value.rpartition("@")[2]) if address else ""
        if address is None or domain.lower() != self._options.own_domain.lower():
            return NO_RELAY
        if self._is_system(address) or await self._is_ours(self._number(address)):
            return TAKEN
        return NOBODY

    async def take(self, mail: bytes, sender: str, recipients: Sequence[str]) -> str:
        """What DATA is answered."""
        if _has_bare_ends(mail):
            self._counters.odd += 1
            return BARE_ENDS
        try:
            message = read(mail)
        except ReadError as error:
            return self._unread(error, sender)
        return await self._taken(message, sender, recipients)

    def _unread(self, error: ReadError, sender: str) -> str:
        self._counters.odd += 1
        log.info("mm4.odd_mail", carrier=self._options.name, why=str(error))
        if error.asked is None:
            return NO_MESSAGE
        self._answer(error.asked, sender, error.status, error.text)
        return TAKEN

    async def _taken(self, message: Message, sender: str, recipients: Sequence[str]) -> str:
        match message:
            case ForwardReq():
                return await self._forwarded(message, sender, recipients)
            case DeliveryReportReq() | ReadReplyReq():
                if not await self._committed([self._receipt(message)]):
                    return AGAIN
                self._counters.receipts += 1
                self._answer(asked(message), sender)
            case ForwardRes():
                return await self._answered(message)
            case _:
                log.debug("mm4.answer", carrier=self._options.name)
        return TAKEN

    async def _forwarded(self, request: ForwardReq, sender: str, recipients: Sequence[str]) -> str:
        """A message that will never do is taken over, too, so that it does not come again."""
        if looped(request):
            self._counters.looped += 1
            self._answer(asked(request), sender, RequestStatus.SERVICE_DENIED, "it goes in circles")
            return TAKEN
        numbers = await self._numbers(request, recipients)
        if not numbers:
            self._answer(asked(request), sender, RequestStatus.ADDRESS_UNRESOLVED)
            return TAKEN
        if not await self._committed(self._inbounds(request, numbers)):
            return AGAIN
        self._counters.inbound += 1
        self._answer(asked(request), sender)
        if request.delivery_report:
            self._report(request, sender, numbers)
        return TAKEN

    async def _answered(self, message: ForwardRes) -> str:
        """What was taken over cannot be sent again from here: even a passing error ends it."""
        transaction_id = bare_id(message.transaction_id)
        if self._link.answered(transaction_id, message):
            return TAKEN
        if classify(message.status) is StatusClass.ACCEPTED:
            return TAKEN
        receipt = Receipt(
            carrier=self._options.name,
            carrier_id=bare_id(message.message_id) or message_id(transaction_id, self._options),
            state=ReceiptState.UNDELIVERED,
            code=code_of(message),
            detail=f"{message.status} {message.status_text}".rstrip(),
        )
        return TAKEN if await self._committed([receipt]) else AGAIN

    async def _committed(self, what: Iterable[Inbound | Receipt]) -> bool:
        traffic = self._traffic
        if traffic is None:
            return False
        try:
            async with asyncio.timeout(self._options.commit_timeout):
                for one in what:
                    if isinstance(one, Inbound):
                        await traffic.inbound(one)
                    else:
                        await traffic.receipt(one)
        except Exception:
            self._counters.turned_away += 1
            log.exception("mm4.not_committed", carrier=self._options.name)
            return False
        return True

    def _answer(
        self, request: Asked, sender: str, status: str = RequestStatus.OK, text: str = ""
    ) -> None:
        to = answer_address(request, sender)
        system = self._options.system_address
        said = answer(request, status, text, to=to, sender=system, date=clock.now())
        self._answers.post(to, said)

    def _report(self, request: ForwardReq, sender: str, numbers: Sequence[str]) -> None:
        """For the platform a message that it has stored is a message that was fetched."""
        assert request.from_ is not None
        for number in numbers:
            report = DeliveryReportReq(
                transaction_id=clock.uuid7().hex,
                message_id=request.message_id,
                version=request.version,
                from_=Address(number, domain=self._options.own_domain),
                to=(request.from_,),
                date=clock.now(),
                mm_status=MmStatus.RETRIEVED,
                sender=self._options.system_address,
                originator_system=self._options.system_address,
            )
            self._answers.post(answer_address(asked(request), sender), report)

    async def _numbers(self, request: ForwardReq, recipients: Sequence[str]) -> list[str]:
        """Those of the envelope; some centres name only our system there, and all in the head."""
        enveloped = [one for text in recipients if (one := parse_address(text))]
        named = [one for one in enveloped if not self._is_system(one)] or [
            *request.to,
            *request.cc,
        ]
        numbers = dict.fromkeys(self._number(one) for one in named)
        found = [number for number in numbers if await self._is_ours(number)]
        return found[: self._options.most_recipients]

    def _inbounds(self, request: ForwardReq, numbers: Sequence[str]) -> list[Inbound]:
        """One for each recipient; the message's id is the same whichever way it came."""
        assert request.from_ is not None
        body, media = arrived(list(_leaves(request.content)))
        text = body if body or media else request.subject
        return [
            Inbound(
                carrier=self._options.name,
                key=f"{self._options.domain}:{bare_id(request.message_id)}>{number}",
                from_=self._number(request.from_),
                to=number,
                body=text,
                kind=Kind.MMS,
                media=media,
            )
            for number in numbers
        ]

    def _receipt(self, report: DeliveryReportReq | ReadReplyReq) -> Receipt:
        state, code = fate(report)
        word = report.mm_status if isinstance(report, DeliveryReportReq) else report.read_status
        return Receipt(
            carrier=self._options.name,
            carrier_id=bare_id(report.message_id),
            state=state,
            code=code,
            detail=f"{word} {report.status_text}".rstrip(),
            done_date=f"{report.date:%y%m%d%H%M}" if report.date else None,
        )

    def _number(self, address: Address) -> str:
        return to_number(address, self._options.addresses)

    def _is_system(self, address: Address) -> bool:
        return address.value.lower() == self._options.system_address.value.lower()

    async def _is_ours(self, number: str) -> bool:
        return self._knows is None or await self._knows(number)


def _has_bare_ends(mail: bytes) -> bool:
    """What one reads as a line another does not, and takes the rest for another mail."""
    ends = mail.count(b"\r\n")
    return mail.count(b"\r") != ends or mail.count(b"\n") != ends


def _leaves(part: mime.Part) -> Iterable[mime.Part]:
    if not part.parts:
        return [part] if part.body else []
    return [leaf for inner in part.parts for leaf in _leaves(inner)]
