"""`/magpie/v1/Carriers/{Name}/Trace`: what went over a link."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from magpie import sids
from magpie.accounts.operator import operator
from magpie.carriers.fleet import Fleet
from magpie.carriers.trace import Traced, Tracing, naming
from magpie.carriers.traffic import keys_of
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Page, PageRequest, Param, Params, Wrong, integer

IdsOf: TypeAlias = Callable[[str, Iterable[str], UUID], Awaitable[set[str]]]
"""Of these ids that a carrier gave, those of a message."""


def _message(given: str) -> UUID:
    if not sids.is_sid(given, "SM", "MM"):
        raise Wrong("must be the SID of a message")
    return sids.uuid_of(given)


class TraceRecord(Record, frozen=True):
    """`bytes` is hexadecimal, with secrets overwritten."""

    number: int
    at: str
    direction: str
    what: str
    status: str
    sequence: str
    fields: dict[str, Any]
    bytes: str


class AskTrace(Params):
    after = Param(
        "After", integer(0), default=0, doc="Only what came after the one of this number."
    )
    message = Param("MessageSid", _message, doc="Only what is about this message.")


class TraceOf(Collection[TraceRecord]):
    doc: ClassVar[str] = (
        "The last of what went over a link on the node that is asked, oldest first."
    )
    path: ClassVar[str] = "/Carriers/{Name}/Trace"
    key: ClassVar[str] = "trace"
    element: ClassVar[str] = "Traced"
    filters: ClassVar[type[Params]] = AskTrace

    def __init__(self, fleet: Fleet, ids_of: IdsOf, *, personal: bool) -> None:
        self._fleet = fleet
        self._ids_of = ids_of
        self._personal = personal

    async def list(self, call: Call, given: AskTrace, page: PageRequest) -> Page[TraceRecord]:
        operator(call)
        name = call.path["Name"]
        if not any(entry.name == name for entry in self._fleet.entries()):
            raise call.not_found()
        link: object = self._fleet.links.get(name)
        traced: Sequence[Traced] = []
        if isinstance(link, Tracing):
            traced = link.trace(after=given.after, personal=self._personal)
        if given.message is not None:
            traced = await self._about(traced, name, given.message)
        kept = traced[: page.size] if given.after else traced[-page.size :]
        return Page([shown(one) for one in kept])

    async def _about(
        self, traced: Sequence[Traced], carrier: str, message: UUID
    ) -> Sequence[Traced]:
        named = {name for one in traced for name in one.names}
        ids = await self._ids_of(carrier, named, message)
        return naming(traced, {*keys_of(message), *ids})

    def identify(self, record: TraceRecord) -> str:
        return str(record.number)


def shown(one: Traced) -> TraceRecord:
    return TraceRecord(
        number=one.number,
        at=one.at.isoformat(timespec="milliseconds"),
        direction=one.direction,
        what=one.what,
        status=one.status,
        sequence=one.sequence,
        fields=one.fields,
        bytes=one.octets.hex(),
    )
