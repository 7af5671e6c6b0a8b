"""`/simulator/v1`: handsets, what they got, what they send, and how carriers behave."""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

import msgspec
from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response

from magpie import phone
from magpie.carriers.traffic import InboundMedia
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.blobs import Blobs, Digest
from magpie.kit.db import Database
from magpie.kit.egress import Egress, EgressError, Limits
from magpie.kit.record import Record
from magpie.kit.rest import (
    Call,
    Collection,
    Moment,
    Page,
    PageRequest,
    Param,
    Params,
    Uri,
    Wrong,
    integer,
    one_of,
)
from magpie.simulator import store
from magpie.simulator.arrivals import wait_for
from magpie.simulator.bodies import HandsetChange, NewHandset, NewMedia, NewMessage, read
from magpie.simulator.directory import Directory
from magpie.simulator.model import Handset, HandsetMessage
from magpie.simulator.network import SimulatedNetwork, id_of
from magpie.simulator.profile import Profile

_MOST = 1000
_BINARY = "application/octet-stream"
# A message that another process delivered rings no bell here.
_LOOK_SECONDS = 1.0
_OK = range(200, 300)
_FETCH = Limits(total=30.0, most_bytes=10 * 2**20)


class Handsets(Collection[Handset]):
    """POST to one that is there changes it: airplane mode, or another carrier."""

    doc: ClassVar[str] = "The phones of the simulated network."
    bodies: ClassVar[dict[str, Any]] = {"create": NewHandset, "update": HandsetChange}
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"number": "+15558675399", "carrier": "simulator"},
        "update": {"state": "airplane"},
    }
    called: ClassVar[str] = "number"
    path: ClassVar[str] = "/Handsets"
    key: ClassVar[str] = "handsets"
    element: ClassVar[str] = "Handset"
    reads_body: ClassVar[bool] = True
    linked: ClassVar[bool] = True
    subresources: ClassVar[dict[str, str]] = {"messages": "Messages"}

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[Handset]:
        return Page.of(await store.handsets(self._database), page, self.identify)

    async def create(self, call: Call, given: Params) -> Handset:
        new = read(call, NewHandset)
        number = phone.parse_e164(new.number)
        if number is None:
            raise Refused(21211, f"{new.number} is not a valid phone number.")
        await self._known(new.carrier)
        return await self._keep(Handset(number, new.carrier, clock.now()))

    async def _known(self, carrier: str) -> None:
        if carrier not in await self._directory.profiles():
            raise Refused(20422, f"There is no carrier {carrier}.", status=400)

    async def _keep(self, handset: Handset) -> Handset:
        kept = await store.put_handset(self._database, handset)
        self._directory.forget()
        return kept

    async def fetch(self, call: Call, sid: str) -> Handset:
        return await handset_at(self._database, call, sid)

    async def update(self, call: Call, sid: str, given: Params) -> Handset:
        """Switch airplane mode, or move to another carrier."""
        known = await handset_at(self._database, call, sid)
        change = read(call, HandsetChange)
        await self._known(change.carrier or known.carrier)
        changed = structs.replace(
            known, carrier=change.carrier or known.carrier, state=change.state or known.state
        )
        return await self._keep(changed)

    async def delete(self, call: Call, sid: str) -> None:
        async with self._database.transaction() as connection:
            if not await store.delete_handset(connection, sid):
                raise call.not_found()
        self._directory.forget()

    def identify(self, record: Handset) -> str:
        return record.number


def message_id(given: str) -> UUID | None:
    found = id_of(given) if given else None
    if given and found is None:
        raise Wrong("is no message's id")
    return found


class FindMessages(Params):
    """`wait` holds the answer until a message newer than `after` comes, 30 s at most."""

    after = Param("after", message_id, doc="Only messages that came after the one of this id.")
    wait = Param(
        "wait", integer(0, 30), default=0, doc="How many seconds to wait for one, if there is none."
    )
    direction = Param(
        "direction",
        one_of("received", "sent"),
        default="received",
        doc="What the phone got, or what it sent.",
    )


class ShownPart(TypedDict):
    content_type: str
    size: int
    sha256: str
    name: str | None
    url: Uri


OnPhone = TypedDict(  # `from` is no name that a class could have
    "OnPhone",
    {
        "id": str,
        "direction": str,
        "from": str,
        "to": str,
        "body": str,
        "type": str,
        "parts": list[ShownPart],
        "received_at": Moment,
    },
)


class HandsetMessages(Collection[HandsetMessage]):
    """GET: what the phone got, newest first. POST: the phone sends."""

    doc: ClassVar[str] = "What a simulated phone got, newest first; what is posted, it sends."
    bodies: ClassVar[dict[str, Any]] = {"create": NewMessage}
    examples: ClassVar[dict[str, dict[str, str]]] = {
        "create": {"to": "+15017122661", "body": "Hello from a phone"}
    }
    path: ClassVar[str] = "/Handsets/{Number}/Messages"
    key: ClassVar[str] = "messages"
    element: ClassVar[str] = "Message"
    filters: ClassVar[type[Params]] = FindMessages
    reads_body: ClassVar[bool] = True
    most_bytes: ClassVar[int] = 12 * 2**20

    def __init__(self, database: Database, network: SimulatedNetwork, egress: Egress) -> None:
        self._database = database
        self._network = network
        self._egress = egress

    async def list(
        self, call: Call, given: FindMessages, page: PageRequest
    ) -> Page[HandsetMessage]:
        number = (await handset_at(self._database, call, call.path["Number"])).number
        until = clock.monotonic() + given.wait
        while True:
            rung = self._network.bell.listen(number)
            rows = await store.messages(
                self._database, number, after=given.after, direction=given.direction, most=_MOST
            )
            left = until - clock.monotonic()
            if rows or left <= 0:
                return Page.of(rows, page, self.identify)
            await wait_for(rung, min(left, _LOOK_SECONDS))

    async def create(self, call: Call, given: Params) -> HandsetMessage:
        handset = await handset_at(self._database, call, call.path["Number"])
        new = read(call, NewMessage)
        to = phone.parse_e164(new.to) or new.to
        if phone.parse_e164(to) is None and not phone.is_short_code(to):
            raise Refused(21211, f"{new.to} is not a number that can be dialled.")
        media = [await self._media(item) for item in new.media]
        return await self._network.send(handset.number, to, new.body, media)

    async def _media(self, item: NewMedia) -> InboundMedia:
        content = item.content()
        if content is not None:
            kind = item.content_type or _BINARY
            return InboundMedia(content_type=kind, content=content, name=item.name)
        if not item.url:
            raise Refused(20422, "media: base64 or url is needed", status=400)
        try:
            reply = await self._egress.request("GET", item.url, limits=_FETCH, redirects=5)
        except EgressError as error:
            raise Refused(11200, f"{item.url}: {error.message}", status=400) from error
        if reply.status not in _OK:
            raise Refused(11200, f"{item.url}: HTTP {reply.status}", status=400)
        kind = item.content_type or reply.headers.get("Content-Type", _BINARY)
        return InboundMedia(content_type=kind, content=reply.body, name=item.name)

    def identify(self, record: HandsetMessage) -> str:
        return record.id.hex

    def represent(self, record: HandsetMessage, call: Call) -> OnPhone:
        at = f"{call.base_url}/v1/Handsets/{record.number}/Messages/{record.id.hex}/Parts"
        return {
            "id": record.id.hex,
            "direction": record.direction,
            "from": record.from_,
            "to": record.to,
            "body": record.body,
            "type": record.type,
            "parts": [
                {
                    "content_type": part["content_type"],
                    "size": part["size"],
                    "sha256": part["digest"],
                    "name": part.get("name"),
                    "url": f"{at}/{n}",
                }
                for n, part in enumerate(record.parts)
            ],
            "received_at": record.at.isoformat(timespec="milliseconds"),
        }


class CarrierRecord(Record, frozen=True):
    name: str
    profile: Profile


class Carriers(Collection[CarrierRecord]):
    doc: ClassVar[str] = "How the carriers of the simulated network behave, faults included."
    bodies: ClassVar[dict[str, Any]] = {"create": Profile, "update": Profile}
    examples: ClassVar[dict[str, dict[str, Any]]] = {
        "create": {"name": "flaky", "latency": [0.5, 2.0], "faults": {"temporary": 0.2}},
        "update": {"receipts": "late"},
    }
    shows: ClassVar[Any] = Profile
    called: ClassVar[str] = "name"
    path: ClassVar[str] = "/Carriers"
    key: ClassVar[str] = "carriers"
    element: ClassVar[str] = "Carrier"
    reads_body: ClassVar[bool] = True
    update_methods: ClassVar[tuple[str, ...]] = ("POST", "PUT")

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def list(self, call: Call, given: Params, page: PageRequest) -> Page[CarrierRecord]:
        profiles = await self._directory.profiles()
        known = [CarrierRecord(name, profiles[name]) for name in sorted(profiles)]
        return Page.of(known, page, self.identify)

    async def create(self, call: Call, given: Params) -> CarrierRecord:
        return await self._keep(read(call, Profile))

    async def fetch(self, call: Call, sid: str) -> CarrierRecord:
        profile = (await self._directory.profiles()).get(sid)
        if profile is None:
            raise call.not_found()
        return CarrierRecord(sid, profile)

    async def update(self, call: Call, sid: str, given: Params) -> CarrierRecord:
        """Fields that are not given stay as they are."""
        known = await self.fetch(call, sid)
        given_fields = read(call, dict[str, Any])
        merged = msgspec.to_builtins(known.profile) | given_fields | {"name": sid}
        try:
            profile = msgspec.convert(merged, Profile)
        except msgspec.ValidationError as error:
            raise Refused(20422, f"The body is not right: {error}", status=400) from error
        return await self._keep(profile)

    async def delete(self, call: Call, sid: str) -> None:
        """A built-in carrier is as it was again; another one is gone."""
        await self.fetch(call, sid)
        await store.delete_profile(self._database, sid)
        self._directory.forget()

    async def _keep(self, profile: Profile) -> CarrierRecord:
        kept = msgspec.to_builtins(profile)
        await store.put_profile(self._database, profile.name, kept, clock.now())
        self._directory.forget()
        return CarrierRecord(profile.name, profile)

    def identify(self, record: CarrierRecord) -> str:
        return record.name

    def represent(self, record: CarrierRecord, call: Call) -> dict[str, object]:
        shown: dict[str, object] = msgspec.to_builtins(record.profile)
        return shown


class Parts:
    """The bytes that a phone got, for whoever may ask for the handset."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    async def get(self, request: Request) -> Response | None:
        """None if there is no such part."""
        id_ = id_of(request.path_params["Id"])
        place = request.path_params["Part"]
        message = (
            await store.message(self._database, request.path_params["Number"], id_) if id_ else None
        )
        if message is None or not place.isdigit() or int(place) >= len(message.parts):
            return None
        part = message.parts[int(place)]
        headers = {
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        content = await self._blobs.get(Digest(part["digest"]))
        return Response(content, media_type=part["content_type"], headers=headers)


async def handset_at(database: Database, call: Call, number: str) -> Handset:
    handset = await store.handset(database, phone.parse_e164(number) or number)
    if handset is None:
        raise call.not_found()
    return handset
