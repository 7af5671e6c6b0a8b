"""Messaging Services: pools of senders that act as one."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from magpie import sids
from magpie.console import calls
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.rest import Form
from magpie.senders import store as senders
from magpie.senders.model import Kind
from magpie.services import store
from magpie.services.book import ServiceBook
from magpie.services.members import resources as pools
from magpie.services.members import store as members
from magpie.services.model import USECASES, Service
from magpie.services.parameters import ChangeService, CreateService
from magpie.services.resources import Services as Resource
from magpie.users.model import Role

_MOST: Final = 1000
_SWITCHES: Final = (
    ("StickySender", "sticky_sender", "The same sender for the same receiver"),
    ("AreaCodeGeomatch", "area_code_geomatch", "A sender near the receiver"),
    ("MmsConverter", "mms_converter", "A link where there is no MMS"),
    ("SmartEncoding", "smart_encoding", "Look-alike characters that keep a text short"),
)
_TEXTS: Final = (
    ("FriendlyName", "friendly_name", "Name"),
    ("InboundRequestUrl", "inbound_request_url", "URL for what phones send"),
    ("FallbackUrl", "fallback_url", "URL when that fails"),
    ("StatusCallback", "status_callback", "Status callback"),
    ("ValidityPeriod", "validity_period", "Seconds after which it is too late"),
)


class Services:
    place: Place | None = Place("Deliver", "Services", "/services", "boxes", "v")

    def __init__(self, database: Database, book: ServiceBook) -> None:
        self._database = database
        self._resource = Resource(database, book.forget)
        self._numbers = pools.PhoneNumbers(database, book.forget)
        self._codes = pools.ShortCodes(database, book.forget)

    def routes(self) -> Sequence[Route]:
        one = "/services/{sid}"
        return (
            Route("/services", self.show),
            Route("/services", self.create, "POST", Role.OPERATOR),
            Route(one, self.one),
            Route(one, self.change, "POST", Role.OPERATOR),
            Route(f"{one}/delete", self.delete, "POST", Role.OPERATOR),
            Route(f"{one}/add", self.add, "POST", Role.OPERATOR),
            Route(f"{one}/take", self.take, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        rows = await store.page(
            self._database, visit.account_sid, after=None, before=None, most=_MOST
        )
        return visit.page("services.html", services=rows)

    async def one(self, visit: Visit) -> Response:
        service = await self._find(visit)
        pool = await members.of_service(self._database, visit.account_sid, service.sid)
        inside = {member.sid for member in pool}
        held = await senders.page(self._database, visit.account_sid, [*Kind], most=_MOST)
        return visit.page(
            "service.html",
            service=service,
            pool=pool,
            outside=[one for one in held if one.sid not in inside],
            switches=_SWITCHES,
            texts=_TEXTS,
            usecases=USECASES,
        )

    async def create(self, visit: Visit) -> Response:
        form = await calls.form_of(await visit.form(), ["FriendlyName"])
        made = await self._resource.create(calls.call(visit, form), CreateService.parse(form))
        return visit.see(f"/services/{made.sid}", f"{made.friendly_name} is there.")

    async def change(self, visit: Visit) -> Response:
        """A box that is not ticked is not sent by browsers: it means no. Emptied, a URL goes."""
        service = await self._find(visit)
        posted = await visit.form()
        fields = [(name, str(posted.get(name, ""))) for name, _, _ in _TEXTS if name in posted]
        fields += [(name, "true" if name in posted else "false") for name, _, _ in _SWITCHES]
        fields += [("Usecase", str(posted["Usecase"]))] if posted.get("Usecase") else []
        form = Form(fields)
        await self._resource.update(calls.call(visit, form), service.sid, ChangeService.parse(form))
        return visit.see(f"/services/{service.sid}", "Saved.")

    async def delete(self, visit: Visit) -> Response:
        service = await self._find(visit)
        await self._resource.delete(calls.call(visit), service.sid)
        return visit.see("/services", f"{service.friendly_name} is gone.")

    async def add(self, visit: Visit) -> Response:
        service = await self._find(visit)
        sid = str((await visit.form()).get("sender", ""))
        call = calls.call(visit, ServiceSid=service.sid)
        if sids.is_sid(sid, "SC"):
            form = Form([("ShortCodeSid", sid)])
            await self._codes.create(call, pools.AddShortCode.parse(form))
        else:
            form = Form([("PhoneNumberSid", sid)])
            await self._numbers.create(call, pools.AddNumber.parse(form))
        return visit.see(f"/services/{service.sid}", "It is in the pool.")

    async def take(self, visit: Visit) -> Response:
        service = await self._find(visit)
        sid = str((await visit.form()).get("sender", ""))
        call = calls.call(visit, ServiceSid=service.sid)
        pool = self._codes if sids.is_sid(sid, "SC") else self._numbers
        await pool.delete(call, sid)
        return visit.see(f"/services/{service.sid}", "It is out of the pool.")

    async def _find(self, visit: Visit) -> Service:
        sid = visit.path["sid"]
        found = None
        if sids.is_sid(sid, "MG"):
            found = await store.by_sid(self._database, visit.account_sid, sid)
        if found is None:
            raise Refused(20404, "The account has no such service.")
        return found
