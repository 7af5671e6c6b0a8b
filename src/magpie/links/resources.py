"""`/magpie/v1/Links`: the short links of an account, who opened them, and how to take one back."""

import re
from typing import Annotated, Any, ClassVar, Final, Literal, TypedDict
from uuid import UUID

from magpie import sids
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Param, Params, Uri, Wrong
from magpie.links import store
from magpie.links.domains import store as domains
from magpie.links.domains.model import Domain
from magpie.links.model import Kind, Link, Open
from magpie.links.shorten import path_of

_BAD_TOKEN: Final = 21481
_EDGE: Final = re.compile(r"([0-9a-f]{32})\.([0-9A-Za-z]{10,22})")
_DOMAINS: Final = "links.domains"


def _message(given: str) -> UUID:
    if not sids.is_sid(given, "SM", "MM"):
        raise Wrong("must be the SID of a message")
    return sids.uuid_of(given)


class FindLinks(Params):
    message_id = Param("MessageSid", _message, doc="Only the links of this message.")


class Subresources(TypedDict):
    opens: Uri


class ShownLink(TypedDict):
    sid: str
    account_sid: str
    message_sid: str
    messaging_service_sid: str | None
    domain_sid: str | None
    kind: Annotated[str, Kind]
    link: Uri | None
    target: str | None
    opens: int
    previews: int
    date_created: Moment
    date_expires: Moment
    date_revoked: Moment | None
    date_last_opened: Moment | None
    url: Uri
    links: Subresources


class ShownOpen(TypedDict):
    account_sid: str
    link_sid: str
    date: Moment
    by: Literal["person", "program"]
    client: str | None
    user_agent: str | None


class Links(Collection[Link]):
    doc: ClassVar[str] = (
        "The short links of an account; one that is deleted says that it has ended."
    )
    path: ClassVar[str] = "/Links"
    key: ClassVar[str] = "links"
    element: ClassVar[str] = "Link"
    filters: ClassVar[type[Params]] = FindLinks

    def __init__(self, database: Database, base_url: str) -> None:
        self._database = database
        self._base_url = base_url

    async def list(self, call: Call, given: FindLinks, page: PageRequest) -> Page[Link]:
        rows = await store.page(
            self._database,
            call.account_sid,
            given.message_id,
            after=_edge(page.after),
            before=_edge(page.before),
            most=page.limit,
        )
        await self._name(call, *rows)
        return Page.cut(rows, page)

    async def fetch(self, call: Call, sid: str) -> Link:
        link = await _find(self._database, call, sid)
        await self._name(call, link)
        return link

    async def delete(self, call: Call, sid: str) -> None:
        """Take it back: whoever opens it from now on reads that it has ended."""
        if not await store.revoke(self._database, call.account_sid, sid, clock.now()):
            raise call.not_found()

    def identify(self, record: Link) -> str:
        return record.token

    def cursor(self, record: Link) -> str:
        return f"{record.message_id.hex}.{record.token}"

    def represent(self, record: Link, call: Call) -> ShownLink:
        date = call.dialect.date
        revoked, last = record.revoked_at, record.last_opened_at
        return {
            "sid": record.token,
            "account_sid": record.account_sid,
            "message_sid": record.message_sid,
            "messaging_service_sid": record.messaging_service_sid,
            "domain_sid": record.domain_sid,
            "kind": record.kind,
            "link": self._link(record, call.extra[_DOMAINS]),
            "target": record.target,
            "opens": record.opens,
            "previews": record.previews,
            "date_created": date(record.created_at),
            "date_expires": date(record.expires_at),
            "date_revoked": date(revoked) if revoked else None,
            "date_last_opened": date(last) if last else None,
            "url": call.link(record.token),
            "links": {"opens": call.link(record.token, "Opens")},
        }

    async def _name(self, call: Call, *links: Link) -> None:
        wanted = {link.domain_sid for link in links if link.domain_sid}
        call.extra[_DOMAINS] = await domains.by_sids(self._database, call.account_sid, wanted)

    def _link(self, link: Link, known: dict[str, Domain]) -> str | None:
        """As a phone opens it; None if its domain was deleted, so that nobody can."""
        if link.domain_sid is None:
            return self._base_url + path_of(link)
        domain = known.get(link.domain_sid)
        return domain.url(link.token) if domain else None


class Opens(Collection[Open]):
    """The newest thousand, newest first."""

    doc: ClassVar[str] = "Who opened a short link: the newest thousand, newest first."
    path: ClassVar[str] = "/Links/{LinkSid}/Opens"
    key: ClassVar[str] = "opens"
    element: ClassVar[str] = "Open"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, call: Call, given: Any, page: PageRequest) -> Page[Open]:
        link = await _find(self._database, call, call.path["LinkSid"])
        rows = await store.opens(
            self._database,
            call.account_sid,
            link.token,
            older_than=_id(page.after),
            newer_than=_id(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    def identify(self, record: Open) -> str:
        return record.id.hex

    def represent(self, record: Open, call: Call) -> ShownOpen:
        return {
            "account_sid": record.account_sid,
            "link_sid": record.token,
            "date": call.dialect.date(record.at),
            "by": "person" if record.person else "program",
            "client": record.client,
            "user_agent": record.user_agent,
        }


async def _find(database: Database, call: Call, token: str) -> Link:
    link = await store.find(database, token)
    if link is None or link.account_sid != call.account_sid:
        raise call.not_found()
    return link


def _edge(cursor: str | None) -> tuple[UUID, str] | None:
    if cursor is None:
        return None
    match = _EDGE.fullmatch(cursor)
    if match is None:
        raise Refused(_BAD_TOKEN)
    return UUID(hex=match[1]), match[2]


def _id(cursor: str | None) -> UUID | None:
    try:
        return UUID(hex=cursor) if cursor is not None else None
    except ValueError:
        raise Refused(_BAD_TOKEN) from None
