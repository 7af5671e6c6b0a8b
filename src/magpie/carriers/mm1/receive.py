"""What the MMSC pushes to us: notifications and reports, as to any handset."""

import asyncio
from hashlib import sha256

import structlog

from magpie.carriers.door import Answer, Knock
from magpie.carriers.mm1.forms import arrived_of, fate
from magpie.carriers.mm1.link import Link, Unfetched
from magpie.carriers.mm1.trace import kept
from magpie.carriers.mms import Callers
from magpie.carriers.mms.state import Counters
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import Inbound, Kind, Receipt, Traffic
from magpie.protocols import mm1

log = structlog.get_logger(__name__)

_LATER = Answer(status=503, headers={"Retry-After": "5"}, body=b"Not now.\n")
_TAKEN = Answer(status=204)


class Receiver:
    def __init__(self, link: Link, counters: Counters, trace: Trace[mm1.Pdu]) -> None:
        self._link = link
        self._counters = counters
        self._trace = trace
        self._options = link.options
        self._callers = Callers(link.options.peers)
        self._traffic: Traffic | None = None

    def hand_to(self, traffic: Traffic | None) -> None:
        self._traffic = traffic

    async def answer(self, knock: Knock) -> Answer:
        """A push as such, or the message that it carries."""
        if refused := self._callers.refusal(knock):
            self._counters.strangers += 1
            return refused
        if knock.method != "POST":
            return Answer(status=405, headers={"Allow": "POST"})
        try:
            pdu = _pushed(knock.body)
        except mm1.DecodeError as error:
            self._counters.odd += 1
            log.info("mm1.odd_push", carrier=self._options.name, why=str(error))
            return Answer(status=400, body=f"{error}\n".encode())
        self._trace.received(kept(pdu))
        match pdu:
            case mm1.NotificationInd():
                return await self._notified(pdu)
            case mm1.DeliveryInd() | mm1.ReadOrigInd():
                return await self._committed(self._receipt(pdu))
            case _:
                return Answer(status=400, body=b"This is nothing for a handset.\n")

    async def _notified(self, notification: mm1.NotificationInd) -> Answer:
        """Fetched at once, acknowledged after the commit."""
        try:
            message = await self._link.fetch(notification.content_location)
        except Unfetched as error:
            log.warning("mm1.not_fetched", carrier=self._options.name, why=str(error))
            return _LATER
        answer = await self._committed(self._inbound(notification, message))
        if answer is _TAKEN:
            await self._link.acknowledge(_acknowledgement(notification, message))
        return answer

    async def _committed(self, what: Inbound | Receipt) -> Answer:
        traffic = self._traffic
        if traffic is None:
            return _LATER
        try:
            async with asyncio.timeout(self._options.commit_timeout):
                if isinstance(what, Inbound):
                    await traffic.inbound(what)
                    self._counters.inbound += 1
                else:
                    await traffic.receipt(what)
                    self._counters.receipts += 1
        except Exception:
            self._counters.turned_away += 1
            log.exception("mm1.not_committed", carrier=self._options.name)
            return _LATER
        return _TAKEN

    def _inbound(self, notification: mm1.NotificationInd, message: mm1.RetrieveConf) -> Inbound:
        body, media, _ = arrived_of(message.content)
        to = self._options.number or next((mm1.bare(one) for one in message.to), "")
        return Inbound(
            carrier=self._options.name,
            key=_key(notification, message),
            from_=mm1.bare(message.from_ or notification.from_ or ""),
            to=to,
            body=body if body or media else message.subject,
            kind=Kind.MMS,
            media=media,
        )

    def _receipt(self, report: mm1.DeliveryInd | mm1.ReadOrigInd) -> Receipt:
        state, code = fate(report)
        return Receipt(
            carrier=self._options.name,
            carrier_id=report.message_id.strip('"'),
            state=state,
            code=code,
            detail=getattr(report, "status_text", ""),
        )


def _pushed(octets: bytes) -> mm1.Pdu:
    """Raise DecodeError."""
    if octets[:1] == b"\x8c":
        return mm1.decode(octets)
    push = mm1.push.unwrap(octets)
    return mm1.decode(push.body)


def _acknowledgement(
    notification: mm1.NotificationInd, message: mm1.RetrieveConf
) -> mm1.AcknowledgeInd | mm1.NotifyRespInd:
    """A message with a transaction of its own asks for an acknowledgement of that."""
    if message.transaction_id:
        return mm1.AcknowledgeInd(transaction_id=message.transaction_id, report_allowed=True)
    return mm1.NotifyRespInd(
        transaction_id=notification.transaction_id,
        status=mm1.Status.RETRIEVED,
        report_allowed=True,
    )


def _key(notification: mm1.NotificationInd, message: mm1.RetrieveConf) -> str:
    """The centre's name of the message; without one, where it lies and what is in it."""
    if message.message_id:
        return message.message_id
    digest = sha256(notification.content_location.encode())
    for part in message.content.parts if message.content else ():
        digest.update(part.data)
    return digest.hexdigest()
