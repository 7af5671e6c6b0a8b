"""The MMS Converter: media become a link in a text (media-and-mms.md section 5)."""

from typing import Final

from magpie.accounts.preferences import PreferenceBook
from magpie.kit import clock
from magpie.links.model import Link
from magpie.links.shorten import media_link, path_of, with_link
from magpie.messages.model import CONVERTED, Conversion, Message
from magpie.protocols import gsm
from magpie.services.book import ServiceBook

NO_MMS: Final = 30011
REFUSALS: Final = frozenset({NO_MMS, 30019, 63021})
"""What carriers say of pictures that a text could replace."""


class Converter:
    """`link_url` is what links begin with, without a slash at its end."""

    def __init__(self, preferences: PreferenceBook, services: ServiceBook, link_url: str) -> None:
        self._preferences = preferences
        self._services = services
        self.link_url = link_url

    async def wanted(self, account_sid: str, service_sid: str | None) -> bool:
        """A service decides for its messages, the account for the others."""
        if service_sid is not None:
            service = await self._services.find(account_sid, service_sid)
            if service is not None:
                return bool(service.mms_converter)
        return (await self._preferences.of(account_sid)).mms_converter

    async def rescuing(self, account_sid: str) -> bool:
        """Whether an account wants a link also for what carriers refuse."""
        return (await self._preferences.of(account_sid)).convert_refused

    async def rescues(self, message: Message, code: int, *, refused: bool) -> bool:
        """Whether an MMS that fails by this code should go as a text; `refused` by a carrier."""
        once = CONVERTED in (message.options or {})
        if once or not (message.as_mms and message.num_media and code in REFUSALS):
            return False
        if refused and not await self.rescuing(message.account_sid):
            return False
        return await self.wanted(message.account_sid, message.messaging_service_sid)

    def convert(self, message: Message, *, mms: bool = False) -> Conversion:
        """With `mms` some of the media still go as they are, and the link shows all of them."""
        link = media_link(
            message.account_sid,
            message.id,
            clock.now(),
            mms=message.mms,
            messaging_service_sid=message.messaging_service_sid,
            from_=message.from_,
            to=message.to,
        )
        body = with_link(message.body, self.url_of(link))
        smart = bool((message.options or {}).get("SmartEncoded"))
        segments = 1 if mms else gsm.count(gsm.smart_encode(body) if smart else body)
        return Conversion(body=body, num_segments=segments, mms=mms, link=link)

    def url_of(self, link: Link) -> str:
        return self.link_url + path_of(link)
