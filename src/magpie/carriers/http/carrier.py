"""A link to a provider's HTTP API, as dispatch sees it: to begin with, or to fall back on."""

from typing import Final

from magpie.carriers.base import Capabilities, Reach
from magpie.carriers.door import Answer, Knock
from magpie.carriers.http.link import Link
from magpie.carriers.http.media import PATH, Offers
from magpie.carriers.http.options import LinkOptions
from magpie.carriers.http.receive import Receiver
from magpie.carriers.http.trace import trace
from magpie.carriers.mms import Contents
from magpie.carriers.mms.state import Counters, LinkState, state_of
from magpie.carriers.trace import Traced
from magpie.carriers.traffic import Kind, Outcome, Submission, Traffic
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.kit.egress import Policy

_GONE: Final = Answer(status=404, body=b"There is nothing here, or no longer.\n")
_LATER: Final = Answer(status=503, headers={"Retry-After": "5"}, body=b"Not now.\n")


class HttpCarrier:
    """Also a Door: the provider calls `/carriers/v1/{name}`, and fetches media below it."""

    def __init__(self, options: LinkOptions, contents: Contents, policy: Policy) -> None:
        self.options = options
        self._contents = contents
        self._counters = Counters()
        self._trace = trace()
        self._offers = Offers(options.door, options.secret)
        self._link = Link(options, policy, self._counters, self._trace)
        self._receiver = Receiver(self._link, self._counters, self._trace)

    @property
    def name(self) -> str:
        return self.options.name

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kinds=frozenset(Kind),
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
        now = clock.now().timestamp()
        media = [self._offers.url(part, now) for part in submission.media]
        call = self.options.dialect.call(submission, media, self.options.door)
        return await self._link.send(call, submission.key)

    def trace(self, *, after: int = 0, personal: bool = False) -> list[Traced]:
        return self._trace.show(after=after, personal=personal)

    def state(self) -> LinkState:
        return state_of(self.options, self._link.slots, self._link.outage, self._counters)

    async def answer(self, knock: Knock) -> Answer:
        if knock.path.startswith(PATH):
            return await self._offered(knock)
        return await self._receiver.answer(knock)

    async def _offered(self, knock: Knock) -> Answer:
        part = self._offers.asked(knock, clock.now().timestamp())
        if part is None or knock.method not in {"GET", "HEAD"}:
            return _GONE
        try:
            content = await self._contents.medium(part)
        except BlobMissing:
            return _GONE
        except BlobsUnavailable:
            return _LATER
        headers = {"Cache-Control": "private", "X-Content-Type-Options": "nosniff"}
        return Answer(content_type=part.content_type, headers=headers, body=content.content)
