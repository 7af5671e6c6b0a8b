"""Which puts fit, and how wakes are written down."""

from datetime import timedelta

import msgspec
import pytest

from magpie.kit import clock
from magpie.kit.queue import Lane, Put
from magpie.kit.queue.queue import overflow, units_by_lane
from magpie.kit.queue.wake import Wake, gather

A, B = Lane("AC1", "a"), Lane("AC1", "b")


def puts(*costs: int, lane: Lane = A) -> list[Put]:
    return [
        Put(account_sid=lane.account_sid, lane=lane.name, id=clock.uuid7(), payload=b"", cost=cost)
        for cost in costs
    ]


@pytest.mark.parametrize(
    ("costs", "waiting", "capacity", "refused"),
    [
        ([1, 1, 1], 0, 3, []),
        ([1, 1, 1], 1, 3, [2]),
        ([1, 1, 1], 9, 3, [0, 1, 2]),
        ([2, 3, 1], 0, 3, [1]),
        ([4], 0, 3, [0]),
        ([], 0, 3, []),
    ],
)
def test_what_does_not_fit(
    costs: list[int], waiting: int, capacity: int, refused: list[int]
) -> None:
    """Earlier puts go first, and one that is too large leaves its room to smaller ones."""
    given = puts(*costs)
    taken = 100
    totals = {A: taken + waiting + sum(costs)} if costs else {}
    limits = {A: (capacity, taken)} if costs else {}
    assert overflow(given, totals, limits) == {given[n].id for n in refused}


def test_a_lane_without_capacity_takes_everything() -> None:
    """Only lanes that have a limit refuse."""
    given = [*puts(5), *puts(5, lane=B)]
    assert units_by_lane(given) == {A: 5, B: 5}
    assert overflow(given, {A: 5, B: 5}, {A: (4, 0)}) == {given[0].id}


def test_wakes_are_gathered() -> None:
    """Lanes are named once, and of due times the first is told."""
    now = clock.now()
    wakes = [
        Wake(lanes=(A, B)),
        Wake(lanes=(B,), due_at=now + timedelta(seconds=2)),
        Wake(due_at=now),
        Wake(lanes=(A,), anew=True),
    ]
    assert list(gather(wakes)) == [
        Wake(due_at=now),
        Wake(lanes=(A, B)),
        Wake(lanes=(A,), anew=True),
    ]


def test_notes_are_small() -> None:
    """However long the names, a note fits into a NOTIFY, and no lane is left out."""
    lanes = [Lane("AC" + "0" * 32, "x" * (n % 300)) for n in range(1000)]
    notes = list(gather([Wake(lanes=tuple(lanes))]))
    assert all(len(msgspec.json.encode(note)) < 7800 for note in notes)
    assert {lane for note in notes for lane in note.lanes} == set(lanes)


@pytest.mark.parametrize(
    "lanes", [[Lane("AC1", "x" * 9000)], [Lane("AC1", str(n)) for n in range(5000)]]
)
def test_what_cannot_be_said_in_notes_is_a_look_everywhere(lanes: list[Lane]) -> None:
    """Too many lanes, or too long a name, tell the others to look for themselves."""
    assert list(gather([Wake(lanes=tuple(lanes))])) == [Wake(lost=True)]
