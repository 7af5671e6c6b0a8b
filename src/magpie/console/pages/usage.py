"""What was sent and received, by day and by sender, and what that costs by the price book."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, cast

import msgspec
from starlette.responses import Response

from magpie.console.charts import Chart
from magpie.console.page import Place, Route
from magpie.console.visit import Visit
from magpie.kit import clock
from magpie.kit.db import Database
from magpie.messages.figures import store
from magpie.messages.figures.store import Day
from magpie.senders.book import SenderBook
from magpie.usage.prices import Direction, Kind, PriceBook, SenderKind

_SPANS: Final = {"7d": 7, "30d": 30, "90d": 90}
_DAY: Final = 86400
_FLOWS: Final = {
    ("sms", "outbound"): "Texts out",
    ("sms", "inbound"): "Texts in",
    ("mms", "outbound"): "Pictures out",
    ("mms", "inbound"): "Pictures in",
}


class Line(msgspec.Struct, frozen=True):
    sender: str
    sent: int
    received: int
    segments: int
    pictures: int
    price: Decimal


class Usage:
    place: Place | None = Place("Run", "Usage", "/usage", "chart-column", "u")

    def __init__(self, database: Database, senders: SenderBook, prices: PriceBook) -> None:
        self._database = database
        self._senders = senders
        self._prices = prices

    def routes(self) -> Sequence[Route]:
        return (Route("/usage", self.show),)

    async def show(self, visit: Visit) -> Response:
        word = visit.query.get("span", "30d")
        days = _SPANS.get(word, 30)
        now = clock.now()
        began = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
        found = await store.usage(self._database, visit.account_sid, began)
        by_sender: dict[str, list[Day]] = defaultdict(list)
        for day in found:
            by_sender[day.sender].append(day)
        lines = [await self._line(visit.account_sid, *one) for one in by_sender.items()]
        return visit.page(
            "usage.html",
            spans=[*_SPANS],
            span=word if word in _SPANS else "30d",
            chart=by_day(found, began, days),
            lines=sorted(lines, key=lambda line: -line.sent),
            currency=self._prices.currency,
            total=sum((line.price for line in lines), Decimal()),
        )

    async def _line(self, account_sid: str, sender: str, days: Sequence[Day]) -> Line:
        known = await self._senders.find(account_sid, sender)
        kind = cast("SenderKind", known.kind if known else "alphanumeric")
        return Line(
            sender,
            sum(day.messages for day in days if day.direction == "outbound"),
            sum(day.messages for day in days if day.direction == "inbound"),
            sum(day.segments for day in days if day.kind == "sms"),
            sum(day.messages for day in days if day.kind == "mms"),
            sum((self._price(day, kind) for day in days), Decimal()),
        )

    def _price(self, day: Day, sender_kind: SenderKind) -> Decimal:
        quote = self._prices.quote(
            kind=cast("Kind", day.kind),
            direction=cast("Direction", day.direction),
            sender_kind=sender_kind,
            carrier="default",
            segments=max(1, day.segments),
        )
        return quote.unit_price * (day.segments if day.kind == "sms" else day.messages)


def by_day(found: Sequence[Day], began: datetime, days: int) -> Chart:
    first = int(began.timestamp())
    times = [first + day * _DAY for day in range(days)]
    series = {name: [0.0] * days for name in _FLOWS.values()}
    for day in found:
        place = (int(day.day.timestamp()) - first) // _DAY
        name = _FLOWS[day.kind, day.direction]
        if 0 <= place < days:
            series[name][place] += day.messages
    return Chart(times, series, "messages a day")
