"""`/magpie/v1/Domains`: the domains of an account; Twilio has them made in its Console only."""

from typing import ClassVar, TypedDict

from magpie import sids
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import Call, Collection, Moment, Page, PageRequest, Params, Uri
from magpie.links.domains import store
from magpie.links.domains.model import Domain, new_domain
from magpie.links.domains.parameters import CreateDomain

_CONFLICT, _BAD_TOKEN = 20409, 21481


class ShownDomain(TypedDict):
    sid: str
    account_sid: str
    domain_name: str
    config_sid: str
    date_created: Moment
    date_updated: Moment
    url: Uri


class Domains(Collection[Domain]):
    doc: ClassVar[str] = "The hosts by which an account shortens its links."
    path: ClassVar[str] = "/Domains"
    key: ClassVar[str] = "domains"
    element: ClassVar[str] = "Domain"
    creating: ClassVar[type[Params]] = CreateDomain
    examples: ClassVar[dict[str, dict[str, str]]] = {"create": {"DomainName": "s.example.com"}}

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(
        self,
        call: Call,
        given: Params,  # noqa: ARG002 - a verb is given its parameters, used or not
        page: PageRequest,
    ) -> Page[Domain]:
        rows = await store.page(
            self._database,
            call.account_sid,
            after=_edge(page.after),
            before=_edge(page.before),
            most=page.limit,
        )
        return Page.cut(rows, page)

    async def create(self, call: Call, given: CreateDomain) -> Domain:
        domain = new_domain(call.account_sid, given.name)
        if not await store.insert(self._database, domain):
            raise Refused(_CONFLICT, "The domain name is in use already.", status=409)
        return domain

    async def fetch(self, call: Call, sid: str) -> Domain:
        found = await store.get(self._database, call.account_sid, sid)
        if found is None:
            raise call.not_found()
        return found

    async def delete(self, call: Call, sid: str) -> None:
        if not await store.delete(self._database, call.account_sid, sid):
            raise call.not_found()

    def represent(self, record: Domain, call: Call) -> ShownDomain:
        return {
            "sid": record.sid,
            "account_sid": record.account_sid,
            "domain_name": record.name,
            "config_sid": record.config_sid,
            "date_created": call.dialect.date(record.date_created),
            "date_updated": call.dialect.date(record.date_updated),
            "url": call.link(record.sid),
        }


def _edge(sid: str | None) -> str | None:
    if sid is not None and not sids.is_sid(sid, "DN"):
        raise Refused(_BAD_TOKEN)
    return sid
