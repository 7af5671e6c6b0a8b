"""`/magpie/v1/Messages`: the search of the console, for programs."""

from typing import Annotated, ClassVar, TypedDict
from uuid import UUID

from magpie import sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, short_text
from magpie.messages.lifecycle import Status
from magpie.messages.model import Direction, Message
from magpie.messages.search import store
from magpie.messages.search.grammar import WrongQuery, parse

_INVALID, _BAD_TOKEN = 20422, 21481
_LONGEST = 1000


class FindMessages(Params):
    query = Param(
        "Q", short_text(_LONGEST), doc='What to find, as: to:+1555 status:failed "some words".'
    )


Found = TypedDict(  # `from` is no name that a class could have
    "Found",
    {
        "sid": str,
        "date_created": Moment,
        "direction": Annotated[str, Direction],
        "from": str | None,
        "to": str,
        "status": Annotated[str, Status],
        "error_code": int | None,
        "num_segments": int,
        "num_media": int,
        "messaging_service_sid": str | None,
        "body": str,
    },
)


class Search(Collection[Message]):
    """Newest first; `Q` is in the grammar of `grammar.py`."""

    doc: ClassVar[str] = "The search of the console, for programs; newest first."
    path: ClassVar[str] = "/Messages"
    key: ClassVar[str] = "messages"
    element: ClassVar[str] = "Message"
    filters: ClassVar[type[Params]] = FindMessages

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, call: Call, given: FindMessages, page: PageRequest) -> Page[Message]:
        try:
            query = parse(given.query or "", clock.now())
        except WrongQuery as wrong:
            raise Refused(_INVALID, str(wrong), status=400) from wrong
        rows = await store.find(
            self._database,
            call.account_sid,
            query,
            older_than=_edge(page.after),
            newer_than=_edge(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    def identify(self, record: Message) -> str:
        return record.sid

    def represent(self, record: Message, call: Call) -> Found:
        return {
            "sid": record.sid,
            "date_created": record.date_created.isoformat(timespec="milliseconds"),
            "direction": record.direction,
            "from": record.from_,
            "to": record.to,
            "status": record.status,
            "error_code": record.error_code,
            "num_segments": record.num_segments,
            "num_media": record.num_media,
            "messaging_service_sid": record.messaging_service_sid,
            "body": record.body,
        }


def _edge(sid: str | None) -> UUID | None:
    if sid is None:
        return None
    if not sids.is_sid(sid, "SM", "MM"):
        raise Refused(_BAD_TOKEN)
    return sids.uuid_of(sid)
