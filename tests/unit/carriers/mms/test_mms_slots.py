import asyncio

import pytest

from magpie.carriers.mms import NoRoom, Outage, Slots
from magpie.kit import clock


async def hold(slots: Slots, leave: asyncio.Event, log: list[int], name: int = 0) -> None:
    async with slots.turn():
        log.append(name)
        await leave.wait()


async def test_a_window() -> None:
    """No more than so many at a time, in the order in which they came."""
    slots, leave = Slots(2), asyncio.Event()
    log: list[int] = []
    tasks = [asyncio.create_task(hold(slots, leave, log, name)) for name in range(5)]
    await asyncio.sleep(0.01)
    assert (log, slots.busy, slots.waiting) == ([0, 1], 2, 3)
    leave.set()
    await asyncio.gather(*tasks)
    assert (log, slots.busy, slots.waiting) == ([0, 1, 2, 3, 4], 0, 0)


async def test_a_rate() -> None:
    """Beyond the first they are spaced."""
    slots = Slots(100, 100.0)
    began = clock.monotonic()

    async def one() -> None:
        async with slots.turn():
            pass

    await asyncio.gather(*(one() for _ in range(11)))
    assert 0.08 < clock.monotonic() - began < 2


async def test_a_rate_of_segments() -> None:
    """A long text takes the room of its segments."""
    slots = Slots(100, 100.0)
    began = clock.monotonic()

    async def one(units: int) -> None:
        async with slots.turn(units):
            pass

    await asyncio.gather(*(one(units) for units in (4, 4, 4, 1)))
    assert 0.11 < clock.monotonic() - began < 2


async def test_patience_ends() -> None:
    """Who waits too long is told so, and takes nobody's room."""
    slots, leave = Slots(1, patience=0.02, backlog=2), asyncio.Event()
    log: list[int] = []
    first = asyncio.create_task(hold(slots, leave, log))
    await asyncio.sleep(0)
    ends = await asyncio.gather(
        *(hold(slots, leave, log, name) for name in range(1, 4)), return_exceptions=True
    )
    assert [str(end) for end in ends] == ["no room in time"] * 2 + ["too many wait for the link"]
    leave.set()
    await first
    assert (slots.busy, slots.waiting) == (0, 0)


async def test_who_is_cancelled_leaves_no_hole() -> None:
    """Waiting or just granted: the next one gets the room."""
    for yields in range(4):
        slots, leave = Slots(1), asyncio.Event()
        log: list[int] = []
        tasks = [asyncio.create_task(hold(slots, leave, log, name)) for name in range(3)]
        await asyncio.sleep(0)
        leave.set()
        for _ in range(yields):
            await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (slots.busy, slots.waiting) == (0, 0)
        assert log[-1] == 2


async def test_a_throttle() -> None:
    """After it nothing leaves for a second, and who cannot wait that long is told when."""
    slots = Slots(10, patience=0.5)
    async with slots.turn() as began:
        pause = slots.throttled(began)
    assert 1.0 <= pause <= 1.3
    with pytest.raises(NoRoom) as raised:
        async with slots.turn():
            pass
    assert raised.value.after is not None
    assert raised.value.after <= pause


def test_an_outage() -> None:
    """Longer each time, counted once for all who failed together; over when one succeeds."""
    with clock.use(clock.ManualClock()) as manual:
        outage = Outage(1.0, 60.0)
        assert outage.now() is None
        first, second = outage.began("refused"), outage.began("refused, too")
        assert first.after == second.after
        assert first.after is not None
        assert first.throttled
        assert outage.now() == first
        manual.advance(first.after)
        assert outage.now() is None
        longer = outage.began("refused")
        assert longer.after is not None
        assert longer.after >= 2
        outage.over()
        assert outage.now() is None
        again = outage.began("refused").after
        assert again is not None
        assert again < 2
