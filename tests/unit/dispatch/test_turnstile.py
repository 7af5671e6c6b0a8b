from datetime import UTC, datetime
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from magpie.dispatch.turnstile import Turnstile
from magpie.kit.queue.model import Job
from magpie.kit.queue.pacing import SLACK, pace_of

JOB = Job(
    account_sid="AC",
    lane="+15017122661",
    id=UUID(int=1),
    payload=b"",
    cost=1,
    claim=1,
    serial=None,
    slot=datetime(2026, 11, 24, tzinfo=UTC),
    gap=pace_of(25),
)


@given(st.lists(st.floats(0, 0.3), min_size=30, max_size=120))
def test_no_second_holds_more_than_the_limit(pauses: list[float]) -> None:
    """However jobs bunch up before it, no sliding second lets 26 of 25 through."""
    turnstile, now, passed = Turnstile(), 100.0, []
    for pause in pauses:
        now += pause if pause > 0.25 else 0.0
        passed.append(now + turnstile.wait(JOB, now))
    passed.sort()
    assert all(later - earlier >= 1.0 for earlier, later in zip(passed, passed[25:], strict=False))


def test_a_bunch_is_drawn_out() -> None:
    """Jobs that come together leave a gap apart, but for the slack."""
    turnstile = Turnstile()
    waits = [turnstile.wait(JOB, 5.0) for _ in range(3)]
    assert waits[0] == 0
    assert waits[1] >= JOB.gap - SLACK
    assert waits[2] >= 2 * JOB.gap - SLACK


def test_lanes_do_not_wait_for_each_other() -> None:
    """Another sender passes at once, and so does what is not paced."""
    turnstile = Turnstile()
    turnstile.wait(JOB, 5.0)
    assert turnstile.wait(msgspec.structs.replace(JOB, lane="55501"), 5.0) == 0
    assert turnstile.wait(msgspec.structs.replace(JOB, gap=0.0), 5.0) == 0
