"""The network behind the loopback link: carriers take, phones get, receipts come back."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from magpie.carriers.base import Reach
from magpie.carriers.mms import unreadable
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Inbound,
    InboundMedia,
    Kind,
    MediaPart,
    Outcome,
    Receipt,
    ReceiptState,
    Submission,
    Traffic,
    Unknown,
)
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing, Blobs, BlobsUnavailable
from magpie.kit.db import (
    Connection,
    Database,
    DatabaseUnavailable,
    GroupCommit,
    Overloaded,
    after_commit,
)
from magpie.kit.queue import Done, Job, Queue
from magpie.protocols import smil
from magpie.simulator import store
from magpie.simulator.air import Air, Said
from magpie.simulator.arrivals import Bell
from magpie.simulator.directory import Directory
from magpie.simulator.model import Delivery, Handset, HandsetMessage, Owed
from magpie.simulator.profile import Fate, Fault, Profile, fate
from magpie.simulator.receipts import Hand, NobodyThere, Receipts, put_of
from magpie.simulator.verdict import NO_SUBSCRIBER, answer, ending, refusal

_UNAVAILABLE = 20503
# How long a link waits for a carrier that will not answer.
_SILENCE_SECONDS = 30.0
_BREATH_SECONDS = 0.5


# Who takes messages of a kind to a number of his, if it is one.
Claim = Callable[[str, Kind], Callable[[Inbound], Awaitable[None]] | None]


class SimulatedNetwork:
    def __init__(
        self, database: Database, queue: Queue, blobs: Blobs, directory: Directory
    ) -> None:
        self._blobs = blobs
        self._air = Air(blobs)
        self.directory = directory
        self._inboxes: dict[str, Traffic] = {}
        self._claims: list[Claim] = []
        self._receipts = Receipts(queue)
        self.bell = Bell()
        self._commit: GroupCommit[Delivery, None] = GroupCommit(database, self._write, most=256)

    def join(self, carrier: str, traffic: Traffic) -> None:
        """`traffic` gets the receipts of a carrier; the first to join gets what phones send."""
        self._inboxes[carrier] = traffic
        self.join_receipts(carrier, lambda owed: traffic.receipt(owed.receipt))

    def trace_of(self, carrier: str) -> Trace[Said]:
        return self._air.trace_of(carrier)

    def join_receipts(self, carrier: str, hand: Hand) -> None:
        self._receipts.join(carrier, hand)

    def join_inbox(self, claim: Claim) -> None:
        """`claim` is asked before the platform gets what phones send."""
        self._claims.append(claim)

    # Out to the phones

    async def find(self, number: str) -> tuple[Handset, Profile] | None:
        return await self.directory.find(number)

    async def reach(self, to: str) -> Reach:
        """Of a number that is no phone nothing is known but that it is not here."""
        found = await self.directory.find(to)
        if found is None:
            return Reach(mms=True, profile="simulator")
        profile = found[1]
        return Reach(
            mms=profile.mms,
            profile=profile.media,
            max_bytes=profile.max_bytes,
            network=profile.name,
        )

    async def keep(self, delivery: Delivery) -> None:
        """Returns after the commit."""
        await self._commit.write(delivery)

    async def submit(self, carrier: str, submission: Submission) -> Outcome:
        """Returns after the message is on the phone for good."""
        try:
            return await self._submit(carrier, submission)
        except Overloaded as error:
            return Deferred(str(error), throttled=True, after=_BREATH_SECONDS)
        except DatabaseUnavailable as error:
            return Unknown(str(error))
        except (BlobMissing, BlobsUnavailable) as error:
            return unreadable(error)

    async def _submit(self, carrier: str, submission: Submission) -> Outcome:
        found = await self.directory.find(submission.to)
        if found is None:
            owed = _owed(carrier, f"nowhere-{submission.key}", submission, NO_SUBSCRIBER)
            await self._commit.write(Delivery(owed=((owed, 0.0),)))
            return Accepted((owed.receipt.carrier_id,))
        handset, profile = found
        happens = fate(profile, submission.key, submission.to, submission.attempt)
        if happens.latency:
            await clock.sleep(happens.latency)
        if refused := refusal(profile, submission):
            return refused
        id_ = carrier_id(profile, submission)
        if happens.taken:
            code, later = ending(profile, happens, handset)
            owed = _owed(carrier, id_, submission, code)
            await self._take(profile, happens, submission, owed, later)
        if happens.fault is Fault.SILENCE:
            await clock.sleep(_SILENCE_SECONDS)
        return answer(profile, happens, Accepted((id_,)))

    async def _take(
        self, profile: Profile, happens: Fate, submission: Submission, owed: Owed, later: float
    ) -> None:
        delivered = owed.receipt.state is ReceiptState.DELIVERED
        if delivered:
            receipt = owed.receipt
            submission = await self._air.bring(receipt.carrier, submission, receipt.carrier_id)
        messages = received(profile, submission, happens.copies) if delivered else ()
        dues = tuple((owed, delay + later) for delay in happens.receipts)
        if happens.early and not later and await self._told(owed):
            dues = ()
        await self._commit.write(Delivery(messages=messages, owed=dues))

    async def _told(self, owed: Owed) -> bool:
        try:
            await self._receipts.tell(owed)
        except (NobodyThere, DatabaseUnavailable, Overloaded, TimeoutError):
            return False
        return True

    async def _write(
        self, connection: Connection, deliveries: Sequence[Delivery]
    ) -> list[Exception | None]:
        arrived = [message for one in deliveries for message in one.messages]
        if arrived:
            await store.add_messages(connection, arrived)
            numbers = {message.number for message in arrived}
            after_commit(connection, lambda: self.bell.ring(numbers))
        puts = [put_of(owed, delay) for one in deliveries for owed, delay in one.owed]
        await self._receipts.queue.put(connection, puts)
        return [None] * len(deliveries)

    async def hand_over(self, jobs: Sequence[Job], done: Done) -> None:
        """The handler of the simulator's queue: receipts that have come due."""
        await self._receipts.handle(jobs, done)

    # In from the phones

    async def send(
        self, number: str, to: str, body: str, media: Sequence[InboundMedia]
    ) -> HandsetMessage:
        """A phone sends; returns when the message is where it belongs."""
        parts = tuple([await self._part(item) for item in media])
        sent = _sent(number, to, body, parts)
        if await self.directory.find(to) is not None:
            await self._commit.write(Delivery(messages=(sent, between_phones(sent))))
            return sent
        await self._hand_in(sent, media)
        await self._commit.write(Delivery(messages=(sent,)))
        return sent

    async def _hand_in(self, sent: HandsetMessage, media: Sequence[InboundMedia]) -> None:
        inbound = Inbound(
            carrier=next(iter(self._inboxes), ""),
            key=sent.id.hex,
            from_=sent.from_,
            to=sent.to,
            body=sent.body,
            kind=Kind(sent.type),
            media=tuple(media),
        )
        hands = [hand for claim in self._claims if (hand := claim(sent.to, inbound.kind))]
        if hands:
            await hands[0](inbound)
        elif inbound.carrier:
            await self._inboxes[inbound.carrier].inbound(inbound)
        else:
            raise Refused(_UNAVAILABLE, "No platform is connected to the simulated network.")

    async def _part(self, item: InboundMedia) -> MediaPart:
        return MediaPart(
            content_type=item.content_type,
            size=len(item.content),
            digest=await self._blobs.put(item.content),
            name=item.name,
        )


def carrier_id(profile: Profile, submission: Submission) -> str:
    """A carrier that does not deduplicate knows each try by another name."""
    once = f"{profile.name}-{submission.key}"
    return once if profile.deduplicates else f"{once}-{submission.attempt}"


def received(
    profile: Profile, submission: Submission, copies: int = 1
) -> tuple[HandsetMessage, ...]:
    key = f"in:{submission.key}" if profile.deduplicates else f"in:{clock.uuid7().hex}"
    parts = [msgspec.to_builtins(part) for part in in_order(submission)]
    return tuple(
        HandsetMessage(
            number=submission.to,
            id=clock.uuid7(),
            direction="received",
            from_=submission.from_,
            to=submission.to,
            body=submission.body,
            type=submission.kind,
            parts=parts,
            key=f"{key}:{copy}" if copy else key,
            at=clock.now(),
        )
        for copy in range(copies)
    )


def in_order(submission: Submission) -> list[MediaPart]:
    """As the phone shows them: what no slide shows comes last."""
    parts = submission.media
    named = [smil.Part(part.content_type, part.name or "") for part in parts]
    return [parts[place] for place in smil.order(submission.smil, named)]


def between_phones(sent: HandsetMessage) -> HandsetMessage:
    return msgspec.structs.replace(
        sent, number=sent.to, id=clock.uuid7(), direction="received", key=f"in:{sent.id.hex}"
    )


def _sent(number: str, to: str, body: str, parts: Sequence[MediaPart]) -> HandsetMessage:
    id_ = clock.uuid7()
    return HandsetMessage(
        number=number,
        id=id_,
        direction="sent",
        from_=number,
        to=to,
        body=body,
        type=Kind.MMS if parts else Kind.SMS,
        parts=[msgspec.to_builtins(part) for part in parts],
        key=f"out:{id_.hex}",
        at=clock.now(),
    )


def _owed(carrier: str, id_: str, submission: Submission, code: int | None) -> Owed:
    now = clock.now()
    return Owed(
        receipt=Receipt(
            carrier=carrier,
            carrier_id=id_,
            state=ReceiptState.DELIVERED if code is None else ReceiptState.UNDELIVERED,
            code=code,
            done_date=f"{now:%y%m%d%H%M}",
        ),
        from_=submission.from_,
        to=submission.to,
        body=submission.body[:20],
        submitted_at=now,
    )


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
