"""`/magpie/v1/Messages/Preflight`: the verdict of each carrier on a message that is not sent."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, cast

from magpie import phone
from magpie.carriers.traffic import Kind
from magpie.dispatch import refusal
from magpie.dispatch.foresight import Foresight, Network, Question, encoding
from magpie.dispatch.ways import Ways
from magpie.errors import Refused
from magpie.kit.queue import Queue
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Param, Params, boolean, short_text, text, texts, urls
from magpie.media.fetch import Copy, Fetcher, FetchFailed
from magpie.media.fit import Source
from magpie.media.profile import BROWSER, Profiles
from magpie.media.uploads import File
from magpie.messages.conversion import Converter
from magpie.messages.request import MAX_BODY, MAX_MEDIA
from magpie.senders.book import SenderBook
from magpie.senders.model import Sender
from magpie.usage.prices import SenderKind

_MOST_CARRIERS = 20
Keep = Callable[[Sequence[File]], Awaitable[list[Source]]]
"""Keeps files that came with the request, and names them."""


class AskPreflight(Params):
    """Without To and Carrier every profile is asked."""

    to = Param("To", text, doc="The phone whose carrier is asked.")
    from_ = Param("From", text, doc="The sender, whose kind and queue count.")
    messaging_service_sid = Param(
        "MessagingServiceSid", text, doc="The messaging service, whose settings count."
    )
    body = Param("Body", short_text(MAX_BODY, code=21617), doc="The text.")
    media_urls = Param(
        "MediaUrl",
        urls(most=MAX_MEDIA, code=21623, code_of_one=21620),
        doc="Pictures and other files, which are fetched as if they were sent.",
    )
    smart_encoded = Param("SmartEncoded", boolean, doc="As when it is sent.")
    send_as_mms = Param("SendAsMms", boolean, doc="As when it is sent.")
    carriers = Param(
        "Carrier",
        texts(most=_MOST_CARRIERS),
        doc="A carrier profile to ask besides; all of them, if nobody else is asked.",
    )


class Preflight(Record, frozen=True):
    """`queue` is None without a sender of ours; of media that cannot be had the code is told."""

    to: str | None
    from_: str | None
    text: dict[str, Any]
    media: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    queue: dict[str, Any] | None


class Preflights(Collection[Preflight]):
    doc: ClassVar[str] = "What each carrier would do with a message, which is not sent."
    path: ClassVar[str] = "/Messages/Preflight"
    key: ClassVar[str] = "preflight"
    element: ClassVar[str] = "Preflight"
    creating: ClassVar[type[Params]] = AskPreflight
    created_status: ClassVar[int] = 200
    singleton: ClassVar[bool] = True
    most_bytes: ClassVar[int] = 8 * 1024 * 1024
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"To": "+15558675310", "From": "+15017122661", "Body": "Hello"}
    }
    files: ClassVar[dict[str, str]] = {"Media": "Pictures and other files, sent with the form."}

    def __init__(
        self,
        ways: Ways,
        senders: SenderBook,
        profiles: Profiles,
        fetcher: Fetcher,
        keep: Keep,
        foresight: Foresight,
        converter: Converter,
        outbound: Queue,
    ) -> None:
        self._ways = ways
        self._senders = senders
        self._profiles = profiles
        self._fetcher = fetcher
        self._keep = keep
        self._foresight = foresight
        self._converter = converter
        self._outbound = outbound

    async def create(self, call: Call, given: AskPreflight) -> Preflight:
        to = _number(given.to)
        networks = [*await self._way(to), *self._named(given.carriers or [])]
        if not networks:
            networks = self._named([n for n in self._profiles.names if n != BROWSER])
        copies = await asyncio.gather(
            *(self._fetch(call.account_sid, url) for url in given.media_urls)
        )
        kept = await self._keep(call.form.files.get("Media", []))
        sender = await self._sender(call.account_sid, given.from_)
        question = await self._question(
            call, given, [c for c in copies if isinstance(c, Copy)], kept, sender
        )
        refused = refusal.of_sender(given, given.from_, to, sender, len(kept)) or refusal.of_media(
            copies, kept
        )
        verdicts = [
            {"carrier": network.name, "refused": {"code": refused[0], "why": refused[1]}}
            if refused
            else await self._foresight.verdict(question, network)
            for network in networks
        ]
        return Preflight(
            to,
            given.from_,
            encoding(question.body, smart=question.smart),
            [_shown(copy) for copy in copies],
            verdicts,
            await self._queue(call.account_sid, given.from_, verdicts),
        )

    async def _way(self, to: str | None) -> list[Network]:
        """The carrier of the number itself: the way of an MMS, else that of a text."""
        if to is None:
            return []
        way = await self._ways.find(to, Kind.MMS)
        if way is not None:
            profile = self._profiles.get(way.reach.profile)
            name = way.reach.network or way.carrier
            return [Network(name=name, profile=profile, most_bytes=way.reach.max_bytes)]
        way = await self._ways.find(to, Kind.SMS)
        name = way.carrier if way else "no route"
        return [Network(name=name, profile=self._profiles.get("standard"), mms=False)]

    def _named(self, names: Sequence[str]) -> list[Network]:
        unknown = [name for name in names if name not in self._profiles]
        if unknown:
            known = ", ".join(self._profiles.names)
            raise Refused(20422, f"Carrier {unknown[0]!r} is none of {known}.", status=400)
        return [Network(name=name, profile=self._profiles.get(name)) for name in names]

    async def _fetch(self, account_sid: str, url: str) -> Copy | FetchFailed:
        try:
            return await self._fetcher.fetch(account_sid, url)
        except FetchFailed as failed:
            return failed

    async def _sender(self, account_sid: str, from_: str | None) -> Sender | None:
        address = phone.parse_e164(from_ or "") or from_
        return await self._senders.find(account_sid, address) if address else None

    async def _question(
        self,
        call: Call,
        given: AskPreflight,
        copies: Sequence[Copy],
        kept: Sequence[Source],
        sender: Sender | None,
    ) -> Question:
        account, service = call.account_sid, given.messaging_service_sid
        fetched = [
            Source(content_type=copy.content_type, size=copy.size, digest=copy.digest)
            for copy in copies
        ]
        return Question(
            body=given.body or "",
            smart=bool(given.smart_encoded),
            mms=bool(given.media_urls or kept or given.send_as_mms),
            sources=[*kept, *fetched],
            sender_kind=cast("SenderKind", sender.kind if sender else "local"),
            converts=await self._converter.wanted(account, service),
            rescues=await self._converter.rescuing(account),
            link_url=self._converter.link_url,
        )

    async def _queue(
        self, account_sid: str, from_: str | None, verdicts: Sequence[dict[str, Any]]
    ) -> dict[str, Any] | None:
        """How long the last of its segments would wait behind what is there now."""
        address = phone.parse_e164(from_ or "") or from_
        lanes = await self._outbound.lanes_of(account_sid) if address else []
        lane = next((lane for lane in lanes if lane.name == address), None)
        if lane is None:
            return None
        units = (lane.units or 0) + max((v.get("segments") or 1 for v in verdicts), default=1)
        return {
            "waiting": lane.units or 0,
            "rate": lane.rate or None,
            "paused": lane.paused,
            "draining": lane.draining,
            "wait_seconds": round((units - 1) / lane.rate, 1) if lane.rate else 0.0,
        }


def _number(to: str | None) -> str | None:
    if not to:
        return None
    number = phone.parse_e164(to)
    if number is None:
        raise Refused(21211, f"The 'To' number {to} is not a valid phone number.")
    return number


def _shown(copy: Copy | FetchFailed) -> dict[str, Any]:
    if isinstance(copy, FetchFailed):
        return {"url": copy.trace.url, "code": copy.code, "why": copy.detail}
    return {"url": copy.trace.url, "content_type": copy.content_type, "bytes": copy.size}
