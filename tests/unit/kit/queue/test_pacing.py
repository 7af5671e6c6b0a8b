"""Limits are kept in every sliding second, and used, however late the loop wakes."""

import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit import clock
from magpie.kit.queue import Job, Lane, pacing
from magpie.kit.queue.gate import Gate
from magpie.kit.queue.model import Laid

LANE = Lane("AC1", "one")
rates = st.one_of(st.integers(1, 200), st.floats(0.05, 100))
costs = st.lists(st.integers(1, 12), min_size=1, max_size=60)


def job(number: int, lane: Lane = LANE, cost: int = 1) -> Job:
    return Job(
        account_sid=lane.account_sid,
        lane=lane.name,
        id=UUID(int=number),
        payload=b"",
        cost=cost,
        claim=1,
        serial=None,
        slot=clock.now(),
    )


def most_in_a_second(units: list[float]) -> int:
    return max(sum(1 for at in units if start <= at < start + 1) for start in units)


@given(rates, costs, st.floats(0, 50))
def test_units_never_exceed_the_limit_in_a_second(rate: float, jobs: list[int], tat: float) -> None:
    """Each unit of a job has a slot of its own, and no second holds more slots than the limit."""
    pace = pacing.pace_of(rate)
    first = pacing.first_slot(tat, 0.0, 10.0, ours=True)
    laid, end = pacing.slots(first, pace, jobs)
    units = [at + n * pace for at, cost in zip(laid, jobs, strict=True) for n in range(cost)]
    assert most_in_a_second(units) <= math.ceil(rate)
    assert laid[0] >= max(tat, 10.0)
    assert end == pytest.approx(laid[-1] + pace * jobs[-1])


def released(rate: float, jobs: int, wakes: list[float]) -> list[float]:
    """Give when jobs go that were laid out at once, if the loop wakes only at these times."""
    pace = pacing.pace_of(rate)
    gate = Gate()
    laid, _ = pacing.slots(0.0, pace, [1] * jobs)
    for n, at in enumerate(laid):
        gate.add(Laid(job(n), at, pace))
    went: list[float] = []
    ids: list[UUID] = []
    for now in wakes:
        go, _ = gate.take(now)
        went += [now] * len(go)
        ids += [each.id for each in go]
    assert ids == sorted(ids)
    return went


@given(
    st.integers(1, 100),
    st.lists(st.one_of(st.floats(0, 0.02), st.floats(0, 0.9)), min_size=1, max_size=300),
)
def test_late_wakes_make_no_burst(rate: int, sleeps: list[float]) -> None:
    """However irregularly the loop wakes, no sliding second holds more jobs than the limit."""
    now, wakes = 0.0, []
    for sleep in sleeps:
        now += sleep
        wakes.append(now)
    went = released(rate, 300, wakes)
    assert not went or most_in_a_second(went) <= rate


@pytest.mark.parametrize("rate", [1, 3, 30, 100])
def test_the_limit_is_used(rate: int) -> None:
    """With a loop that wakes every two milliseconds at least 98 % of the limit is used."""
    jobs = rate * 20
    went = released(rate, jobs, [n * 0.002 for n in range(11_000)])
    assert len(went) == jobs
    assert (jobs - 1) / (went[-1] - went[0]) >= 0.98 * rate
    assert most_in_a_second(went) <= rate


def test_what_is_too_late_is_given_back() -> None:
    """After a long stall nothing goes from old slots, for another node may have the lane."""
    gate = Gate()
    for n in range(3):
        gate.add(Laid(job(n), float(n), 1.01))
    go, late = gate.take(2.5)
    assert [each.id.int for each in late] == [0, 1]
    assert [each.id.int for each in go] == [2]
    assert len(gate) == 0


def test_a_lane_does_not_wait_for_another() -> None:
    """A job whose lane is behind does not hold up jobs of lanes that are free or unpaced."""
    gate = Gate()
    for n in range(3):
        gate.add(Laid(job(n), 0.0, 0.5))
    gate.add(Laid(job(3, Lane("AC2", "two")), 0.0, 0.5))
    gate.add(Laid(job(4, Lane("AC2", "free")), 0.0, 0.0))
    assert [each.id.int for each in gate.take(0.0)[0]] == [0, 3, 4]
    assert gate.next_at() == 0.5
    assert gate.busy_until(LANE) == pytest.approx(1.5)


def test_a_gate_forgets_lanes() -> None:
    """Lanes that were used once cost nothing later; what still waits is given up in order."""
    gate = Gate()
    for n in range(100):
        gate.add(Laid(job(n, Lane("AC1", str(n))), 0.0, 0.1))
    assert len(gate.take(0.0)[0]) == 100
    gate.tidy(1.0)
    assert (gate._free, gate._pending) == ({}, {})
    for n in (2, 1):
        gate.add(Laid(job(n), float(n), 0.1))
    assert [each.id.int for each in gate.clear()] == [1, 2]


@pytest.mark.parametrize(
    ("tat", "laid_at", "now", "ours", "slot"),
    [
        (90.0, 89.0, 100.0, True, 100.0),
        (100.5, 99.9, 100.0, True, 100.5),
        (100.5, 99.9, 100.0, False, 101.5),
        (90.0, 89.0, 100.0, False, 100.0),
        (3700.5, 3700.0, 100.0, True, 100.5),
    ],
    ids=["idle", "busy", "another node's", "another node's, long ago", "clock set back"],
)
def test_the_first_free_slot(
    tat: float, laid_at: float, now: float, slot: float, *, ours: bool
) -> None:
    """It is not before now nor the TAT, and later when another node laid the slots out."""
    assert pacing.first_slot(tat, laid_at, now, ours=ours) == pytest.approx(slot)


@given(rates, st.floats(0, 1e6))
def test_a_restart_makes_no_burst(rate: float, now: float) -> None:
    """Jobs laid out after a restart stand as far from those before as these from each other."""
    pace = pacing.pace_of(rate)
    before, tat = pacing.slots(now, pace, [1] * 5)
    after, _ = pacing.slots(pacing.first_slot(tat, now, now + 0.01, ours=True), pace, [1] * 5)
    gaps = [b - a for a, b in zip([*before, *after], [*before[1:], *after], strict=False)]
    assert min(gaps) == pytest.approx(pace, abs=1e-6)


@given(st.floats(0.001, 100), st.floats(0, 10), st.integers(1, 50))
def test_room_is_what_begins_before_the_horizon(pace: float, ahead: float, most: int) -> None:
    """The units counted are those whose slots begin before the horizon, up to the most."""
    room = pacing.room(100.0 + ahead, 100.0, pace, most)
    begin = [ahead + n * pace for n in range(most)]
    assert abs(room - sum(1 for at in begin if at <= pacing.HORIZON)) <= 1
    assert pacing.room(100.0, 100.0, 0.0, most) == most


@given(st.floats(100.0, 1000.0), st.floats(100.0, 200.0))
def test_lanes_are_looked_at_before_their_slot(tat: float, now: float) -> None:
    """A look is never later than its slot less a part of the horizon."""
    wait = pacing.next_look(tat, now)
    assert wait >= 0
    assert wait == 0 or now + wait <= tat - pacing.HORIZON + pacing.TICK + 1e-6


@pytest.mark.parametrize("rate", [0.1, 1, 1.25, 3, 30, 100])
def test_a_rate_is_read_back(rate: float) -> None:
    """The rate that people see is the one that they set."""
    assert pacing.rate_of(pacing.pace_of(rate)) == rate
    assert pacing.rate_of(pacing.pace_of(0)) == 0


def test_the_stores_time_is_the_earliest_seen() -> None:
    """A slow answer does not move slots back; a clock that was set back does."""
    time = pacing.StoreTime()
    time.note(1000.010, 5.015)
    time.note(1001.000, 6.200)
    assert time.monotonic(1001.0) == pytest.approx(6.005, abs=0.001)
    time.note(900.0, 7.0)
    assert time.monotonic(900.0) == pytest.approx(7.0)
    assert time.store(7.0) == pytest.approx(900.0)
