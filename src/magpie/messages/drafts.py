"""From a request to a draft: asks what the account has, and lets `compose` decide."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from magpie import phone, sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.links.book import LinkBook
from magpie.links.shorten import shorten, unfit
from magpie.media import uploads
from magpie.media.model import Media
from magpie.messages import compose
from magpie.messages.accept import Draft
from magpie.messages.conversion import Converter
from magpie.messages.model import CONVERTED
from magpie.messages.request import SendMessage
from magpie.protocols import gsm
from magpie.senders.book import SenderBook
from magpie.senders.model import Sender
from magpie.services.book import ServiceBook
from magpie.services.model import Service

Upload = Callable[[str, UUID, Sequence[uploads.File]], Awaitable[list[Media]]]
TakesMms = Callable[[str], Awaitable[bool]]

_NO_DOMAIN: Final = 30100
_NOT_SHORTENED: Final = 30139
_SHOWN: Final = 100
"""Characters of a URL that an error tells."""


class Drafts:
    """`takes_mms` says whether an MMS can reach a number, as far as is known now."""

    def __init__(
        self,
        senders: SenderBook,
        services: ServiceBook,
        links: LinkBook,
        converter: Converter,
        takes_mms: TakesMms,
        upload: Upload,
    ) -> None:
        self._senders = senders
        self._services = services
        self._links = links
        self._converter = converter
        self._takes_mms = takes_mms
        self._upload = upload

    async def draft(
        self, account_sid: str, given: SendMessage, files: Sequence[uploads.File] = ()
    ) -> Draft:
        """Raises Refused, with the first thing that is wrong."""
        to = compose.recipient(given.to)
        service = await self._service(account_sid, given)
        compose.check_absent(given, service)
        origin = await self._origin(account_sid, given, to, service, len(files))
        compose.check_content(given, origin, to, len(files))
        id_ = clock.uuid7()
        uploaded = await self._upload(account_sid, id_, files) if files else []
        draft = compose.compose(
            account_sid,
            given,
            origin,
            to,
            status_callback=await self._callback(account_sid, given, service),
            service=service,
            uploaded=uploaded,
            id_=id_,
        )
        return await self.finish(draft)

    async def finish(self, draft: Draft) -> Draft:
        """Shorten what is asked to be, and turn media into a link where no MMS can go."""
        options = draft.message.options or {}
        if options.get("ShortenUrls"):
            draft = await self._shortened(draft)
        if draft.message.mms and not await self._takes_mms(draft.message.to):
            draft = await self._converted(draft)
        return draft

    async def _service(self, account_sid: str, given: SendMessage) -> Service | None:
        from_ = given.from_ or ""
        sid = given.messaging_service_sid or (from_ if sids.is_sid(from_, "MG") else None)
        if not sid:
            return None
        found = await self._services.find(account_sid, sid) if sids.is_sid(sid, "MG") else None
        if found is None:
            raise Refused(21701 if sids.is_sid(sid, "MG") else 21705)
        return found

    async def _origin(
        self, account_sid: str, given: SendMessage, to: str, service: Service | None, files: int
    ) -> compose.Origin:
        from_ = (given.from_ or "").strip()
        if service is not None and from_ in {"", service.sid}:
            mms = compose.is_mms(given, files)
            picked = await self._services.pick(account_sid, service, to, mms=mms)
            if picked is None:
                raise Refused(21703 if mms else 21704)
            if isinstance(picked, Sender):
                return compose.Origin(address=picked.address, sender=picked)
            return compose.Origin(address=picked)
        address = phone.parse_e164(from_) or from_
        sender = await self._senders.find(account_sid, address) if address else None
        origin = compose.origin_of(from_, to, sender)
        if service and not await self._services.holds(account_sid, service.sid, origin.address):
            raise Refused(21711)
        return origin

    async def _callback(
        self, account_sid: str, given: SendMessage, service: Service | None
    ) -> str | None:
        if given.status_callback:
            return given.status_callback
        if given.application_sid:
            return await self._senders.callback_of(account_sid, given.application_sid)
        return service.status_callback if service else None

    async def _shortened(self, draft: Draft) -> Draft:
        message = draft.message
        service = message.messaging_service_sid
        domain = await self._links.domain_of(message.account_sid, service) if service else None
        if domain is None:
            raise Refused(
                _NO_DOMAIN,
                "ShortenUrls needs a MessagingServiceSid whose service has a domain for links.",
            )
        if (url := unfit(message.body)) is not None:
            return _unshortened(draft, url, goes=domain.continue_on_failure)
        body, links = shorten(
            message.body,
            message.account_sid,
            message.id,
            domain,
            now=message.date_created,
            mms=message.mms,
            messaging_service_sid=service,
            from_=message.from_,
            to=message.to,
        )
        return (
            _with_body(draft, body)
            if not links
            else replace(_with_body(draft, body), links=(*draft.links, *links))
        )

    async def _converted(self, draft: Draft) -> Draft:
        message = draft.message
        if not await self._converter.wanted(message.account_sid, message.messaging_service_sid):
            raise Refused(21612, status=400)
        options = {**(message.options or {}), CONVERTED: "sms"}
        draft = replace(draft, message=replace(message, options=options))
        if not message.num_media:
            return _with_body(draft, message.body)
        made = self._converter.convert(message)
        detail = {**(draft.detail or {}), "converted": True}
        return replace(_with_body(draft, made.body), links=(*draft.links, made.link), detail=detail)


def _unshortened(draft: Draft, url: str, *, goes: bool) -> Draft:
    """By the domain's ContinueOnFailure: the text as it is, or none."""
    if not goes:
        raise Refused(_NOT_SHORTENED, f"The URL {url[:_SHOWN]} cannot be shortened.")
    return replace(draft, detail={**(draft.detail or {}), "not_shortened": url[:_SHOWN]})


def _with_body(draft: Draft, body: str) -> Draft:
    """Count anew what the text takes."""
    message = draft.message
    smart = bool((message.options or {}).get("SmartEncoded"))
    sent = gsm.smart_encode(body) if smart else body
    segments = 1 if message.as_mms else gsm.count(sent)
    return replace(
        draft,
        message=replace(message, body=body, num_segments=segments),
        cost=segments,
        detail={**(draft.detail or {}), "segments": segments},
    )
