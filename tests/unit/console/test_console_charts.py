from datetime import UTC, datetime, timedelta

from magpie.console.charts import rates
from magpie.console.pages.home import sentence
from magpie.console.pages.queues import shown
from magpie.kit import clock
from magpie.kit.queue import LaneStatus
from magpie.messages.figures.store import Count

BEGAN = datetime(2026, 11, 27, 12, tzinfo=UTC)


def lane(**more: object) -> LaneStatus:
    usual = {
        "name": "+15017122661",
        "rate": 2.0,
        "capacity": 100,
        "units": 0,
        "jobs": 0,
        "paused": False,
        "draining": False,
        "oldest_at": None,
    }
    return LaneStatus(**usual | more)  # type: ignore[arg-type]


def test_rates() -> None:
    """Counts become messages a second; buckets without any are zero, not absent."""
    counted = [Count(BEGAN, "delivered", 20), Count(BEGAN + timedelta(seconds=20), "failed", 5)]
    chart = rates(counted, BEGAN, BEGAN + timedelta(seconds=30), 10)
    assert len(chart.times) == 4
    assert chart.series["Delivered"] == [2, 0, 0, 0]
    assert chart.series["Failed"] == [0, 0, 0.5, 0]


def test_how_it_goes() -> None:
    """One sentence, and whether it is good, needs a look, or is bad."""
    assert sentence([("a", "")], [lane()], 0) == (
        "The link to the carrier is up. Nothing waits. No alerts.",
        "good",
    )
    assert sentence([("a", ""), ("b", "")], [], 1) == (
        "All 2 links to carriers are up. Nothing waits. 1 alert in the last hour.",
        "warn",
    )
    assert sentence([], [], 0)[0].startswith("There is no link to a carrier.")
    assert sentence([("a", "")], [lane(paused=True)], 0)[1] == "warn"
    text, kind = sentence([("a", "is down"), ("b", "")], [], 2)
    assert (kind, text.startswith("a is down.")) == ("bad", True)


def test_why_a_lane_waits() -> None:
    """By its pace, by an operator, or not at all; and when it will have nothing left."""
    now = clock.now()
    assert shown(lane(), now).why == ""
    busy = shown(lane(units=10, jobs=10, oldest_at=now - timedelta(seconds=5)), now)
    assert (busy.seconds, busy.age) == (5.0, 5.0)
    assert busy.why.startswith("2 a second")
    paused = shown(lane(units=3, paused=True), now)
    assert (paused.why, paused.seconds) == ("paused by an operator", None)
