"""Phones side by side: what each got, as it got it, and what it sends."""

import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from magpie import phone
from magpie.carriers.traffic import InboundMedia
from magpie.console import headers
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.blobs import BlobMissing, Blobs, Digest
from magpie.kit.db import Database
from magpie.links.page.vcard import Card, cards
from magpie.media.model import VERDICTS
from magpie.simulator import store
from magpie.simulator.model import AIRPLANE, ON, Handset, HandsetMessage
from magpie.simulator.network import SimulatedNetwork, id_of
from magpie.users.model import Role

_SHOWN: Final = 40
_MOST_PHONES: Final = 8
_MOST_BYTES: Final = 10 * 2**20
_SHORT_TEXT: Final = 64 * 1024
_CARDS: Final = frozenset(("text/vcard", "text/x-vcard", "text/directory"))
_SHOWS: Final = ("image/", "video/", "audio/")
_PICTURES_NO_BROWSER_SHOWS: Final = frozenset(("image/heic", "image/heif", "image/tiff"))
_SHORT_NUMBER: Final = re.compile("[0-9]{1,3}")
_COMMA: Final = re.compile(r"[,\s]+")


class Part(msgspec.Struct, frozen=True):
    """`kind` is image, video, audio, card, text or file: how a phone shows it."""

    kind: str
    url: str
    content_type: str
    size: int
    name: str
    cards: list[Card] = []
    text: str = ""


class Bubble(msgspec.Struct, frozen=True):
    message: HandsetMessage
    peer: str
    mine: bool
    parts: list[Part]


class Phone(msgspec.Struct, frozen=True):
    handset: Handset
    bubbles: list[Bubble]
    peer: str

    @property
    def flying(self) -> bool:
        return self.handset.state == AIRPLANE


class Handsets:
    """`first_sender` is whom a phone that has no messages yet writes to."""

    place: Place | None = Place("Build", "Handsets", "/handsets", "smartphone", "h")

    def __init__(
        self, database: Database, network: SimulatedNetwork, blobs: Blobs, first_sender: str
    ) -> None:
        self._database = database
        self._network = network
        self._blobs = blobs
        self._first_sender = first_sender

    def routes(self) -> Sequence[Route]:
        one = "/handsets/{number}"
        return (
            Route("/handsets", self.wall),
            Route("/handsets", self.add, "POST", Role.AGENT),
            Route(one, self.phone),
            Route(f"{one}/send", self.send, "POST", Role.AGENT),
            Route(f"{one}/state", self.state, "POST", Role.AGENT),
            Route(f"{one}/carrier", self.carrier, "POST", Role.AGENT),
            Route(f"{one}/remove", self.remove, "POST", Role.AGENT),
            Route(f"{one}/parts/{{id}}/{{part}}", self.part),
        )

    async def wall(self, visit: Visit) -> Response:
        every = await store.handsets(self._database)
        wanted = [one for one in _COMMA.split(visit.query.get("show", "")) if one]
        chosen = [one for one in every if one.number in wanted] or every
        phones = [await self._phone(handset) for handset in chosen[:_MOST_PHONES]]
        carriers = await self._network.directory.profiles()
        return visit.page(
            "handsets.html",
            phones=phones,
            every=every,
            shown={one.handset.number for one in phones},
            carriers=sorted(carriers.values(), key=lambda profile: profile.name),
        )

    async def phone(self, visit: Visit) -> Response:
        """One phone, as a piece of the wall: also when somebody else has just taken it away."""
        handset = await store.handset(self._database, visit.path["number"])
        if handset is None and visit.partial:
            return visit.page("handset_gone.html")
        carriers = await self._network.directory.profiles()
        return visit.piece(
            "handsets.html",
            "one",
            phone=await self._phone(handset or await self._handset(visit)),
            carriers=sorted(carriers.values(), key=lambda profile: profile.name),
        )

    async def add(self, visit: Visit) -> Response:
        form = await visit.form()
        number = phone.parse_e164(str(form.get("number", "")))
        if number is None:
            raise Refused(21211, "A phone needs a number, as +15551234567.")
        await self._keep(Handset(number, str(form.get("carrier", "simulator")), clock.now()))
        return visit.see("/handsets", f"{number} is switched on.")

    async def send(self, visit: Visit) -> Response:
        handset = await self._handset(visit)
        if handset.state == AIRPLANE:
            raise Refused(20409, "The phone is in airplane mode.")
        form = await visit.form()
        given = str(form.get("to", "")).strip()
        to = phone.parse_e164(given) or given
        if phone.parse_e164(to) is None and not phone.is_short_code(to):
            raise Refused(21211, f"{given} is not a number that can be dialled.")
        body = str(form.get("body", ""))
        media = await _attached(form)
        if not body and not media:
            raise Refused(20422, "There is nothing to send.")
        await self._network.send(handset.number, to, body, media)
        return await self._after(visit)

    async def state(self, visit: Visit) -> Response:
        handset = await self._handset(visit)
        flies = handset.state == AIRPLANE
        await self._keep(replace(handset, state=ON if flies else AIRPLANE))
        return await self._after(visit)

    async def carrier(self, visit: Visit) -> Response:
        handset = await self._handset(visit)
        name = str((await visit.form()).get("carrier", ""))
        await self._keep(replace(handset, carrier=name))
        return await self._after(visit)

    async def remove(self, visit: Visit) -> Response:
        handset = await self._handset(visit)
        async with self._database.transaction() as connection:
            await store.delete_handset(connection, handset.number)
        self._network.directory.forget()
        return visit.see("/handsets", f"{handset.number} is gone.")

    async def part(self, visit: Visit) -> Response:
        """The bytes that the phone got."""
        found = await self._message(visit)
        part = dict(enumerate(found.parts if found else ())).get(_place(visit.path["part"]))
        if part is None:
            raise Refused(20404)
        kind = part["content_type"]
        shown = kind in VERDICTS and kind.startswith(_SHOWS)
        disposition = {"Content-Disposition": "inline" if shown else "attachment"}
        content = await self._bytes(part["digest"])
        return Response(content, 200, {**headers.of_media(), **disposition}, kind)

    async def _after(self, visit: Visit) -> Response:
        return await self.phone(visit) if visit.partial else visit.see("/handsets")

    async def _handset(self, visit: Visit) -> Handset:
        found = await store.handset(self._database, visit.path["number"])
        if found is None:
            raise Refused(20404, "There is no such phone.")
        return found

    async def _keep(self, handset: Handset) -> None:
        if handset.carrier not in await self._network.directory.profiles():
            raise Refused(20422, f"There is no carrier {handset.carrier}.")
        await store.put_handset(self._database, handset)
        self._network.directory.forget()

    async def _phone(self, handset: Handset) -> Phone:
        rows = await store.messages(
            self._database, handset.number, after=None, direction=None, most=_SHOWN
        )
        bubbles = [await self._bubble(row) for row in reversed(rows)]
        peer = bubbles[-1].peer if bubbles else self._first_sender
        return Phone(handset, bubbles, peer)

    async def _bubble(self, message: HandsetMessage) -> Bubble:
        mine = message.direction == "sent"
        parts = [await self._part(message, place) for place in range(len(message.parts))]
        return Bubble(message, message.to if mine else message.from_, mine, parts)

    async def _part(self, message: HandsetMessage, place: int) -> Part:
        told: dict[str, Any] = message.parts[place]
        kind = _kind(told["content_type"])
        content = b""
        if kind in {"card", "text"} and told["size"] <= _SHORT_TEXT:
            content = await self._bytes(told["digest"])
        return Part(
            kind=kind,
            url=f"/console/handsets/{message.number}/parts/{message.id.hex}/{place}",
            content_type=told["content_type"],
            size=told["size"],
            name=told.get("name") or "",
            cards=cards(content) if kind == "card" else [],
            text=content.decode("utf-8", "replace") if kind == "text" else "",
        )

    async def _message(self, visit: Visit) -> HandsetMessage | None:
        id_: UUID | None = id_of(visit.path["id"])
        if id_ is None:
            return None
        return await store.message(self._database, visit.path["number"], id_)

    async def _bytes(self, digest: str) -> bytes:
        try:
            return await self._blobs.get(Digest(digest))
        except BlobMissing:
            raise Refused(20404, "These bytes are not kept any more.") from None


def _place(text: str) -> int:
    """One at which there is nothing, for what is no number."""
    return int(text) if _SHORT_NUMBER.fullmatch(text) else -1


def _kind(content_type: str) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    if plain in _CARDS:
        return "card"
    if plain in _PICTURES_NO_BROWSER_SHOWS:
        return "file"
    family = plain.partition("/")[0]
    if plain == "text/plain":
        return "text"
    return family if family in {"image", "video", "audio"} else "file"


async def _attached(form: FormData) -> list[InboundMedia]:
    media, size = [], 0
    for file in form.getlist("media"):
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        content = await file.read(_MOST_BYTES + 1)
        size += len(content)
        if size > _MOST_BYTES:
            raise Refused(20422, "A phone sends at most 10 MB.")
        kind = file.content_type or "application/octet-stream"
        media.append(InboundMedia(content_type=kind, content=content, name=file.filename[:64]))
    return media
