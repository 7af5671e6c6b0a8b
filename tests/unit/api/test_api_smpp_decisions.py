"""What SMPP's server decides without asking anybody."""

import pytest

from magpie.api.smpp.answers import Denied, status_of
from magpie.api.smpp.manage import state_of
from magpie.api.smpp.pace import Pace
from magpie.errors import Refused
from magpie.kit import clock
from magpie.kit.db import DatabaseUnavailable, Overloaded
from magpie.messages import smpp
from magpie.messages.lifecycle import Status as State
from magpie.protocols.smpp import MessageState, Status


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused(21211), Status.RINVDSTADR),
        (Refused(21606), Status.RINVSRCADR),
        (Refused(21610), Status.RSUBMITFAIL),
        (Refused(21611), Status.RMSGQFUL),
        (Refused(20429), Status.RTHROTTLED),
        (Refused(99999), Status.RSUBMITFAIL),
        (Denied(Status.RINVDCS), Status.RINVDCS),
        (Overloaded("full"), Status.RMSGQFUL),
        (DatabaseUnavailable("away"), Status.RSYSERR),
        (RuntimeError("odd"), Status.RSYSERR),
    ],
)
def test_statuses(error: Exception, status: Status) -> None:
    """A refusal is one that the client's program knows."""
    assert status_of(error) is status


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_name_in_smpp(state: State) -> None:
    """None is unknown."""
    assert state_of(state.value, None) is not MessageState.UNKNOWN


def test_what_expired_says_so() -> None:
    """It failed, but for lack of time."""
    assert state_of(State.FAILED.value, 30036) is MessageState.EXPIRED


@pytest.mark.parametrize(
    ("registered", "states"),
    [
        (0, set()),
        (1, {State.DELIVERED, State.UNDELIVERED, State.FAILED, State.CANCELED}),
        (2, {State.UNDELIVERED, State.FAILED, State.CANCELED}),
        (3, {State.DELIVERED}),
        (0x10, {State.SENT}),
        (0x13, {State.SENT, State.DELIVERED}),
        (0x1C, {State.SENT}),
    ],
)
def test_registered_delivery(registered: int, states: set[State]) -> None:
    """Bits 1-0 ask for the final state, bit 4 for the one before it."""
    assert {state for state in State if smpp.wants(registered, state)} == states


def test_a_pace() -> None:
    """A second's worth at once, then the rate; what is refused costs nothing."""
    with clock.use(clock.ManualClock()) as time:
        pace = Pace()
        assert sum(pace.admits(1, 10) for _ in range(100)) == 10
        time.advance(1.0)
        assert sum(pace.admits(1, 10) for _ in range(100)) == 10
        time.advance(0.5)
        assert sum(pace.admits(1, 10) for _ in range(100)) == 5


def test_a_pace_of_long_texts() -> None:
    """Segments count; a text of more than a second's worth passes all the same."""
    with clock.use(clock.ManualClock()) as time:
        pace = Pace()
        assert pace.admits(5, 1)
        assert not pace.admits(1, 1)
        time.advance(5.0)
        assert pace.admits(1, 1)


def test_no_pace() -> None:
    """A rate of 0 is none."""
    pace = Pace()
    assert all(pace.admits(100, 0) for _ in range(1000))
