"""The way to the other centre: one mail for each message, one command after the other."""

import asyncio
from typing import Final

import structlog

from magpie.carriers.mm4.connections import Connections, Lost, Unreached
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.outcome import of_answer, of_reply
from magpie.carriers.mm4.request import mailbox
from magpie.carriers.mm4.state import Counters
from magpie.carriers.mm4.trace import Said
from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import NoRoom, Slots
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Accepted, Deferred, Outcome, Rejected, Unknown
from magpie.kit import clock
from magpie.protocols.mm4 import ForwardReq, ForwardRes, WriteError, write

log = structlog.get_logger(__name__)

_UNKNOWN_ERROR: Final = 30008
_TOO_LARGE: Final = 30019


class Link:
    """To be started within a running loop."""

    def __init__(self, options: LinkOptions, counters: Counters, trace: Trace[Said]) -> None:
        self.options = options
        self.slots = Slots(
            options.window, options.rate, patience=options.patience, backlog=options.backlog
        )
        self.outage = Outage(*options.outage)
        self.connections = Connections(options, trace)
        self._counters = counters
        self._awaited: dict[str, asyncio.Future[ForwardRes]] = {}
        self._stopping = False

    async def stop(self) -> None:
        """Send nothing any more, wait for what is on its way, close."""
        self._stopping = True
        until = clock.monotonic() + self.options.drain
        while self.slots.busy and clock.monotonic() < until:
            await clock.sleep(0.01)
        await self.connections.close()

    def answered(self, transaction_id: str, answer: ForwardRes) -> bool:
        """Whether somebody still waits for it: what it says is then the outcome."""
        waiting = self._awaited.get(transaction_id)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(answer)
        return True

    async def forward(self, request: ForwardReq) -> Outcome:
        """Accepted has the message's id. An answer that comes soon decides, if one is asked for."""
        try:
            mail = write(request, eight_bit=self.options.eight_bit)
        except WriteError as error:
            return Rejected(_UNKNOWN_ERROR, str(error))
        size, most = len(request.content.body), self.options.max_bytes
        if most is not None and size > most:
            return Rejected(_TOO_LARGE, f"{size} octets, the carrier takes {most}")
        waiting = asyncio.get_running_loop().create_future()
        self._awaited[request.transaction_id] = waiting
        try:
            async with self.slots.turn() as began:
                outcome = self._throttled(await self._exchange(request, mail), began)
            if isinstance(outcome, Accepted) and request.ack_request:
                outcome = await self._acknowledged(waiting, outcome)
        except NoRoom as error:
            return Deferred(str(error), throttled=True, after=error.after)
        finally:
            if self._awaited.get(request.transaction_id) is waiting:
                del self._awaited[request.transaction_id]
        return self._counted(outcome)

    async def _exchange(self, request: ForwardReq, mail: bytes) -> Outcome:
        if down := self.outage.now():
            return down
        if self._stopping:
            return Deferred("the link is stopping", throttled=True)
        self._counters.submitted += 1
        sender = mailbox(self.options.system_address, self.options.own_domain)
        try:
            recipient = mailbox(request.to[0], self.options.domain)
            reply = await self.connections.send(sender, recipient, mail)
        except WriteError as error:
            return Rejected(_UNKNOWN_ERROR, str(error))
        except Unreached as error:
            self._counters.unreached += 1
            return self._down(str(error))
        except Lost as error:
            return Unknown(str(error))
        self.outage.over()
        outcome = of_reply(reply, request.message_id)
        return outcome or self._down(f"{reply.command}: {reply.code} {reply.text}")

    def _down(self, why: str) -> Deferred:
        deferred = self.outage.began(why)
        log.warning("mm4.down", carrier=self.options.name, why=why, again_in=deferred.after)
        return deferred

    async def _acknowledged(self, waiting: asyncio.Future[ForwardRes], taken: Accepted) -> Outcome:
        """What comes later is a receipt: see `receive`."""
        try:
            async with asyncio.timeout(self.options.ack_wait):
                return of_answer(await waiting, taken)
        except TimeoutError:
            return taken

    def _throttled(self, outcome: Outcome, began: float) -> Outcome:
        if not isinstance(outcome, Deferred) or not outcome.throttled:
            return outcome
        if self.outage.why or self._stopping:
            return outcome
        self._counters.throttled += 1
        pause = self.slots.throttled(began)
        return Deferred(outcome.detail, throttled=True, after=outcome.after or pause)

    def _counted(self, outcome: Outcome) -> Outcome:
        match outcome:
            case Accepted():
                self._counters.accepted += 1
            case Rejected():
                self._counters.refused += 1
                log.info("mm4.refused", carrier=self.options.name, said=outcome.detail)
            case Unknown():
                self._counters.unknown += 1
            case Deferred(throttled=False):
                self._counters.refused += 1
            case Deferred():
                pass
        return outcome
