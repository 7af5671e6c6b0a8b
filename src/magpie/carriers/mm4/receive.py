"""What the other centre sends to us: accepted when it is committed and not before."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import structlog

from magpie.carriers.mm4.answers import Answers
from magpie.carriers.mm4.arrivals import failure_of, inbounds, receipt_of
from magpie.carriers.mm4.incoming import has_bare_ends
from magpie.carriers.mm4.link import Link
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.state import Counters
from magpie.carriers.mm4.trace import Said
from magpie.carriers.mm4.trace import mail as traced_mail
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Inbound, Receipt, Traffic
from magpie.protocols.mm4 import (
    Address,
    DeliveryReportReq,
    ForwardReq,
    ForwardRes,
    Message,
    ReadError,
    ReadReplyReq,
    RequestStatus,
    StatusClass,
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

_SHOWN: Final = 3


class Receiver:
    def __init__(
        self,
        options: LinkOptions,
        link: Link,
        answers: Answers,
        counters: Counters,
        trace: Trace[Said],
        knows: Knows | None,
    ) -> None:
        self._options = options
        self._link = link
        self._answers = answers
        self._counters = counters
        self._trace = trace
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
        self._trace.received(traced_mail(mail, ", ".join(recipients[:_SHOWN])))
        if has_bare_ends(mail):
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
        self._answers.answer(error.asked, sender, error.status, error.text)
        return TAKEN

    async def _taken(self, message: Message, sender: str, recipients: Sequence[str]) -> str:
        match message:
            case ForwardReq():
                return await self._forwarded(message, sender, recipients)
            case DeliveryReportReq() | ReadReplyReq():
                if not await self._committed([receipt_of(message, self._options)]):
                    return AGAIN
                self._counters.receipts += 1
                self._answers.answer(asked(message), sender)
            case ForwardRes():
                return await self._answered(message)
            case _:
                log.debug("mm4.answer", carrier=self._options.name)
        return TAKEN

    async def _forwarded(self, request: ForwardReq, sender: str, recipients: Sequence[str]) -> str:
        """A message that will never do is taken over, too, so that it does not come again."""
        if looped(request):
            self._counters.looped += 1
            self._answers.answer(
                asked(request), sender, RequestStatus.SERVICE_DENIED, "it goes in circles"
            )
            return TAKEN
        numbers = await self._numbers(request, recipients)
        if not numbers:
            self._answers.answer(asked(request), sender, RequestStatus.ADDRESS_UNRESOLVED)
            return TAKEN
        if not await self._committed(inbounds(request, numbers, self._options)):
            return AGAIN
        self._counters.inbound += 1
        self._answers.answer(asked(request), sender)
        if request.delivery_report:
            self._answers.report(request, sender, numbers)
        return TAKEN

    async def _answered(self, message: ForwardRes) -> str:
        """What was taken over cannot be sent again from here: even a passing error ends it."""
        soon = self._link.answered(bare_id(message.transaction_id), message)
        if soon or classify(message.status) is StatusClass.ACCEPTED:
            return TAKEN
        receipt = failure_of(message, self._options)
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

    def _number(self, address: Address) -> str:
        return to_number(address, self._options.addresses)

    def _is_system(self, address: Address) -> bool:
        return address.value.lower() == self._options.system_address.value.lower()

    async def _is_ours(self, number: str) -> bool:
        return self._knows is None or await self._knows(number)
