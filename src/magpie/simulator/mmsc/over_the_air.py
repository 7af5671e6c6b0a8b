"""A picture on its way from the centre to a phone, through the real encoding both ways."""

from typing import Any

from msgspec.structs import replace

from magpie.carriers.mm1.trace import kept
from magpie.carriers.mms import Contents
from magpie.carriers.trace import Trace
from magpie.carriers.traffic import InboundMedia, MediaPart, Submission
from magpie.kit.blobs import Blobs
from magpie.protocols import mm1
from magpie.simulator.mmsc import handset
from magpie.simulator.mmsc.mm1 import Mm1Centre


class OverTheAir:
    """Push, notification, retrieval, acknowledgement: as octets, but without sockets."""

    def __init__(self, blobs: Blobs, centre: Mm1Centre) -> None:
        self._blobs = blobs
        self._contents = Contents(blobs)
        self._centre = centre

    async def bring(self, submission: Submission, message_id: str, trace: Trace[Any]) -> Submission:
        """The message as the phone shows it. Raises DecodeError for what no phone can read."""
        media = await self._contents.media(submission)
        told = self._centre.hold(submission, media, message_id)
        notification = handset.notified(self._centre.pushed(told))
        octets = self._centre.retrieve(notification.content_location)
        shown = handset.fetched(notification, octets)
        self._centre.answered(mm1.encode(shown.answer))
        trace.sent(notification, about=submission.key)
        trace.sent(kept(shown.pdu), about=submission.key)
        trace.received(shown.answer, about=submission.key)
        return replace(
            submission,
            from_=shown.from_,
            body=shown.body,
            smil=shown.slides,
            media=tuple([await self._kept(one, media, submission.media) for one in shown.media]),
        )

    async def _kept(
        self, shown: InboundMedia, sent: list[InboundMedia], parts: tuple[MediaPart, ...]
    ) -> MediaPart:
        """What came through unchanged, octet for octet, lies in the store already."""
        for one, part in zip(sent, parts, strict=True):
            if one.content == shown.content:
                return MediaPart(
                    content_type=shown.content_type,
                    size=part.size,
                    digest=part.digest,
                    name=shown.name,
                )
        return MediaPart(
            content_type=shown.content_type,
            size=len(shown.content),
            digest=await self._blobs.put(shown.content),
            name=shown.name,
        )
