"""A link to a network that speaks SMPP, as dispatch sees it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.smpp.link import Link
from magpie.carriers.smpp.options import LinkOptions
from magpie.carriers.smpp.outcome import blocker, is_throttle
from magpie.carriers.smpp.progress import Progress
from magpie.carriers.smpp.receive import Receiver
from magpie.carriers.smpp.request import Answered, Reply, Request
from magpie.carriers.smpp.state import Counters, LinkState
from magpie.carriers.trace import Traced
from magpie.carriers.traffic import (
    Accepted,
    Deferred,
    Kind,
    Outcome,
    Rejected,
    Submission,
    Traffic,
)
from magpie.kit import clock
from magpie.protocols import gsm
from magpie.protocols.smpp import (
    Status,
    SubmitSm,
    SubmitSmResp,
    Tag,
    absolute,
    build_submits,
    relative,
    to_address,
)
from magpie.protocols.smpp.pdu import Pdu

# Octets of a part under a header, for what the message centre cuts (smpp.md section 5).
_SEPTETS: Final = 153
_OCTETS: Final = 134
# Of a relative time.
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=31)
_NO_MMS: Final = 30011
_TOO_LONG: Final = 30019
_UNKNOWN_ERROR: Final = 30008


class SmppCarrier:
    """A long text that a throttle or a lost answer has cut in two is continued, not begun again.

    Parts that were taken over are remembered by the message's key (see `progress`); a part that
    is throttled after others were taken over is tried again here until the deadline.
    """

    def __init__(self, options: LinkOptions) -> None:
        self.options = options
        self._capabilities = Capabilities(
            kinds=frozenset({Kind.SMS}),
            deduplicates=options.dedupes,
            on_unknown=options.on_unknown,
        )
        self._counters = Counters()
        self._progress = Progress()
        self._receiver = Receiver(options, self._counters)
        self._link = Link(options, self._receiver, self._late, self._counters)

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def start(self, traffic: Traffic) -> None:
        """Returns at once; the link comes up, and up again, by itself."""
        self._receiver.hand_to(traffic)
        self._link.start()

    async def stop(self) -> None:
        await self._link.stop()

    def release(self, why: str) -> None:
        """What has not left goes back to dispatch, for another link or for later."""
        self._link.outbox.release(why)

    def state(self) -> LinkState:
        return self._link.state()

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._link.trace.show(after=after, personal=personal)

    async def reach(self, to: str) -> Reach:  # noqa: ARG002 - the same for all numbers
        return Reach(mms=False, network=self.name)

    async def ready(self) -> None:
        await self._link.outbox.ready()

    async def submit(self, submission: Submission) -> Outcome:
        if submission.kind is not Kind.SMS:
            return Rejected(_NO_MMS, "this link carries text only")
        try:
            pdus = self._build(submission)
        except gsm.TooManyPartsError as error:
            return Rejected(_TOO_LONG, str(error))
        except ValueError as error:
            return Rejected(_UNKNOWN_ERROR, str(error))
        return await self._send(submission, pdus)

    def _build(self, submission: Submission) -> list[SubmitSm]:
        """The references are the message's own, so they are the same in every attempt."""
        options = self.options
        pdus = build_submits(
            submission.from_,
            submission.to,
            submission.body,
            options=options.text,
            # The end of a UUIDv7 is random.
            reference=submission.message_id.int & 0xFFFF,
            unique=submission.key,
            validity_period=self._validity(submission),
        )
        if options.destinations != options.text.addresses:
            to = to_address(submission.to, options.destinations)
            pdus = [msgspec.structs.replace(pdu, destination=to) for pdu in pdus]
        return pdus

    def _validity(self, submission: Submission) -> str:
        """How long the message centre may keep it; what it does by itself where nothing is said."""
        until, form = submission.expires_at, self.options.validity
        if until is None or form == "none":
            return ""
        if form == "absolute":
            return absolute(until)
        return relative(min(max(until - clock.now(), _SHORTEST), _LONGEST))

    async def _send(self, submission: Submission, pdus: list[SubmitSm]) -> Outcome:
        key = submission.key
        deadline = self._deadline(submission)
        replies: dict[int, Reply] = {}
        taken = dict(self._progress.of(key))
        wanted = [index for index in range(len(pdus)) if index not in taken]
        again = False
        while wanted:
            await self._exchange(
                [
                    Request(pdus[i], key, i, deadline=deadline, segments=_segments(pdus[i]))
                    for i in wanted
                ],
                replies,
                first=again,
            )
            taken |= self._taken(key, replies)
            wanted = self._throttled(replies) if taken else []
            again = True
        # An answer may have come late, for another part.
        taken |= self._progress.of(key)
        return self._settle(submission, len(pdus), replies, taken)

    async def _exchange(
        self, requests: list[Request], replies: dict[int, Reply], *, first: bool
    ) -> None:
        outbox = self._link.outbox
        for request in reversed(requests) if first else requests:
            outbox.put(request, first=first)
        try:
            for request in requests:
                replies[request.index] = await request.answer
        finally:
            # Whoever has given up must not find his text sent later on.
            for request in requests:
                request.answer.cancel()

    def _taken(self, key: str, replies: Mapping[int, Reply]) -> dict[int, str]:
        """Some carriers give no id; an empty one would match the receipts of others."""
        return {
            index: self.options.response_id(reply.message_id) or f"unnamed-{key}-{index + 1}"
            for index, reply in replies.items()
            if isinstance(reply, Answered) and reply.status == Status.ROK
        }

    def _throttled(self, replies: Mapping[int, Reply]) -> list[int]:
        """The parts to try again at once; none if the text will not arrive whole anyhow."""
        left = {i: r for i, r in replies.items() if not _is_taken(r)}
        throttled = [i for i, reply in left.items() if is_throttle(reply, self.options)]
        return throttled if len(throttled) == len(left) else []

    def _settle(
        self,
        submission: Submission,
        parts: int,
        replies: dict[int, Reply],
        taken: Mapping[int, str],
    ) -> Outcome:
        pause = max(0.0, self._link.outbox.pace.resumes - clock.monotonic())
        left = {index: reply for index, reply in replies.items() if index not in taken}
        outcome = blocker(left, self.options, parts=parts, attempt=submission.attempt, pause=pause)
        if outcome is None or isinstance(outcome, Rejected):
            self._progress.forget(submission.key)
        else:
            for index, message_id in taken.items():
                self._progress.add(submission.key, index, message_id)
        if outcome is None:
            return Accepted(tuple(taken[index] for index in range(parts)))
        return _half_taken(outcome) if taken else outcome

    def _deadline(self, submission: Submission) -> float:
        patience = self.options.patience
        if submission.expires_at is not None:
            left = (submission.expires_at - clock.now()).total_seconds()
            patience = min(patience, left)
        return clock.monotonic() + patience

    def _late(self, request: Request, response: Pdu) -> None:
        """Nobody waits any more, but should there be another attempt, it need not send this."""
        if isinstance(response, SubmitSmResp) and response.status == Status.ROK:
            self._progress.add(
                request.key, request.index, self.options.response_id(response.message_id)
            )


def _half_taken(outcome: Outcome) -> Outcome:
    """No other carrier could put the text together any more."""
    match outcome:
        case Deferred():
            return msgspec.structs.replace(outcome, partial=True)
        case Rejected():
            return msgspec.structs.replace(outcome, elsewhere=False)
        case _:
            return outcome


def _is_taken(reply: Reply) -> bool:
    return isinstance(reply, Answered) and reply.status == Status.ROK


def _segments(pdu: SubmitSm) -> int:
    payload = pdu.tlv(Tag.MESSAGE_PAYLOAD)
    if payload is None:
        return 1
    return -(-len(payload) // (_OCTETS if pdu.data_coding else _SEPTETS))
