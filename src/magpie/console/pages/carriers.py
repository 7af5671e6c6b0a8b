"""Links to networks and the routes that lead to them: how they are, and the switches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from magpie.accounts.auth import Caller
from magpie.carriers import configuration
from magpie.carriers.model import Status
from magpie.carriers.resources import CarrierRecord, ChangeCarrier, CreateCarrier
from magpie.carriers.resources import Carriers as Resource
from magpie.carriers.route_resources import ChangeRoute, CreateRoute, Routes
from magpie.carriers.trace_resources import AskTrace, TraceOf
from magpie.console import calls
from magpie.console.page import Place, Route
from magpie.console.pages import carrier_form, faults
from magpie.console.visit import Visit
from magpie.errors import Refused
from magpie.kit import feed
from magpie.kit.rest import Call, Form, Mistake, PageRequest
from magpie.simulator.carriers.resources import Carriers as Networks
from magpie.users.model import Role

TOPIC: Final = "carriers"
_ALL: Final = PageRequest(size=1000)
_TRACE: Final = PageRequest(size=200)


class Carriers:
    """`networks` are the simulated ones, if there are such."""

    place: Place | None = Place("Deliver", "Carriers", "/carriers", "radio-tower", "c")

    def __init__(
        self, links: Resource, trace: TraceOf, routes: Routes, networks: Networks | None
    ) -> None:
        self._links = links
        self._trace = trace
        self._routes = routes
        self._networks = networks

    def routes(self) -> Sequence[Route]:
        one = "/carriers/links/{name}"
        posts = {
            "/carriers/new": self.create,
            one: self.change,
            f"{one}/status": self.switch,
            f"{one}/delete": self.delete,
            "/carriers/routes": self.new_route,
            "/carriers/routes/{sid}": self.change_route,
            "/carriers/routes/{sid}/delete": self.delete_route,
            "/carriers/networks/{name}": self.disturb,
        }
        return (
            Route("/carriers", self.show),
            Route("/carriers/new", self.new, role=Role.OPERATOR),
            Route(one, self.one),
            Route(f"{one}/edit", self.edit, role=Role.OPERATOR),
            *(Route(path, answer, "POST", Role.OPERATOR) for path, answer in posts.items()),
        )

    async def show(self, visit: Visit) -> Response:
        call = _call(visit)
        return visit.page(
            "carriers.html",
            links=(await self._links.list(call, None, _ALL)).items,
            ways=(await self._routes.list(call, None, _ALL)).items,
            networks=await faults.every(self._networks, call),
            presets=faults.PRESETS,
            operates=visit.may(Role.OPERATOR),
        )

    async def one(self, visit: Visit) -> Response:
        name = visit.path["name"]
        link = await self._links.fetch(_call(visit), name)
        call = replace(_call(visit), path={"Name": name})
        traced = await self._trace.list(call, AskTrace.parse(Form()), _TRACE)
        return visit.page(
            "carrier.html",
            link=link,
            trace=traced.items[::-1],
            statuses=[status.value for status in Status if status != link.status],
            operates=visit.may(Role.OPERATOR),
        )

    async def new(self, visit: Visit) -> Response:
        return self._form(visit, visit.query.get("kind", ""), {})

    async def create(self, visit: Visit) -> Response:
        given = await _given(visit)
        kind = given.get("Kind", "")
        said = carrier_form.read(carrier_form.fields_of(kind), given, {})
        form = _form(Name=given.get("Name", ""), Kind=kind, Configuration=_json(said))
        try:
            made = await self._links.create(_call(visit, form), CreateCarrier.parse(form))
        except (Refused, Mistake) as wrong:
            return self._form(visit, kind, given, wrong)
        return _see(visit, _at(made.name), f"{made.name} is there.")

    async def edit(self, visit: Visit) -> Response:
        link = await self._links.fetch(_call(visit), visit.path["name"])
        return self._form(visit, link.kind or "", _written(link), link=link)

    async def change(self, visit: Visit) -> Response:
        given = await _given(visit)
        link = await self._links.fetch(_call(visit), visit.path["name"])
        kind = link.kind or ""
        said = carrier_form.read(carrier_form.fields_of(kind), given, _written(link))
        form = _form(Configuration=_json(said))
        try:
            await self._links.update(_call(visit, form), link.name, ChangeCarrier.parse(form))
        except (Refused, Mistake) as wrong:
            return self._form(visit, kind, given, wrong, link)
        return _see(visit, _at(link.name), "Saved.")

    async def switch(self, visit: Visit) -> Response:
        name, status = visit.path["name"], (await _given(visit)).get("status", "")
        form = _form(Status=status)
        await self._links.update(_call(visit, form), name, ChangeCarrier.parse(form))
        return _see(visit, _at(name), f"{name} is {status}.")

    async def delete(self, visit: Visit) -> Response:
        name = visit.path["name"]
        await self._links.delete(_call(visit), name)
        return _see(visit, "/carriers", f"{name} is gone; what is under way finishes.")

    async def new_route(self, visit: Visit) -> Response:
        form = await _route_form(visit)
        made = await self._routes.create(_call(visit, form), CreateRoute.parse(form))
        return _see(visit, "/carriers", f"A route leads to {made.carrier}.")

    async def change_route(self, visit: Visit) -> Response:
        form = await _route_form(visit)
        await self._routes.update(_call(visit, form), visit.path["sid"], ChangeRoute.parse(form))
        return _see(visit, "/carriers", "The route is changed.")

    async def delete_route(self, visit: Visit) -> Response:
        await self._routes.delete(_call(visit), visit.path["sid"])
        return _see(visit, "/carriers", "The route is gone.")

    async def disturb(self, visit: Visit) -> Response:
        """Switch one of the presets on for a simulated network, or all faults off."""
        name, wanted = visit.path["name"], (await _given(visit)).get("preset", "")
        if self._networks is None:
            raise Refused(20404, "There is no simulated network.")
        if wanted:
            await faults.switch(self._networks, _call(visit), name, wanted)
        else:
            await faults.off(self._networks, _call(visit), name)
        return _see(visit, "/carriers", f"{name}: {wanted or 'as it was'}.")

    def _form(
        self,
        visit: Visit,
        kind: str,
        given: Mapping[str, str],
        wrong: Refused | Mistake | None = None,
        link: CarrierRecord | None = None,
    ) -> Response:
        """Without a known kind, it asks for one first."""
        at, told = carrier_form.mistake(_told(wrong)) if wrong else ("", "")
        return visit.page(
            "carrier_form.html",
            400 if wrong else 200,
            kinds=configuration.NAMES,
            kind=kind if kind in configuration.NAMES else "",
            fields=carrier_form.fields_of(kind),
            given=given,
            link=link,
            wrong=told,
            wrong_at=at,
        )


def _call(visit: Visit, form: Form | None = None) -> Call:
    """Links are the platform's: the main account asks, whichever one is looked at."""
    main = Caller(visit.main, visit.main)
    return replace(calls.call(visit, form), account_sid=visit.main.sid, principal=main)


def _see(visit: Visit, path: str, note: str) -> Response:
    feed.touch({("", TOPIC)})
    return visit.see(path, note)


def _at(name: str) -> str:
    return f"/carriers/links/{quote(name, safe='')}"


async def _given(visit: Visit) -> dict[str, str]:
    posted = await visit.form()
    return {name: value for name, value in posted.items() if isinstance(value, str)}


async def _route_form(visit: Visit) -> Form:
    """An empty prefix says something: all numbers."""
    given = await _given(visit)
    filled = _form(**{name: given.get(name, "") for name in ("Carrier", "Kinds", "Priority")})
    return Form([*filled.items, ("Prefix", given.get("Prefix", "").strip())])


def _form(**fields: str) -> Form:
    return Form([(name, value) for name, value in fields.items() if value])


def _written(link: CarrierRecord) -> dict[str, str]:
    fields = carrier_form.fields_of(link.kind or "")
    return carrier_form.written(fields, link.configuration or {})


def _json(said: Mapping[str, Any]) -> str:
    return msgspec.json.encode(said).decode()


def _told(wrong: Refused | Mistake) -> str:
    if isinstance(wrong, Mistake):
        return f"{wrong.name} {wrong.why} ({wrong.code})"
    return f"{wrong.message} ({wrong.code})"
