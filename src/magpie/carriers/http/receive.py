"""What the provider posts to us: answered when it is committed and not before."""

import asyncio

import structlog

from magpie.carriers.door import Answer, Knock
from magpie.carriers.http.dialect import Came, Told, Unread
from magpie.carriers.http.link import Link, Unfetched
from magpie.carriers.http.trace import Said, said
from magpie.carriers.mms.state import Counters
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Inbound, InboundMedia, Receipt, Traffic
from magpie.kit import clock

log = structlog.get_logger(__name__)

_LATER = Answer(status=503, headers={"Retry-After": "5"}, body=b"Not now.\n")
_STRANGER = Answer(status=403, body=b"This call is not signed as it should be.\n")


class Receiver:
    def __init__(self, link: Link, counters: Counters, trace: Trace[Said]) -> None:
        self._link = link
        self._options = link.options
        self._counters = counters
        self._trace = trace
        self._traffic: Traffic | None = None

    def hand_to(self, traffic: Traffic | None) -> None:
        self._traffic = traffic

    async def answer(self, knock: Knock) -> Answer:
        dialect = self._options.dialect
        if not dialect.allows(knock, clock.now().timestamp()):
            self._counters.strangers += 1
            return _STRANGER
        try:
            events = dialect.read(knock)
        except Unread as error:
            self._counters.odd += 1
            log.info("http.odd_callback", carrier=self._options.name, why=str(error))
            return Answer(status=400, body=f"{error}\n".encode())
        self._trace.received(said(_names(events), _keys(events), "", knock.body))
        if self._traffic is None or not await self._committed(self._traffic, events):
            return _LATER
        return dialect.taken

    async def _committed(self, traffic: Traffic, events: list[Told | Came]) -> bool:
        try:
            async with asyncio.timeout(self._options.commit_timeout):
                for event in events:
                    await self._commit(traffic, event)
        except Exception:
            self._counters.turned_away += 1
            log.exception("http.not_committed", carrier=self._options.name)
            return False
        return True

    async def _commit(self, traffic: Traffic, event: Told | Came) -> None:
        if isinstance(event, Told):
            await traffic.receipt(self._receipt(event))
            self._counters.receipts += 1
        else:
            await traffic.inbound(await self._inbound(event))
            self._counters.inbound += 1

    def _receipt(self, told: Told) -> Receipt:
        return Receipt(
            carrier=self._options.name,
            carrier_id=told.carrier_id,
            state=told.state,
            code=told.code,
            detail=told.detail,
        )

    async def _inbound(self, came: Came) -> Inbound:
        return Inbound(
            carrier=self._options.name,
            key=came.key,
            from_=came.from_,
            to=came.to,
            body=came.body,
            kind=came.kind,
            media=tuple(await asyncio.gather(*(self._fetched(url) for url in came.media))),
        )

    async def _fetched(self, url: str) -> InboundMedia:
        """Tried again here, since not every provider calls again. Raise Unfetched."""
        for tries in range(1, self._options.fetch_tries):
            try:
                return await self._link.fetch(url)
            except Unfetched as error:
                log.info("http.not_fetched", carrier=self._options.name, why=str(error))
                await clock.sleep(tries * self._options.fetch_again_after)
        return await self._link.fetch(url)


def _names(events: list[Told | Came]) -> str:
    return " ".join("inbound" if isinstance(one, Came) else str(one.state) for one in events)


def _keys(events: list[Told | Came]) -> str:
    return " ".join(one.key if isinstance(one, Came) else one.carrier_id for one in events)
