"""`/simulator/v1/Handsets/{Number}/Messages`: what a phone got, and what it sends."""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

from magpie import phone
from magpie.carriers.traffic import InboundMedia
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.egress import Egress, EgressError, Limits
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
from magpie.simulator.bodies import NewMedia, NewMessage, read
from magpie.simulator.model import HandsetMessage
from magpie.simulator.network import SimulatedNetwork, id_of
from magpie.simulator.resources import handset_at

_MOST = 1000
_BINARY = "application/octet-stream"
# A message that another process delivered rings no bell here.
_LOOK_SECONDS = 1.0
_OK = range(200, 300)
_FETCH = Limits(total=30.0, most_bytes=10 * 2**20)


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
