"""The way to the MMSC: HTTP with one message in each request (OMA-TS-MMS_CTR)."""

from typing import Final

import structlog

from magpie.carriers.mm1.options import LinkOptions
from magpie.carriers.mm1.outcome import of_http, outcome_of
from magpie.carriers.mm1.trace import kept
from magpie.carriers.mms import Outage, Slots
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.turns import Turns
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Outcome, Unknown
from magpie.kit.egress import BEFORE_SENDING, Egress, EgressError, Limits, Policy, Reply
from magpie.protocols import mm1

log = structlog.get_logger(__name__)

_MOST_ANSWER: Final = 64 * 1024
_AGENT: Final = "Magpie-MM1"
_HEADERS: Final = {"Accept": f"{mm1.MEDIA_TYPE}, */*", "User-Agent": _AGENT}


class Unfetched(Exception):  # noqa: N818 - what the centre said
    """The message of a notification cannot be had now."""


class Link:
    """To be started within a running loop."""

    def __init__(
        self, options: LinkOptions, policy: Policy, counters: Counters, trace: Trace[mm1.Pdu]
    ) -> None:
        self.options = options
        self._counters = counters
        self._trace = trace
        self.slots = Slots(options.window, options.rate)
        self.outage = Outage()
        self._turns = Turns(options.name, self.slots, self.outage, counters)
        self._policy = policy
        self._egress: Egress | None = None

    def start(self) -> None:
        self._turns.open()
        self._egress = Egress(self._policy, connections=self.options.window)

    async def stop(self) -> None:
        await self._turns.close(self.options.drain)
        egress, self._egress = self._egress, None
        if egress is not None:
            await egress.close()

    async def send(self, request: mm1.SendReq) -> Outcome:
        octets = mm1.encode(request)
        return await self._turns.take(lambda: self._submit(octets, request))

    async def _submit(self, octets: bytes, request: mm1.SendReq) -> Outcome:
        self._trace.sent(kept(request))
        try:
            reply = await self._ask("POST", self.options.url, octets, _MOST_ANSWER)
        except EgressError as error:
            if error.failure in BEFORE_SENDING:
                self._counters.unreached += 1
                return self.outage.began(str(error))
            return Unknown(str(error))
        if refused := of_http(reply.status):
            return refused
        return self._read(reply.body, request.transaction_id)

    def _read(self, octets: bytes, transaction_id: str) -> Outcome:
        try:
            answer = mm1.decode(octets)
        except mm1.DecodeError as error:
            log.info("mm1.odd_answer", carrier=self.options.name, why=str(error))
            self._counters.odd += 1
            return Unknown(f"the answer cannot be read: {error}")
        self._trace.received(kept(answer))
        self.outage.over()
        if not isinstance(answer, mm1.SendConf):
            return Unknown(f"the centre answered {type(answer).__name__}")
        if answer.transaction_id != transaction_id:
            return Unknown("the centre answered another transaction")
        return outcome_of(answer, transaction_id)

    async def fetch(self, location: str) -> mm1.RetrieveConf:
        """What a notification tells of. Raise Unfetched."""
        if self._egress is None:
            raise Unfetched("the link is not at work")
        try:
            reply = await self._ask("GET", location, None, self.options.most_bytes)
            answer = mm1.decode(reply.body)
        except (EgressError, mm1.DecodeError) as error:
            raise Unfetched(str(error)) from error
        self._trace.received(kept(answer))
        if not isinstance(answer, mm1.RetrieveConf):
            raise Unfetched(f"the centre answered {type(answer).__name__}")
        status = answer.retrieve_status
        if status is not None and not mm1.is_ok(status):
            raise Unfetched(f"0x{status:02X} {answer.retrieve_text}".rstrip())
        return answer

    async def acknowledge(self, pdu: mm1.AcknowledgeInd | mm1.NotifyRespInd) -> None:
        """The centre that misses it tells of the message again: that does no harm."""
        if self._egress is None:
            return
        self._trace.sent(pdu)
        try:
            await self._ask("POST", self.options.url, mm1.encode(pdu), _MOST_ANSWER)
        except EgressError as error:
            log.info("mm1.not_acknowledged", carrier=self.options.name, why=str(error))

    async def _ask(self, method: str, url: str, body: bytes | None, most: int) -> Reply:
        egress, options = self._egress, self.options
        assert egress is not None
        kind = {} if body is None else {"Content-Type": mm1.MEDIA_TYPE}
        return await egress.request(
            method,
            url,
            headers={**_HEADERS, **options.headers, **kind},
            body=body,
            limits=Limits.within(options.connect_timeout, options.timeout, most),
            repeatable=method == "GET" or options.dedupes,
        )
