"""Lanes are looked at when there is a reason, and forgotten when there is none."""

from magpie.kit.queue import Lane
from magpie.kit.queue.agenda import Agenda

A, B = Lane("AC1", "a"), Lane("AC1", "b")


def ready(agenda: Agenda) -> set[Lane]:
    return {lane for lane in (A, B) if lane in agenda.ready}


def test_a_look_is_at_once() -> None:
    """A lane that something was put into is ready now."""
    agenda = Agenda()
    agenda.look(A, 1.0)
    assert ready(agenda) == {A}


def test_a_resting_lane_is_looked_at_when_its_rest_ends() -> None:
    """Whatever is put into it meanwhile is not asked for before."""
    agenda = Agenda()
    agenda.rest(A, 5.0)
    agenda.look(A, 1.0)
    agenda.look(A, 2.0)
    assert (ready(agenda), agenda.next_at()) == (set(), 5.0)
    agenda.ripen(5.0)
    assert (ready(agenda), agenda.next_at()) == ({A}, None)


def test_a_rest_alone_is_no_reason_to_look() -> None:
    """A lane that was found empty is not looked at when its rest ends."""
    agenda = Agenda()
    agenda.rest(A, 5.0)
    assert agenda.next_at() is None
    agenda.ripen(6.0)
    assert ready(agenda) == set()


def test_the_earliest_look_counts() -> None:
    """A later time does not replace an earlier one, an earlier one does a later."""
    agenda = Agenda()
    for at in (5.0, 3.0, 4.0):
        agenda.look_at(A, at)
    assert agenda.next_at() == 3.0
    agenda.ripen(3.0)
    assert (ready(agenda), agenda.next_at()) == ({A}, None)


def test_a_new_pace_ends_the_rest() -> None:
    """A lane whose limit was raised is looked at now and not when it would have been."""
    agenda = Agenda()
    agenda.rest(A, 3600.0)
    agenda.look(A, 1.0)
    agenda.wake(A)
    assert (ready(agenda), agenda.next_at()) == ({A}, None)


def test_the_next_due_time_is_the_earliest() -> None:
    """Of all jobs that are due later only the first one's time is kept."""
    agenda = Agenda()
    for at in (9.0, 7.0, 8.0):
        agenda.due(at)
    agenda.look_at(A, 7.5)
    assert (agenda.due_at, agenda.next_at()) == (7.0, 7.0)


def test_memory_does_not_grow_with_lanes_used_once() -> None:
    """After a tidy nothing is left of rests that are over and of looks that were replaced."""
    agenda = Agenda()
    for n in range(1000):
        agenda.rest(Lane("AC1", str(n)), 1.0)
        agenda.look_at(A, 5000.0 - n)
    agenda.tidy(2.0)
    assert agenda._rests == {}
    assert len(agenda._heap) == 1
    agenda.rest(B, 9.0)
    agenda.tidy(3.0)
    assert agenda._rests == {B: 9.0}
