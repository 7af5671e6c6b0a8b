import pytest

from magpie.api.limits import Concurrency, TooManyAtOnce
from magpie.api.visit import Visit


def _visit() -> Visit:
    return Visit.begin({}, {}, "api", "", False)


def test_concurrency_is_capped() -> None:
    """One account gets no more places than there are, another still gets its own."""
    concurrency, visits = Concurrency(2), [_visit() for _ in range(3)]
    for visit in visits[:2]:
        concurrency.enter(visit, "AC1")
    assert [visit.concurrent for visit in visits[:2]] == [1, 2]
    with pytest.raises(TooManyAtOnce):
        concurrency.enter(visits[2], "AC1")
    concurrency.enter(_visit(), "AC2")


def test_places_are_given_back() -> None:
    """Who leaves makes room, once; who never got in takes nothing with it."""
    concurrency, one, other = Concurrency(1), _visit(), _visit()
    concurrency.enter(one, "AC1")
    concurrency.leave(other)
    with pytest.raises(TooManyAtOnce):
        concurrency.enter(other, "AC1")
    concurrency.leave(other)
    concurrency.leave(one)
    concurrency.leave(one)
    concurrency.enter(other, "AC1")
    assert concurrency._now == {"AC1": 1}
