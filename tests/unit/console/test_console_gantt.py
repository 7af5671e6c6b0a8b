from datetime import UTC, datetime, timedelta

from magpie.console.gantt import bars
from magpie.messages.story import Hop

BEGAN = datetime(2026, 11, 27, tzinfo=UTC)


def hop(name: str, seconds: float, **detail: object) -> Hop:
    return Hop(BEGAN + timedelta(seconds=seconds), name, dict(detail))


def test_bars_follow_each_other() -> None:
    """Each begins where the one before ended, and together they fill the scale."""
    made = bars([hop("accepted", 0), hop("submitting", 6, waited_ms=6000), hop("receipt", 10)])
    assert [(round(bar.left), round(bar.width)) for bar in made[1:]] == [(0, 60), (60, 40)]
    assert [bar.since for bar in made] == [0, 6, 10]
    assert [bar.kind for bar in made] == ["plain", "wait", "good"]


def test_what_took_no_time_can_be_seen() -> None:
    """A bar has a least width and never leaves the scale."""
    made = bars([hop("accepted", 0), hop("submitting", 10), hop("taken", 10)])
    assert all(bar.width > 0 and bar.left + bar.width <= 100 for bar in made)
    assert bars([hop("accepted", 0)])[0].left >= 0
    assert bars([]) == []


def test_what_went_wrong_is_marked() -> None:
    """By the hop itself, by its code, or by the failure of a request."""
    hops = [hop("rejected", 0), hop("receipt", 1, code=30005), hop("webhook", 2, failure="refused")]
    assert {bar.kind for bar in bars(hops)} == {"bad"}
