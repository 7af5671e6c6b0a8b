"""The account's senders: what each can do, where its messages go, and new ones to buy."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from magpie import sids
from magpie.console import calls
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit.db import Database
from magpie.kit.queue import Queue
from magpie.kit.rest import V2010, Call, Form
from magpie.senders import store
from magpie.senders.inventory import store as inventory
from magpie.senders.inventory.model import Search
from magpie.senders.model import Kind, Sender
from magpie.senders.numbers import Numbers as Held
from magpie.senders.parameters import BuyNumber, ChangeNumber
from magpie.senders.short_codes import ShortCodes
from magpie.users.model import Role

_MOST: Final = 1000
_OFFERED: Final = 30
_SET_UP: Final = (
    "FriendlyName",
    "SmsUrl",
    "SmsMethod",
    "SmsFallbackUrl",
    "SmsFallbackMethod",
    "StatusCallback",
)


class Numbers:
    place: Place | None = Place("Deliver", "Numbers", "/numbers", "hash", "n")

    def __init__(self, database: Database, held: Held, codes: ShortCodes, outbound: Queue) -> None:
        self._database = database
        self._held = held
        self._codes = codes
        self._outbound = outbound

    def routes(self) -> Sequence[Route]:
        return (
            Route("/numbers", self.show),
            Route("/numbers/buy", self.offers, role=Role.OPERATOR),
            Route("/numbers/buy", self.buy, "POST", Role.OPERATOR),
            Route("/numbers/{sid}", self.one),
            Route("/numbers/{sid}", self.change, "POST", Role.OPERATOR),
            Route("/numbers/{sid}/release", self.release, "POST", Role.OPERATOR),
        )

    async def show(self, visit: Visit) -> Response:
        rows = await store.page(self._database, visit.account_sid, [*Kind], most=_MOST)
        lanes = {lane.name: lane for lane in await self._outbound.lanes_of(visit.account_sid)}
        return visit.page("numbers.html", senders=rows, lanes=lanes)

    async def one(self, visit: Visit) -> Response:
        sender = await self._find(visit)
        lanes = await self._outbound.lanes_of(visit.account_sid)
        lane = next((lane for lane in lanes if lane.name == sender.address), None)
        return visit.page("number.html", sender=sender, lane=lane)

    async def change(self, visit: Visit) -> Response:
        """A field that is emptied is given as blank: the URL is taken off."""
        sender = await self._find(visit)
        posted = await visit.form()
        form = Form([(name, str(posted.get(name, ""))) for name in _SET_UP if name in posted])
        collection, parameters = self._of(sender)
        call = self._call(visit, form)
        await collection.update(call, sender.sid, parameters.parse(form))
        return visit.see(f"/numbers/{sender.sid}", "Saved.")

    async def release(self, visit: Visit) -> Response:
        sender = await self._find(visit)
        if sender.kind == Kind.SHORT_CODE:
            raise Refused(20422, "A short code is taken back by whoever runs the platform.")
        await self._held.delete(self._call(visit), sender.sid)
        return visit.see("/numbers", f"{sender.address} is released.")

    async def offers(self, visit: Visit) -> Response:
        kind = visit.query.get("kind", Kind.LOCAL)
        country = visit.query.get("country", "US").upper()[:2]
        area = visit.query.get("area", "").strip() or None
        if area is not None and not (area.isdigit() and len(area) == len("415")):
            raise Refused(20422, "An area code has three digits.")
        found = []
        if kind in {Kind.LOCAL, Kind.MOBILE, Kind.TOLL_FREE}:
            found = await inventory.for_sale(
                self._database, country, kind, Search(area_code=area), _OFFERED
            )
        offered = await inventory.offered(self._database)
        return visit.page(
            "buy.html", found=found, offered=offered, kind=kind, country=country, area=area or ""
        )

    async def buy(self, visit: Visit) -> Response:
        number = str((await visit.form()).get("number", ""))
        form = Form([("PhoneNumber", number)])
        bought = await self._held.create(self._call(visit, form), BuyNumber.parse(form))
        return visit.see(f"/numbers/{bought.sid}", f"{bought.address} is yours.")

    def _of(self, sender: Sender) -> tuple[Any, Any]:
        if sender.kind == Kind.SHORT_CODE:
            return self._codes, self._codes.updating
        return self._held, ChangeNumber

    def _call(self, visit: Visit, form: Form | None = None) -> Call:
        at = f"/2010-04-01/Accounts/{visit.account_sid}/IncomingPhoneNumbers"
        return calls.call(visit, form, at=at, dialect=V2010)

    async def _find(self, visit: Visit) -> Sender:
        sid = visit.path["sid"]
        if sids.is_sid(sid, "PN", "SC"):
            found = await store.by_sid(self._database, visit.account_sid, sid)
            if found is not None:
                return found
        raise Refused(20404, "The account has no such number.")
