"""From counts to the series of a chart. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from magpie.messages.figures.store import Count

# What people tell apart; a message that is under way counts as sent on its way.
SERIES: Final[Mapping[str, frozenset[str]]] = {
    "Under way": frozenset(("accepted", "queued", "scheduled", "sending", "receiving")),
    "Sent": frozenset(("sent",)),
    "Delivered": frozenset(("delivered", "read")),
    "Received": frozenset(("received",)),
    "Failed": frozenset(("failed", "undelivered", "canceled")),
}


class Chart(msgspec.Struct, frozen=True):
    """`times` in Unix seconds, and for each name as many values."""

    times: list[int]
    series: dict[str, list[float]]
    unit: str

    @property
    def data(self) -> str:
        """For the island, as an attribute."""
        return msgspec.json.encode(self).decode()


def rates(counts: Sequence[Count], since: datetime, until: datetime, bucket: int) -> Chart:
    """Messages a second; every bucket is there, also those in which nothing happened."""
    first = int(since.timestamp()) // bucket * bucket
    times = list(range(first, int(until.timestamp()) + 1, bucket))
    places = {at: place for place, at in enumerate(times)}
    series = {name: [0.0] * len(times) for name in SERIES}
    for count in counts:
        place = places.get(int(count.at.timestamp()))
        name = _name(count.status)
        if place is not None and name is not None:
            series[name][place] += round(count.messages / bucket, 3)
    return Chart(times, series, "messages a second")


def _name(status: str) -> str | None:
    return next((name for name, statuses in SERIES.items() if status in statuses), None)
