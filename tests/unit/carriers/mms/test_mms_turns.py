from collections.abc import Awaitable, Callable

from magpie.carriers import traffic as t
from magpie.carriers.mms import Outage, Slots
from magpie.carriers.mms.state import Counters
from magpie.carriers.mms.turns import Turns


def answering(outcome: t.Outcome) -> Callable[[], Awaitable[t.Outcome]]:
    async def act() -> t.Outcome:
        return outcome

    return act


async def test_a_throttle_behind_an_outage() -> None:
    """Once its pause is over an outage is no excuse: who is told to slow down does."""
    outage, counters = Outage(0.0, 0.0), Counters()
    turns = Turns("north", Slots(5), outage, counters)
    turns.open()
    outage.began("nobody there")
    outcome = await turns.take(answering(t.Deferred("HTTP 429", throttled=True)))
    assert isinstance(outcome, t.Deferred)
    assert (outcome.after or 0) > 0
    assert counters.throttled == 1


async def test_an_outage_is_no_throttle() -> None:
    """The link is left alone, and nobody has slowed it down."""
    outage, counters = Outage(60.0, 60.0), Counters()
    slots = Slots(5)
    turns = Turns("north", slots, outage, counters)
    turns.open()
    outage.began("nobody there")
    assert isinstance(await turns.take(answering(t.Accepted())), t.Deferred)
    assert (counters.throttled, counters.submitted, slots.pace.share(0.0)) == (0, 0, 1.0)


async def test_before_and_behind_its_life() -> None:
    """A link that is not at work takes nothing."""
    turns = Turns("north", Slots(5), Outage(), Counters())
    assert isinstance(await turns.take(answering(t.Accepted())), t.Deferred)
    turns.open()
    assert await turns.take(answering(t.Accepted())) == t.Accepted()
    await turns.close(0.1)
    assert isinstance(await turns.take(answering(t.Accepted())), t.Deferred)
