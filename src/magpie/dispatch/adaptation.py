"""A message's media as they fit where it goes."""

from collections.abc import Sequence

from magpie.carriers.traffic import Kind
from magpie.dispatch.ways import Way, Ways
from magpie.media.fit import Fit, Maker, Source, fit
from magpie.media.model import Media
from magpie.media.profile import BROWSER, Profiles
from magpie.media.terms import Terms
from magpie.messages.model import Message
from magpie.senders.book import SenderBook


class Adaptation:
    """The same media for the same way are made once, so that asking twice costs nothing.

    All methods raise Unusable for a file that nobody should get, SandboxFailed for now.
    """

    def __init__(self, ways: Ways, senders: SenderBook, profiles: Profiles, maker: Maker) -> None:
        self._ways = ways
        self._senders = senders
        self._profiles = profiles
        self._maker = maker

    async def for_way(self, message: Message, media: Sequence[Media], way: Way) -> Fit:
        return await self._fit(media, await self._terms(message, way))

    async def for_page(self, media: Sequence[Media]) -> Fit:
        """As browsers show them, for the page behind a link."""
        return await self._fit(media, Terms(profile=self._profiles.get(BROWSER)))

    async def ahead(self, message: Message, media: Sequence[Media]) -> tuple[Fit, str]:
        """As will be asked for when the message goes; gives for whom, too."""
        way = await self._ways.find(message.to, Kind.MMS) if message.as_mms else None
        if way is None:
            return await self.for_page(media), BROWSER
        return await self.for_way(message, media, way), way.reach.network or way.carrier

    async def _terms(self, message: Message, way: Way) -> Terms:
        sender = await self._senders.find(message.account_sid, message.from_ or "")
        return Terms(
            profile=self._profiles.get(way.reach.profile),
            sender_kind=sender.kind if sender else "default",
            most_bytes=way.reach.max_bytes,
            text_bytes=len(message.body.encode()),
        )

    async def _fit(self, media: Sequence[Media], terms: Terms) -> Fit:
        sources = [
            Source(content_type=item.content_type, size=item.size, digest=item.digest or "")
            for item in media
        ]
        return await fit(sources, terms, self._maker)
