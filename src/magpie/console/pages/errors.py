"""What went wrong, by code; and for each code a page that says what to do, open to everybody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from magpie.alerts import advice
from magpie.alerts import store as alerts
from magpie.alerts.groups import Group, Span, joined
from magpie.console import headers, spark
from magpie.console.page import Place, Route
from magpie.console.render import render
from magpie.console.visit import Visit
from magpie.errors import CATALOGUE, Refused, text_of
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.messages.failures import store as failures

_SPANS: Final = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_USUAL: Final = "24h"
_LONGEST: Final = 10


class Line(msgspec.Struct, frozen=True):
    group: Group
    text: str
    bars: list[spark.Bar]


class Errors:
    place: Place | None = Place("Build", "Errors", "/errors", "triangle-alert", "e")

    def __init__(self, database: Database) -> None:
        self._database = database

    def routes(self) -> Sequence[Route]:
        return (
            Route("/errors", self.show),
            Route("/errors/{code}", self.one, open=open_page),
        )

    async def show(self, visit: Visit) -> Response:
        name, span = _span(visit)
        return visit.page(
            "errors.html",
            lines=[_line(group) for group in await self._groups(visit.account_sid, span)],
            spans=_SPANS,
            chosen=name,
            codes=sorted(CATALOGUE),
        )

    async def one(self, visit: Visit) -> Response:
        code = _known(visit.path["code"])
        name, span = _span(visit)
        groups = await self._groups(visit.account_sid, span)
        group = next((group for group in groups if group.code == code), None)
        account = visit.account_sid
        return visit.page(
            "error.html",
            **told(code),
            spans=_SPANS,
            chosen=name,
            line=_line(group) if group else None,
            numbers=await failures.numbers(self._database, account, code, span.since),
            alerts=await alerts.of_code(self._database, account, code, span.since),
        )

    async def _groups(self, account_sid: str, span: Span) -> list[Group]:
        """Of a code that has both, what happened to messages counts: alerts tell of the same."""
        of_messages = await failures.groups(self._database, account_sid, span)
        known = {group.code for group in of_messages}
        of_alerts = await alerts.groups(self._database, account_sid, span)
        return joined([*of_messages, *(one for one in of_alerts if one.code not in known)])


async def open_page(request: Request, nonce: str) -> Response:
    """For whoever follows `more_info` without having signed in: nothing of any account."""
    code = _known(request.path_params["code"])
    values = {**told(code), "nonce": nonce, "path": request.scope["path"]}
    return HTMLResponse(render("error_open.html", values), 200, dict(headers.of_page(nonce)))


def told(code: int) -> dict[str, Any]:
    return {
        "code": code,
        "text": text_of(code),
        "http_status": CATALOGUE[code].status,
        "advice": advice.of(code),
    }


def _known(text: str) -> int:
    """As text, for `int` breaks on what has thousands of digits."""
    code = next((code for code in CATALOGUE if str(code) == text), None)
    if code is None:
        raise Refused(20404, f"There is no error {text[:_LONGEST]}.")
    return code


def _span(visit: Visit) -> tuple[str, Span]:
    name = visit.query.get("span", _USUAL)
    name = name if name in _SPANS else _USUAL
    now = clock.now()
    return name, Span(now - _SPANS[name], now)


def _line(group: Group) -> Line:
    return Line(group, text_of(group.code), spark.bars(group.counts))
