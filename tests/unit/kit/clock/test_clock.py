import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit import clock

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_grow_even_within_one_millisecond() -> None:
    """Ten thousand ids that are drawn while time stands still are strictly increasing."""
    with clock.use(clock.ManualClock()):
        ids = [clock.uuid7() for _ in range(10_000)]
    assert all(a < b for a, b in pairwise(ids))


@given(steps=st.lists(st.floats(-5, 5), max_size=40))
def test_ids_grow_when_the_clock_steps_back(steps: list[float]) -> None:
    """An id is larger than the one before it, wherever the wall clock went in between."""
    with clock.use(clock.ManualClock()) as manual:
        ids = [clock.uuid7()]
        for step in steps:
            manual.advance(step)
            ids.append(clock.uuid7())
    assert all(a < b for a, b in pairwise(ids))


def test_an_id_is_a_version_7_uuid_of_its_moment() -> None:
    """The id carries version 7, the variant of RFC 9562 and the milliseconds of its birth."""
    with clock.use(clock.ManualClock(EPOCH)):
        made = clock.uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(EPOCH.timestamp() * 1000)
    assert clock._uuid(made.int) == made


def test_an_id_tells_when_it_was_made() -> None:
    """To the millisecond; all made then or later are above the least of that time."""
    with clock.use(clock.ManualClock(EPOCH)) as manual:
        before = clock.uuid7()
        manual.advance(0.001)
        made = clock.uuid7()
    assert (clock.born(before), clock.born(made)) == (EPOCH, EPOCH + timedelta(milliseconds=1))
    assert before < clock.least_uuid7(clock.born(made)) < made


def test_before_there_were_ids_is_the_least_of_all() -> None:
    """A search that reaches back further than 1970 finds everything."""
    assert clock.least_uuid7(datetime(1066, 10, 14, tzinfo=UTC)).int == 0


def test_a_full_counter_borrows_the_next_millisecond() -> None:
    """When the bits after the time run out within one millisecond the id still grows."""
    manual = clock.ManualClock()
    first = manual.uuid7()
    manual._tail = clock._TAIL - 1
    assert manual.uuid7().int >> 80 == (first.int >> 80) + 1


def test_a_seed_replays_ids_and_chance() -> None:
    """Two clocks with the same seed and start give the same ids and the same dice."""

    def run(seed: int) -> tuple[object, ...]:
        with clock.use(clock.ManualClock(EPOCH, seed)):
            return clock.uuid7(), clock.chance().random(), clock.uuid7()

    assert run(7) == run(7)
    assert run(7) != run(8)


def test_use_puts_the_former_clock_back() -> None:
    """After `use` ends, also by an error, the clock from before tells the time again."""
    with clock.use(clock.ManualClock(EPOCH)):
        with pytest.raises(ZeroDivisionError), clock.use(clock.ManualClock()):
            raise ZeroDivisionError
        assert clock.now() == EPOCH
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_sleepers_wake_by_their_deadlines() -> None:
    """Advancing wakes exactly the sleepers that are due, the earliest deadline first."""
    woken: list[float] = []

    async def nap(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    with clock.use(clock.ManualClock()) as manual:
        naps = [asyncio.create_task(nap(seconds)) for seconds in (3, 1, 2, 9)]
        await asyncio.sleep(0)
        manual.advance(3)
        await asyncio.gather(*naps[:3])
        assert woken == [1, 2, 3]
        assert clock.monotonic() == 3
        naps[3].cancel()
        manual.advance(10)
