"""Answers and reports of ours: mails that go when what they promise is kept."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog

from magpie.carriers.mm4.connections import Connections, Lost, Unreached
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.request import mailbox
from magpie.carriers.mm4.state import Counters
from magpie.kit import clock
from magpie.protocols.mm4 import (
    Address,
    Asked,
    DeliveryReportReq,
    ForwardReq,
    Message,
    MmStatus,
    RequestStatus,
    Response,
    WriteError,
    answer,
    answer_address,
    asked,
    to_address,
    write,
)

log = structlog.get_logger(__name__)

_MOST_WAITING: Final = 10_000
_FIRST, _LONGEST = 0.5, 30.0
_AT_ONCE: Final = 2


class _Owed(msgspec.Struct, frozen=True):
    to: str
    message: Message


class Answers:
    """One that is lost is asked for again: the peer repeats its request, and gets it then."""

    def __init__(self, options: LinkOptions, connections: Connections, counters: Counters) -> None:
        self._options = options
        self._connections = connections
        self._counters = counters
        self._queue: asyncio.Queue[_Owed] = asyncio.Queue(_MOST_WAITING)
        self._workers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._workers = [asyncio.create_task(self._work()) for _ in range(_AT_ONCE)]

    async def stop(self) -> None:
        """Send what can be sent in time."""
        try:
            async with asyncio.timeout(self._options.drain):
                await self._queue.join()
        except TimeoutError:
            self._counters.unanswered += self._queue.qsize()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def post(self, to: Address | None, message: Message | None) -> None:
        if to is None or message is None:
            return
        try:
            self._queue.put_nowait(_Owed(mailbox(to, self._options.domain), message))
        except (WriteError, asyncio.QueueFull) as error:
            self._given_up(str(error) or "too many answers wait")

    def answer(
        self, request: Asked, sender: str, status: str = RequestStatus.OK, text: str = ""
    ) -> None:
        """If it asks for one; `sender` is the envelope's."""
        to = answer_address(request, sender)
        system = self._options.system_address
        made = answer(
            request,
            status,
            text,
            to=to,
            sender=system,
            date=clock.now(),
            mail_id=self._mail_id(clock.uuid7().hex),
        )
        self.post(to, made)

    def report(self, request: ForwardReq, sender: str, numbers: Sequence[str]) -> None:
        """For the platform a message that it has stored is a message that was fetched."""
        assert request.from_ is not None
        system = self._options.system_address
        for number in numbers:
            id_ = clock.uuid7().hex
            report = DeliveryReportReq(
                transaction_id=id_,
                mail_id=self._mail_id(id_),
                message_id=request.message_id,
                version=request.version,
                from_=to_address(number, self._options.addresses, self._options.own_domain),
                to=(request.from_,),
                date=clock.now(),
                mm_status=MmStatus.RETRIEVED,
                sender=system,
                originator_system=system,
            )
            self.post(answer_address(asked(request), sender), report)

    def _mail_id(self, unique: str) -> str:
        """A mail without one is no mail for some (RFC 5322 clause 3.6.4)."""
        return f"{unique}@{self._options.own_domain}"

    async def _work(self) -> None:
        while True:
            owed = await self._queue.get()
            try:
                await self._send(owed)
            except Exception:
                log.exception("mm4.answer_failed", carrier=self._options.name)
            finally:
                self._queue.task_done()

    async def _send(self, owed: _Owed) -> None:
        try:
            mail = write(owed.message)
        except WriteError as error:
            self._given_up(str(error))
            return
        # Nobody answers an answer, so that none goes round in a circle.
        answers = isinstance(owed.message, Response)
        sender = "" if answers else self._options.system_address.value
        why = ""
        for tries in range(self._options.answer_tries):
            if tries:
                await clock.sleep(_pause(tries))
            try:
                reply = await self._connections.send(sender, owed.to, mail)
            except (Unreached, Lost) as error:
                why = str(error)
                continue
            if reply.code // 100 == 2:  # noqa: PLR2004
                self._counters.answered += 1
                return
            why = f"{reply.command}: {reply.code} {reply.text}"
            if reply.code // 100 == 5:  # noqa: PLR2004
                break
        self._given_up(why)

    def _given_up(self, why: str) -> None:
        self._counters.unanswered += 1
        log.warning("mm4.unanswered", carrier=self._options.name, why=why)


def _pause(tries: int) -> float:
    return min(_LONGEST, _FIRST * 2.0**tries) * (1 + clock.chance().random() / 4)
