"""A link to another MMS centre, as dispatch sees it: we are a centre, too."""

from typing import Final

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.mm4.answers import Answers
from magpie.carriers.mm4.link import Link
from magpie.carriers.mm4.options import LinkOptions
from magpie.carriers.mm4.receive import Knows, Receiver
from magpie.carriers.mm4.request import forward_req
from magpie.carriers.mm4.server import Server
from magpie.carriers.mm4.state import Counters, LinkState
from magpie.carriers.mm4.trace import trace
from magpie.carriers.mms.contents import Contents, unreadable
from magpie.carriers.trace import Traced
from magpie.carriers.traffic import Kind, Outcome, Rejected, Submission, Traffic
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.protocols import mime

_NO_TEXT: Final = 30008
# 57 octets make a line of 76 and its end; slides and the heads of parts need room, too.
_GROWTH: Final = 78 / 57
_HEADS: Final = 3000


class Mm4Carrier:
    """A message that the peer's 250 has taken over is accepted under its Message-ID.

    An error in the peer's answer changes that while `ack_wait` lasts: a passing one lets the
    message be sent again, with the same ids. Later every error is a receipt of non-delivery.
    `knows` says which numbers are ours; without it all are.
    """

    def __init__(
        self, options: LinkOptions, contents: Contents, knows: Knows | None = None
    ) -> None:
        self.options = options
        self._contents = contents
        self._counters = Counters()
        self._trace = trace()
        self._link = Link(options, self._counters, self._trace)
        self._answers = Answers(options, self._link.connections, self._counters)
        self._receiver = Receiver(
            options, self._link, self._answers, self._counters, self._trace, knows
        )
        self._server = Server(options, self._receiver, self._counters)

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
    def port(self) -> int | None:
        """On which we listen, once the link has started."""
        return self._server.port

    async def start(self, traffic: Traffic) -> None:
        self._receiver.hand_to(traffic)
        self._answers.start()
        await self._server.start()

    async def stop(self) -> None:
        """Dispatch asks nothing any more; who sends now is told to come again."""
        self._receiver.hand_to(None)
        await self._server.stop()
        await self._answers.stop()
        await self._link.stop()

    async def reach(self, to: str) -> Reach:  # noqa: ARG002 - the same for all numbers
        return Reach(
            mms=True,
            profile=self.options.profile,
            max_bytes=_in_base64(self.options.max_bytes),
            network=self.name,
        )

    async def submit(self, submission: Submission) -> Outcome:
        if submission.kind is not Kind.MMS:
            return Rejected(_NO_TEXT, "this link carries pictures only")
        if down := self._link.outage.now():
            return down
        eight_bit = self.options.eight_bit
        transfer = mime.Transfer.EIGHT_BIT if eight_bit else mime.Transfer.BASE64
        try:
            content = await self._contents.sealed(submission, transfer)
        except (BlobMissing, BlobsUnavailable) as error:
            return unreadable(error)
        return await self._link.forward(forward_req(submission, content, self.options, clock.now()))

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._trace.show(after=after, personal=personal)

    def state(self) -> LinkState:
        now = clock.monotonic()
        slots = self._link.slots
        down = self._link.outage.now()
        return LinkState(
            name=self.name,
            host=self.options.host,
            port=self.options.port,
            listens=self._server.port,
            window=self.options.window,
            outstanding=slots.busy,
            waiting=slots.waiting,
            connections=len(self._link.connections),
            share=slots.pace.share(now),
            paused=max(0.0, slots.pace.resumes - now),
            down=down.detail if down else "",
            last_error=self._server.why or self._link.outage.why,
            counters=self._counters,
        )


def _in_base64(most: int | None) -> int | None:
    """What may be in a message that then has no more than `most` octets."""
    return None if most is None else max(0, int((most - _HEADS) / _GROWTH))
