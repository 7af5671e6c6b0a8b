"""The way to the relay: one HTTP POST for each request, on connections that are kept."""

import ssl
from base64 import b64encode
from typing import Final

import structlog

from magpie.carriers.mm7.options import LinkOptions
from magpie.carriers.mm7.outcome import of_http, outcome_of
from magpie.carriers.mm7.trace import Said, said
from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import Slots
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.turns import Turns
from magpie.carriers.tls import client_context
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Deferred, Outcome, Rejected, Unknown
from magpie.kit.egress import BEFORE_SENDING, Egress, EgressError, Limits, Policy, Reply
from magpie.protocols import mime
from magpie.protocols.mm7 import (
    Framed,
    ReadError,
    Request,
    WriteError,
    read_message,
    write_message,
)

log = structlog.get_logger(__name__)

_UNKNOWN_ERROR: Final = 30008
_MOST_ANSWER: Final = 256 * 1024
_LOCKED_OUT: Final = frozenset({401, 403, 407})


class Link:
    """To be started within a running loop."""

    def __init__(
        self, options: LinkOptions, policy: Policy, counters: Counters, trace: Trace[Said]
    ) -> None:
        self.options = options
        self._trace = trace
        self.slots = Slots(
            options.window, options.rate, patience=options.patience, backlog=options.backlog
        )
        self.outage = Outage(*options.outage)
        self._turns = Turns(options.name, self.slots, self.outage, counters)
        self._counters = counters
        self._policy = policy
        self._tls = _context(options)
        self._headers = dict(options.headers) | _authorization(options)
        self._limits = Limits.within(options.connect_timeout, options.timeout, _MOST_ANSWER)
        self._egress: Egress | None = None

    def start(self) -> None:
        self._turns.open()
        self._egress = Egress(self._policy, tls=self._tls, connections=self.options.window)

    async def stop(self) -> None:
        """Ask nothing any more, wait for answers, close."""
        await self._turns.close(self.options.drain)
        egress, self._egress = self._egress, None
        if egress is not None:
            await egress.close()

    async def ask(
        self, request: Request, transaction_id: str, content: mime.Part | None = None
    ) -> Outcome:
        """Accepted has the id that the relay gave, if any."""
        try:
            framed = write_message(request, transaction_id, self.options.dialect, content)
        except WriteError as error:
            return Rejected(_UNKNOWN_ERROR, str(error))
        return await self._turns.take(lambda: self._exchange(request, framed, transaction_id))

    async def _exchange(self, request: Request, framed: Framed, transaction_id: str) -> Outcome:
        assert self._egress is not None
        body = b"".join(framed.chunks)
        self._trace.sent(said(request, transaction_id, body))
        try:
            reply = await self._egress.request(
                "POST",
                self.options.url,
                headers={**self._headers, **dict(framed.headers)},
                body=body,
                limits=self._limits,
                repeatable=self.options.dedupes,
            )
        except EgressError as error:
            return self._failed(error)
        return self._answered(reply, transaction_id)

    def _failed(self, error: EgressError) -> Outcome:
        if error.failure not in BEFORE_SENDING:
            return Unknown(str(error))
        self._counters.unreached += 1
        return self._down(str(error))

    def _down(self, why: str) -> Deferred:
        deferred = self.outage.began(why)
        log.warning("mm7.down", carrier=self.options.name, why=why, again_in=deferred.after)
        return deferred

    def _answered(self, reply: Reply, transaction_id: str) -> Outcome:
        try:
            message = read_message(reply.headers.get("Content-Type", ""), reply.body)
        except ReadError as error:
            return self._unread(reply, error, transaction_id)
        self._trace.received(said(message.operation, message.transaction_id, reply.body))
        self.outage.over()
        if message.transaction_id and message.transaction_id != transaction_id:
            return Unknown("the relay answered another transaction")
        return outcome_of(message.operation, transaction_id, self.options)

    def _unread(self, reply: Reply, error: ReadError, transaction_id: str) -> Outcome:
        self._counters.odd += 1
        what, why = f"HTTP {reply.status}", str(error)
        self._trace.received(Said(what, transaction_id, why, b"", len(reply.body)))
        log.info("mm7.odd_answer", carrier=self.options.name, status=reply.status, why=why)
        if reply.status in _LOCKED_OUT:
            return self._down(f"HTTP {reply.status}: the relay does not let us in")
        return of_http(reply.status, reply.headers.get("Retry-After", ""))


def _authorization(options: LinkOptions) -> dict[str, str]:
    if not options.username:
        return {}
    pair = f"{options.username}:{options.password}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def _context(options: LinkOptions) -> ssl.SSLContext | None:
    tls = options.tls
    return client_context(options.name, tls) if tls.ca or tls.cert else None
