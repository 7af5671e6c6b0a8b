"""`/magpie/v1/Messages/{Sid}/Request`: the request by which a message came."""

from typing import ClassVar

from magpie.kit.db import Database
from magpie.kit.record import Record
from magpie.kit.rest import Call, Collection
from magpie.messages.raw import store, told
from magpie.messages.raw.model import Door, RawRequest
from magpie.messages.resources import find


class RawRequestRecord(Record, frozen=True):
    """`size` is that of the whole body in bytes; `pdus` are octets in hexadecimal."""

    door: Door
    by: str
    address: str | None
    method: str | None
    target: str | None
    headers: list[tuple[str, str]]
    body: str | None
    pdus: str | None
    size: int


class RequestOf(Collection[RawRequestRecord]):
    """404 where there was none, or it is not kept any more."""

    doc: ClassVar[str] = "The request by which a message came, as it came, while it is kept."
    path: ClassVar[str] = "/Messages/{MessageSid}/Request"
    element: ClassVar[str] = "Request"
    singleton: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def fetch(self, call: Call, sid: str) -> RawRequestRecord:  # noqa: ARG002 - a singleton
        message = await find(self._database, call, call.path["MessageSid"])
        found = await store.get(self._database, message.account_sid, message.id)
        if found is None:
            raise call.not_found()
        return _shown(found)


def _shown(request: RawRequest) -> RawRequestRecord:
    smpp = request.door == "smpp"
    return RawRequestRecord(
        door=request.door,
        by=request.by,
        address=request.address or None,
        method=request.method or None,
        target=request.target or None,
        headers=request.headers,
        body=None if smpp else told.body(request),
        pdus=request.body.hex() if smpp else None,
        size=request.size,
    )
