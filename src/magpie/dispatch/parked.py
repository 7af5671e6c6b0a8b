"""`/magpie/v1/Carriers/{Name}/ParkedReceipts`: receipts of messages that nobody knows."""

from collections.abc import Container
from datetime import datetime
from typing import Any, ClassVar, Final

from magpie.accounts.operator import operator
from magpie.dispatch import store
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest

_BAD_TOKEN: Final = 21481


class ParkedReceipt(Record, frozen=True):
    """`detail` is what the carrier said. `parked_at` has microseconds: pages go on from it."""

    carrier_id: str
    state: str
    code: int | None
    detail: str
    parked_at: Moment


class ParkedReceipts(Collection[ParkedReceipt]):
    """The latest first, for two days; each leaves as soon as its message is known."""

    doc: ClassVar[str] = (
        "Receipts of messages that nobody knows yet, the latest first; they are kept for two days."
    )
    path: ClassVar[str] = "/Carriers/{Name}/ParkedReceipts"
    key: ClassVar[str] = "parked_receipts"
    element: ClassVar[str] = "ParkedReceipt"

    def __init__(self, database: Database, links: Container[str]) -> None:
        self._database = database
        self._links = links

    async def list(
        self,
        call: Call,
        given: object,  # noqa: ARG002 - a verb is given its parameters, used or not
        page: PageRequest,
    ) -> Page[ParkedReceipt]:
        operator(call)
        name = call.path["Name"]
        if name not in self._links:
            raise call.not_found()
        rows = await store.parked_of(self._database, name, page.limit, _edge(page.after))
        shown = [_shown(*row) for row in rows]
        return Page(shown[: page.size], has_next=len(rows) > page.size)

    def identify(self, record: ParkedReceipt) -> str:
        return record.carrier_id

    def cursor(self, record: ParkedReceipt) -> str:
        return record.parked_at


def _edge(after: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(after) if after else None
    except ValueError as wrong:
        raise Refused(_BAD_TOKEN) from wrong


def _shown(carrier_id: str, receipt: dict[str, Any], parked_at: datetime) -> ParkedReceipt:
    return ParkedReceipt(
        carrier_id=carrier_id,
        state=receipt["state"],
        code=receipt.get("code"),
        detail=receipt.get("detail", ""),
        parked_at=parked_at.isoformat(timespec="microseconds"),
    )
