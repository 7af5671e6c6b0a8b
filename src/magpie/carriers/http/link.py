"""The way to the provider: a POST for each message, a GET for each picture that came."""

from collections.abc import Mapping
from typing import Final

import structlog
from yarl import URL

from magpie.carriers.http.dialect import Call, LockedOut
from magpie.carriers.http.options import LinkOptions
from magpie.carriers.http.trace import Said, said
from magpie.carriers.mms import Outage, Slots
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.turns import Turns
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Deferred, InboundMedia, Outcome, Unknown
from magpie.kit.egress import BEFORE_SENDING, Egress, EgressError, Limits, Policy, Reply

log = structlog.get_logger(__name__)

AGAIN_AFTER: Final = 5.0
_THROTTLED, _SERVER_ERROR, _UNAVAILABLE, _OK = 429, 500, 503, 200
_MOST_ANSWER: Final = 256 * 1024
_REDIRECTS: Final = 5


class Unfetched(Exception):  # noqa: N818 - what the provider said
    """A picture that came with a message cannot be had now."""


class Link:
    """To be started within a running loop."""

    def __init__(
        self, options: LinkOptions, policy: Policy, counters: Counters, trace: Trace[Said]
    ) -> None:
        self.options = options
        self.slots = Slots(options.window, options.rate)
        self.outage = Outage()
        self._turns = Turns(options.name, self.slots, self.outage, counters)
        self._counters = counters
        self._trace = trace
        self._policy = policy
        self._origin = URL(options.url).origin()
        self._egress: Egress | None = None

    def start(self) -> None:
        self._turns.open()
        self._egress = Egress(self._policy, connections=2 * self.options.window)

    async def stop(self) -> None:
        await self._turns.close(self.options.drain)
        egress, self._egress = self._egress, None
        if egress is not None:
            await egress.close()

    async def send(self, call: Call, key: str, units: int) -> Outcome:
        return await self._turns.take(lambda: self._send(call, key), units)

    async def _send(self, call: Call, key: str) -> Outcome:
        self._trace.sent(said("submit", key, "", call.body))
        headers = {**call.headers, **self.options.dialect.headers}
        if self.options.dedupes:
            headers["Idempotency-Key"] = key
        try:
            reply = await self._ask("POST", call.url, headers, call.body, _MOST_ANSWER)
        except EgressError as error:
            return self._unanswered(error)
        self._trace.received(said("answer", key, str(reply.status), reply.body))
        outcome = self._outcome(reply)
        if isinstance(outcome, LockedOut):
            return self._down(outcome.detail)
        self.outage.over()
        return outcome

    def _unanswered(self, error: EgressError) -> Outcome:
        if error.failure not in BEFORE_SENDING:
            return Unknown(str(error))
        self._counters.unreached += 1
        return self._down(str(error))

    def _outcome(self, reply: Reply) -> Outcome | LockedOut:
        if reply.status >= _SERVER_ERROR:
            return self._failed(reply.status)
        if reply.status == _THROTTLED:
            return Deferred(f"HTTP {reply.status}", throttled=True, after=_after(reply))
        return self.options.dialect.outcome(reply.status, reply.body)

    def _failed(self, status: int) -> Outcome:
        detail = f"HTTP {status}"
        if status == _UNAVAILABLE or self.options.dialect.all_or_nothing:
            return Deferred(detail, after=AGAIN_AFTER)
        return Unknown(f"{detail} without an answer that can be read")

    def _down(self, why: str) -> Deferred:
        deferred = self.outage.began(why)
        log.warning("http.down", carrier=self.options.name, why=why, again_in=deferred.after)
        return deferred

    async def fetch(self, url: str) -> InboundMedia:
        """Our credentials go to the provider's own address alone. Raise Unfetched."""
        if self._egress is None:
            raise Unfetched("the link is not at work")
        try:
            ours = URL(url).origin() == self._origin
            headers = self.options.dialect.headers if ours else {}
            most = self.options.most_bytes
            reply = await self._ask("GET", url, headers, None, most, redirects=_REDIRECTS)
        except (EgressError, ValueError) as error:
            raise Unfetched(str(error)) from error
        if reply.status != _OK:
            raise Unfetched(f"HTTP {reply.status}")
        kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        name = URL(url).name if "." in URL(url).name else None
        return InboundMedia(
            content_type=kind or "application/octet-stream", content=reply.body, name=name
        )

    async def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        most: int,
        redirects: int = 0,
    ) -> Reply:
        options = self.options
        assert self._egress is not None
        return await self._egress.request(
            method,
            url,
            headers=headers,
            body=body,
            redirects=redirects,
            limits=Limits.within(options.connect_timeout, options.timeout, most),
            repeatable=method == "GET" or options.dedupes,
        )


def _after(reply: Reply) -> float | None:
    told = reply.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) <= 3 else None  # noqa: PLR2004 - minutes, not days
