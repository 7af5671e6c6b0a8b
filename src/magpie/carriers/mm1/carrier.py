"""A link to an MMSC as a handset has it, as dispatch sees it: for a SIM, a modem, a test line."""

from typing import Final

from magpie.carriers.mm1.forms import content_of, send_req
from magpie.carriers.mm1.link import Link
from magpie.carriers.mm1.options import LinkOptions
from magpie.carriers.mm1.receive import Receiver
from magpie.carriers.mm1.trace import trace
from magpie.carriers.mms import Contents, unreadable
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.web import WebCarrier
from magpie.carriers.traffic import Kind, Outcome, Rejected, Submission
from magpie.kit.blobs import BlobMissing, BlobsUnavailable
from magpie.kit.egress import Policy
from magpie.protocols import mm1

_NO_TEXT: Final = 30008
_TOO_LARGE: Final = 30019


class Mm1Carrier(WebCarrier[LinkOptions, Link]):
    """Also a Door: the centre pushes notifications and reports to `/carriers/v1/{name}`."""

    def __init__(self, options: LinkOptions, contents: Contents, policy: Policy) -> None:
        counters, traced = Counters(), trace()
        link = Link(options, policy, counters, traced)
        super().__init__(options, link, Receiver(link, counters, traced), counters, traced)
        self._contents = contents

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
