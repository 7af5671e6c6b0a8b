"""A link to a provider's HTTP API, as dispatch sees it: to begin with, or to fall back on."""

from typing import Final

from magpie.carriers.door import Answer, Knock
from magpie.carriers.http.link import Link
from magpie.carriers.http.media import PATH, Offers
from magpie.carriers.http.options import LinkOptions
from magpie.carriers.http.receive import Receiver
from magpie.carriers.http.trace import trace
from magpie.carriers.mms import Contents
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.web import WebCarrier
from magpie.carriers.traffic import Kind, Outcome, Submission
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.kit.egress import Policy
from magpie.protocols import gsm

_GONE: Final = Answer(status=404, body=b"There is nothing here, or no longer.\n")
_LATER: Final = Answer(status=503, headers={"Retry-After": "5"}, body=b"Not now.\n")


class HttpCarrier(WebCarrier[LinkOptions, Link]):
    """Also a Door: the provider calls `/carriers/v1/{name}`, and fetches media below it."""

    kinds = frozenset(Kind)

    def __init__(self, options: LinkOptions, contents: Contents, policy: Policy) -> None:
        counters, traced = Counters(), trace()
        link = Link(options, policy, counters, traced)
        super().__init__(options, link, Receiver(link, counters, traced), counters, traced)
        self._contents = contents
        self._offers = Offers(options.door, options.secret)

    async def submit(self, submission: Submission) -> Outcome:
        now = clock.now().timestamp()
        media = [self._offers.url(part, now) for part in submission.media]
        call = self.options.dialect.call(submission, media, self.options.door)
        units = gsm.count(submission.body) if submission.kind is Kind.SMS else 1
        return await self._link.send(call, submission.key, units)

    async def answer(self, knock: Knock) -> Answer:
        if knock.path.startswith(PATH):
            return await self._offered(knock)
        return await super().answer(knock)

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
