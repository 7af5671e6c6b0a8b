import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.carriers.backoff import Backoff
from magpie.carriers.pace import Pace

PAUSE = (1.0, 30.0)


def hungry(pace: Pace, seconds: float, late: random.Random) -> list[float]:
    """When submits leave if there are always more, with timers that come up to 10 ms late."""
    now, sent = 0.0, []
    while now < seconds:
        wait = pace.wait(now)
        if wait > 0:
            now += wait + late.uniform(0, 0.01)
        else:
            pace.spend(1, now)
            sent.append(now)
    return sent


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300), st.integers())
def test_rate_in_every_second(rate: int, seed: int) -> None:
    """No sliding second holds more than the rate, and 98 % of it is used."""
    sent = hungry(Pace(10, rate, PAUSE), 20, random.Random(seed))
    assert all(later - first >= 1 for first, later in zip(sent, sent[rate:], strict=False))
    assert len(sent) >= int(rate * 20 * 0.98)


def test_segments_cost_their_number() -> None:
    """A text of three segments keeps the link for three times as long."""
    one, three = Pace(10, 10, PAUSE), Pace(10, 10, PAUSE)
    one.spend(1, 5.0)
    three.spend(3, 5.0)
    assert three.wait(4.99) == pytest.approx(3 * one.wait(4.99))


def test_without_a_rate_nothing_waits() -> None:
    """Only the window holds a link back that has no rate."""
    pace = Pace(3, 0, PAUSE)
    pace.spend(100, 1.0)
    assert pace.wait(1.0) <= 0
    assert [pace.room(n, 1.0) for n in (0, 2, 3)] == [3, 1, 0]


def test_a_throttle_halves_and_recovers() -> None:
    """A throttle stops the link for a second and halves its window, which then grows back."""
    pace = Pace(100, 0, PAUSE)
    pace.throttled(0.0, 10.0, 0.0)
    assert pace.wait(10.0) == 1.0
    assert pace.room(0, 11.0) == 50
    assert pace.room(0, 16.0) == 75
    assert pace.room(0, 22.0) == 100


def test_one_burst_of_throttles_counts_once() -> None:
    """Answers to what left before the pause ended do not make it longer."""
    pace = Pace(100, 0, PAUSE)
    for _ in range(50):
        pace.throttled(9.0, 10.0, 0.0)
    pace.throttled(9.0, 12.0, 0.0)
    assert pace.resumes == 11.0


def test_pauses_double_up_to_their_longest() -> None:
    """Each throttle after a pause doubles the next, up to half a minute; a whole link forgets."""
    pace, now, pauses = Pace(100, 0, PAUSE), 0.0, []
    for _ in range(7):
        pace.throttled(now, now, 0.0)
        pauses.append(pace.resumes - now)
        now = pace.resumes
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert pace.room(0, now) == 6
    pace.throttled(now + 60, now + 60, 0.0)
    assert pace.resumes == now + 61


def test_at_least_one_may_leave() -> None:
    """However often a small window is throttled, one submit may try."""
    pace = Pace(1, 0, PAUSE)
    pace.throttled(0.0, 0.0, 0.0)
    assert pace.room(0, 1.0) == 1


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_full_jitter(chances: list[float]) -> None:
    """A wait lies anywhere up to a bound that doubles from one second to a minute."""
    backoff = Backoff(1, 60)
    waits = [backoff.next(chance) for chance in chances]
    bounds = [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]
    assert all(0 <= wait <= bound for wait, bound in zip(waits, bounds, strict=True))


def test_whole_waits() -> None:
    """Who may be locked out waits a minute at least, and a quarter of an hour at most."""
    backoff = Backoff(60, 900, whole=True)
    assert [backoff.next(0) for _ in range(6)] == [60, 120, 240, 480, 900, 900]
    backoff.reset()
    assert backoff.next(1) == 75
