"""Between lanes and between accounts nobody goes short."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.kit.queue import Lane
from magpie.kit.queue.fairness import Ring, account_room


def jain(shares: list[int]) -> float:
    """1 when all are equal, 1/n when one has everything (Jain, Chiu and Hawe 1984)."""
    return sum(shares) ** 2 / (len(shares) * sum(share * share for share in shares))


def ring_of(*lanes: Lane) -> Ring:
    ring = Ring()
    for lane in lanes:
        ring.add(lane)
    return ring


def unlimited(_: object) -> int:
    return 10**6


def deals(ring: Ring, places: list[int]) -> Counter[Lane]:
    """Deal again and again to lanes that always have more work."""
    total: Counter[Lane] = Counter()
    for few in places:
        dealt = ring.deal(few, unlimited, unlimited)
        assert sum(dealt.values()) == few
        total.update(dealt)
        for lane in dealt:  # as the worker does
            ring.add(lane)
    return total


@given(st.lists(st.integers(1, 100), min_size=1, max_size=20))
def test_equal_lanes_get_equal_shares(places: list[int]) -> None:
    """Jain's index among busy lanes of one account is at least 0.99, whatever is dealt out."""
    lanes = [Lane("AC1", str(n)) for n in range(20)]
    total = deals(ring_of(*lanes), [*places, *[80] * 50])
    assert jain([total[lane] for lane in lanes]) >= 0.99


@settings(max_examples=30)
@given(st.lists(st.integers(1, 64), min_size=1, max_size=20))
def test_a_noisy_neighbour_gets_one_account_s_share(places: list[int]) -> None:
    """One account with a hundred times as many lanes as each other gets what they get."""
    noisy = [Lane("AC0", str(n)) for n in range(100)]
    quiet = [Lane(f"AC{n}", "only") for n in range(1, 10)]
    total = deals(ring_of(*noisy, *quiet), [*places, *[64] * 50])
    accounts: Counter[str] = Counter()
    for lane, count in total.items():
        accounts[lane.account_sid] += count
    assert jain(list(accounts.values())) >= 0.95


def test_few_places_reach_every_lane_in_turn() -> None:
    """With one place at a time a thousand lanes are all served before any is served twice."""
    lanes = [Lane(f"AC{n % 10}", str(n)) for n in range(1000)]
    total = deals(ring_of(*lanes), [1] * 1000)
    assert set(total.values()) == {1}
    assert len(total) == 1000


def test_what_one_does_not_need_goes_to_others() -> None:
    """Room caps a lane, the rest goes on; a lane without room leaves the ring."""
    a, b, full = Lane("AC1", "a"), Lane("AC2", "b"), Lane("AC3", "full")
    rooms = {a: 3, b: 100, full: 0}
    ring = ring_of(a, b, full)
    assert ring.deal(50, rooms.__getitem__, unlimited) == {a: 3, b: 47}
    assert len(ring) == 0
    ring.add(full)
    assert full in ring


def test_an_account_without_room_keeps_its_turn() -> None:
    """Its lanes stay in the ring, and come first when there is room."""
    hog, other = Lane("AC1", "a"), Lane("AC2", "b")
    ring = ring_of(hog, other)
    assert ring.deal(10, unlimited, {"AC1": 0, "AC2": 4}.__getitem__) == {other: 4}
    ring.add(other)
    assert ring.deal(8, unlimited, unlimited) == {hog: 8}


@given(st.integers(8, 1000))
def test_a_hog_leaves_room(most: int) -> None:
    """An account alone takes most places but not all; one that holds nothing can begin."""
    held = 0
    while held < most and (more := account_room(most - held, held)) > 0:
        held += more
    assert most * 0.6 <= held <= most * 0.75
    assert account_room(most - held, 0) >= 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=40), st.integers(0, 99))
def test_nothing_is_lost_or_doubled(names: list[tuple[int, int]], places: int) -> None:
    """Every lane is either dealt to or still in the ring, and no more is dealt than there is."""
    lanes = {Lane(f"AC{account}", str(lane)) for account, lane in names}
    ring = ring_of(*lanes)
    dealt = ring.deal(places, lambda _: 5, lambda _: 12)
    assert sum(dealt.values()) <= places
    assert all(0 < count <= 5 for count in dealt.values())
    assert {lane for lane in lanes if lane in ring} == lanes - dealt.keys()
    assert len(ring) == len(lanes) - len(dealt)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_few_places_can_be_taken(most: int) -> None:
    """Even a worker with one place gives it to somebody."""
    assert account_room(most, 0) >= 1
