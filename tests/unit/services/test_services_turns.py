from collections import Counter
from uuid import UUID

import pytest

from magpie.services.pool import Candidate, choose
from magpie.services.turns import Load, Turns

TO = "+12125550199"


def pool(count: int) -> list[Candidate]:
    return [
        Candidate(UUID(int=n), f"+1415555{n:04}", "local", "US", True, True) for n in range(count)
    ]


def send(candidates: list[Candidate], load: Load, times: int) -> list[str]:
    sent = []
    for _ in range(times):
        one = choose(candidates, TO, mms=False, busy=load.busy)
        assert one is not None
        load.give(one)
        sent.append(one.address)
    return sent


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_even(count: int) -> None:
    """Idle senders go one after another, also across what was read anew."""
    turns, candidates = Turns(), pool(count)
    sent = [
        address for _ in range(4) for address in send(candidates, Load({}, turns), 3 * count // 2)
    ]
    counts = Counter(sent)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_least_busy() -> None:
    """One whose messages wait gets none until the others' wait is as long."""
    candidates = pool(3)
    load = Load({candidates[0].address: (1.0, 5.0)}, Turns())
    assert candidates[0].address not in send(candidates, load, 20)


def test_faster_senders_get_more() -> None:
    """In a burst each gets as much as it can send in the same time."""
    candidates = pool(2)
    slow, fast = (one.address for one in candidates)
    load = Load({slow: (1.0, 0.0), fast: (0.25, 0.0)}, Turns())
    counts = Counter(send(candidates, load, 100))
    assert counts[fast] == pytest.approx(4 * counts[slow], abs=4)


def test_newcomer() -> None:
    """A number that joins takes its turn, not all that the others had before."""
    turns, candidates = Turns(), pool(3)
    send(candidates[:2], Load({}, turns), 20)
    sent = send(candidates, Load({}, turns), 6)
    assert Counter(sent) == dict.fromkeys((one.address for one in candidates), 2)


def test_bounded() -> None:
    """Whose turn is longest past is forgotten when there are too many."""
    turns = Turns(most=2)
    for n in (1, 2, 1, 3):
        turns.take(UUID(int=n))
    assert [turns.of(UUID(int=n)) for n in (1, 2, 3)] == [3, 0, 4]
