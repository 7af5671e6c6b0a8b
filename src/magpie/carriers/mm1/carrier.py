"""A link to an MMSC as a handset has it, as dispatch sees it: for a SIM, a modem, a test line."""

from typing import Final

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.door import Answer, Knock
from magpie.carriers.mm1.forms import content_of, send_req
from magpie.carriers.mm1.link import Link
from magpie.carriers.mm1.options import LinkOptions
from magpie.carriers.mm1.receive import Receiver
from magpie.carriers.mm1.trace import trace
from magpie.carriers.mms import Contents, unreadable
from magpie.carriers.mms.state import Counters, LinkState, state_of
from magpie.carriers.trace import Traced
from magpie.carriers.traffic import Kind, Outcome, Rejected, Submission, Traffic
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.kit.egress import Policy
from magpie.protocols import mm1

_NO_TEXT: Final = 30008
_TOO_LARGE: Final = 30019


class Mm1Carrier:
    """Also a Door: the centre pushes notifications and reports to `/carriers/v1/{name}`."""

    def __init__(self, options: LinkOptions, contents: Contents, policy: Policy) -> None:
        self.options = options
        self._contents = contents
        self._counters = Counters()
        self._trace = trace()
        self._link = Link(options, policy, self._counters, self._trace)
        self._receiver = Receiver(self._link, self._counters, self._trace)

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kinds=frozenset({Kind.MMS}),
            deduplicates=self.options.dedupes,
            on_unknown=self.options.on_unknown,
        )

    @property
    def most_bytes(self) -> int:
        return self.options.most_bytes

    async def start(self, traffic: Traffic) -> None:
        self._receiver.hand_to(traffic)
        self._link.start()

    async def stop(self) -> None:
        self._receiver.hand_to(None)
        await self._link.stop()

    async def reach(self, to: str) -> Reach:  # noqa: ARG002 - the same for all numbers
        return Reach(
            mms=True,
            profile=self.options.profile,
            max_bytes=self.options.max_bytes,
            network=self.name,
        )

    async def submit(self, submission: Submission) -> Outcome:
        if submission.kind is not Kind.MMS:
            return Rejected(_NO_TEXT, "this link carries pictures only")
        try:
            whole = await self._contents.whole(submission)
        except (BlobMissing, BlobsUnavailable) as error:
            return unreadable(error)
        request = send_req(submission, content_of(whole), insert=bool(self.options.number))
        most = self.options.max_bytes
        size = sum(len(part.data) for part in request.content.parts) if request.content else 0
        if most is not None and size > most:
            return Rejected(_TOO_LARGE, f"{size} octets, the carrier takes {most}")
        try:
            return await self._link.send(request)
        except mm1.EncodeError as error:
            return Rejected(_NO_TEXT, str(error))

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._trace.show(after=after, personal=personal)

    def state(self) -> LinkState:
        return state_of(self.options, self._link.slots, self._link.outage, self._counters)

    async def answer(self, knock: Knock) -> Answer:
        return await self._receiver.answer(knock)
