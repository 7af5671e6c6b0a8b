"""The centre on a port: handsets of any make send to it and fetch from it by HTTP.

A handset is known by the header with its number, which networks put in (mms-protocols 3.5). What
comes for it is pushed to its address, the message as it is.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

import msgspec
import structlog
from aiohttp import web

from magpie.carriers.mm1.forms import arrived_of
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Inbound,
    Kind,
    MediaPart,
    Outcome,
    ReceiptState,
    Rejected,
    Submission,
)
from magpie.kit import clock
from magpie.kit.blobs import Blobs
from magpie.kit.egress import Egress, Limits, Policy
from magpie.protocols import mm1
from magpie.simulator.mmsc.mm1 import Mm1Centre
from magpie.simulator.mmsc.spoiled import spoiled
from magpie.simulator.model import Handset, Owed
from magpie.simulator.profile import Profile
from magpie.simulator.receipts import Hand
from magpie.simulator.verdict import GARBAGE, no_answer

log = structlog.get_logger(__name__)

Take = Callable[[Inbound], Awaitable[None]]
HEADER: Final = "X-MSISDN"
_MOST_BYTES: Final = 20 * 2**20
_PREFIX: Final = "mm1:"
_SECONDS: Final = 20.0
_GOODBYE: Final = 0.5
_R = mm1.ResponseStatus
_STATUSES: Final = {
    30005: _R.PERMANENT_ADDRESS_UNRESOLVED,
    30007: _R.PERMANENT_CONTENT_NOT_ACCEPTED,
    30011: _R.PERMANENT_CONTENT_NOT_ACCEPTED,
    30019: _R.PERMANENT_CONTENT_NOT_ACCEPTED,
    30024: _R.PERMANENT_SERVICE_DENIED,
}


class NotTaken(Exception):  # noqa: N818 - what the handset said
    """A push that was not taken; the network then tries again."""


class Subscriber(msgspec.Struct, frozen=True):
    """A handset outside: `push_url` is where what is for it is pushed."""

    number: str
    push_url: str


class Network(Protocol):
    """Where the phones are."""

    async def find(self, number: str) -> tuple[Handset, Profile] | None: ...

    async def submit(self, carrier: str, submission: Submission) -> Outcome: ...

    def join_receipts(self, carrier: str, hand: Hand) -> None: ...


class Mm1Server:
    """`garbage` answers with octets that are no message."""

    def __init__(
        self,
        subscribers: tuple[Subscriber, ...],
        network: Network,
        blobs: Blobs,
        *,
        garbage: bool = False,
    ) -> None:
        self._subscribers = {one.number: one for one in subscribers}
        self._network = network
        self._blobs = blobs
        self._garbage = garbage
        self._centre = Mm1Centre("")
        self._tries: dict[str, int] = {}
        self._runner: web.AppRunner | None = None
        self._egress: Egress | None = None

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """Give the port."""
        self._egress = Egress(Policy(allow_loopback=True), agent="magpie-mmsc")
        for number in self._subscribers:
            self._network.join_receipts(_PREFIX + number, self.hand_receipt)
        application = web.Application(client_max_size=_MOST_BYTES)
        application.router.add_get("/{name:.*}", self._fetch)
        application.router.add_post("/{path:.*}", self._post)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=_GOODBYE)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound: int = self._runner.addresses[0][1]
        self._centre = Mm1Centre(f"http://{host}:{bound}")
        return bound

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._egress is not None:
            await self._egress.close()

    # In from handsets

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        return self._say(self._centre.retrieve(request.path))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        number = request.headers.get(HEADER, "")
        if number not in self._subscribers:
            return web.Response(status=403, text="Nobody knows this handset.\n")
        octets = await request.read()
        try:
            pdu = mm1.decode(octets)
            if isinstance(pdu, mm1.SendReq):
                return await self._send(number, pdu, request)
            self._centre.answered(octets)
        except mm1.DecodeError as error:
            return web.Response(status=400, text=f"{error}\n")
        return web.Response(status=204)

    async def _send(
        self, number: str, request: mm1.SendReq, http: web.Request
    ) -> web.StreamResponse:
        everybody = (*request.to, *request.cc, *request.bcc)
        if len(everybody) != 1:
            return self._say(_confirmed(request, _R.PERMANENT_ADDRESS_UNRESOLVED))
        tried = self._tries[request.transaction_id] = self._tries.get(request.transaction_id, 0) + 1
        submission = await self._submission(number, request, mm1.bare(everybody[0]), tried)
        outcome = await self._network.submit(_PREFIX + number, submission)
        match outcome:
            case Accepted(ids=ids):
                return self._say(_confirmed(request, _R.OK, ids[0] if ids else ""))
            case Rejected(code=code):
                return self._say(_confirmed(request, _STATUSES.get(code, _R.PERMANENT_FAILURE)))
            case Deferred(throttled=True):
                return web.Response(status=503, headers={"Retry-After": "1"})
            case Deferred():
                return self._say(_confirmed(request, _R.TRANSIENT_FAILURE))
        cut = _confirmed(request, _R.OK)
        return await spoiled(http, no_answer(outcome), mm1.MEDIA_TYPE, cut)

    async def _submission(
        self, number: str, request: mm1.SendReq, to: str, attempt: int
    ) -> Submission:
        body, media, slides = arrived_of(request.content)
        name = f"{number}/{request.transaction_id}"
        parts = [
            MediaPart(
                content_type=one.content_type,
                size=len(one.content),
                digest=await self._blobs.put(one.content),
                name=one.name,
            )
            for one in media
        ]
        return Submission(
            account_sid="",
            message_id=UUID(bytes=sha256(name.encode()).digest()[:16]),
            attempt=attempt,
            kind=Kind.MMS,
            from_=number,
            to=to,
            body=body,
            media=tuple(parts),
            smil=slides,
        )

    def _say(self, octets: bytes) -> web.Response:
        body = GARBAGE if self._garbage else octets
        return web.Response(body=body, content_type=mm1.MEDIA_TYPE)

    # Out to handsets

    def claim(self, number: str, kind: Kind) -> Take | None:
        """For a network's `join_inbox`: pictures for handsets outside."""
        subscriber = self._subscribers.get(number)
        if kind is not Kind.MMS or subscriber is None:
            return None
        return lambda inbound: self._deliver(subscriber, inbound)

    async def _deliver(self, subscriber: Subscriber, inbound: Inbound) -> None:
        submission = Submission(
            account_sid="",
            message_id=UUID(bytes=sha256(inbound.key.encode()).digest()[:16]),
            attempt=1,
            kind=Kind.MMS,
            from_=inbound.from_,
            to=inbound.to,
            body=inbound.body,
        )
        told = self._centre.hold(submission, list(inbound.media), inbound.key)
        await self._push(subscriber, mm1.encode(told))

    async def hand_receipt(self, owed: Owed) -> None:
        receipt = owed.receipt
        delivered = receipt.state is ReceiptState.DELIVERED
        report = mm1.DeliveryInd(
            message_id=receipt.carrier_id,
            to=(mm1.typed(owed.to),),
            date=int(clock.now().timestamp()),
            status=mm1.Status.RETRIEVED if delivered else mm1.Status.EXPIRED,
        )
        subscriber = self._subscribers[receipt.carrier.removeprefix(_PREFIX)]
        await self._push(subscriber, mm1.encode(report))

    async def _push(self, subscriber: Subscriber, octets: bytes) -> None:
        """As OTA-HTTP has it: what else stands in the header of a push stands in that of HTTP."""
        assert self._egress is not None
        reply = await self._egress.request(
            "POST",
            subscriber.push_url,
            headers={
                "Content-Type": mm1.MEDIA_TYPE,
                "X-Wap-Application-Id": "x-wap-application:mms.ua",
            },
            body=octets,
            limits=Limits(5.0, _SECONDS, _SECONDS),
            repeatable=True,
        )
        if reply.status not in range(200, 300):
            raise NotTaken(f"{subscriber.number} answered HTTP {reply.status}")


def _confirmed(request: mm1.SendReq, status: int, message_id: str = "") -> bytes:
    answer = mm1.SendConf(
        transaction_id=request.transaction_id, response_status=status, message_id=message_id
    )
    return mm1.encode(answer)
