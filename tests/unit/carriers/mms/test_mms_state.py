"""What an operator reads of a link that is tried now and then."""

from types import SimpleNamespace

from magpie.carriers.mms.outage import Outage
from magpie.carriers.mms.slots import Slots
from magpie.carriers.mms.state import Counters, LinkState, state_of


def state(outage: Outage) -> LinkState:
    options = SimpleNamespace(name="north", url="https://h.example", window=1)
    return state_of(options, Slots(1), outage, Counters())


def test_why_it_was_down() -> None:
    """That stays when the next message may try, until one gets through."""
    outage = Outage(first=1e-9, most=1e-9)
    outage.began("HTTP 401")
    while outage.now():
        pass
    assert (state(outage).down, state(outage).last_error) == ("", "HTTP 401")
    outage.over()
    assert state(outage).last_error == ""


def test_while_it_is_left_alone() -> None:
    """It is down, and says why."""
    outage = Outage(first=60.0)
    outage.began("HTTP 401")
    assert (state(outage).down, state(outage).last_error) == (
        "the link is down: HTTP 401",
        "HTTP 401",
    )
