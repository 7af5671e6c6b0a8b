"""A link to a relay that speaks MM7, as dispatch sees it: we are the VASP."""

from typing import Final

from magpie.carriers.mm7.link import Link
from magpie.carriers.mm7.options import LinkOptions
from magpie.carriers.mm7.receive import Receiver
from magpie.carriers.mm7.request import cancel_req, replace_req, submit_req
from magpie.carriers.mm7.trace import trace
from magpie.carriers.mms.contents import Contents, unreadable
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.web import WebCarrier
from magpie.carriers.traffic import Kind, Outcome, Rejected, Submission
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.kit.egress import Policy
from magpie.protocols import mime
from magpie.protocols.mm7 import Request

_NO_TEXT: Final = 30008
_TOO_LARGE: Final = 30019


class Mm7Carrier(WebCarrier[LinkOptions, Link]):
    """Also a Door: the relay posts what phones send, and reports, to `/carriers/v1/{name}`.

    The transaction's id is the message's key, so a relay that knows repeated ones takes each
    message once. `policy` says which addresses the link may connect to.
    """

    def __init__(self, options: LinkOptions, contents: Contents, policy: Policy) -> None:
        counters, traced = Counters(), trace()
        link = Link(options, policy, counters, traced)
        super().__init__(options, link, Receiver(options, counters, traced), counters, traced)
        self._contents = contents

    async def submit(self, submission: Submission) -> Outcome:
        if submission.kind is not Kind.MMS:
            return Rejected(_NO_TEXT, "this link carries pictures only")
        return await self._ask(submit_req(submission, self.options), submission.key, submission)

    async def cancel(self, message_id: str) -> Outcome:
        """`message_id` is the relay's. Accepted when the relay has forgotten the message."""
        return await self._link.ask(cancel_req(message_id, self.options), f"cancel-{message_id}")

    async def replace(self, message_id: str, submission: Submission) -> Outcome:
        """Put the content of `submission` in the place of a message that nobody has fetched yet."""
        request = replace_req(message_id, self.options)
        return await self._ask(request, f"replace-{submission.key}", submission)

    async def _ask(self, request: Request, transaction_id: str, submission: Submission) -> Outcome:
        if down := self._link.outage.now():
            return down
        try:
            content = await self._contents.sealed(submission)
        except (BlobMissing, BlobsUnavailable) as error:
            return unreadable(error)
        if too_large := self._too_large(content):
            return too_large
        return await self._link.ask(request, transaction_id, content)

    def _too_large(self, content: mime.Part) -> Rejected | None:
        most = self.options.max_bytes
        if most is None or len(content.body) <= most:
            return None
        return Rejected(_TOO_LARGE, f"{len(content.body)} octets, the carrier takes {most}")
