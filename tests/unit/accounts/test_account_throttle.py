import pytest

from magpie.accounts.throttle import FORGOTTEN_AFTER, MOST, Throttle
from magpie.kit import clock

WHO = ("AC1", "192.0.2.1")


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (9, 0), (10, 1), (11, 2), (12, 4), (19, 512), (20, 900), (100, 900)],
)
def test_wait_after_failures(failures: int, seconds: float) -> None:
    """Nine failures are free, each from the tenth on doubles the wait, up to 15 minutes."""
    with clock.use(clock.ManualClock()):
        throttle = Throttle()
        for _ in range(failures):
            throttle.failed(WHO)
        assert throttle.wait(WHO) == seconds


def test_wait_runs_out() -> None:
    """The wait gets shorter with time and ends."""
    with clock.use(clock.ManualClock()) as now:
        throttle = Throttle()
        for _ in range(12):
            throttle.failed(WHO)
        now.advance(3)
        assert throttle.wait(WHO) == 1
        now.advance(1)
        assert throttle.wait(WHO) == 0


def test_success_forgives() -> None:
    """Right credentials wipe out the failures before them."""
    throttle = Throttle()
    for _ in range(9):
        throttle.failed(WHO)
    throttle.succeeded(WHO)
    for _ in range(9):
        throttle.failed(WHO)
    assert throttle.wait(WHO) == 0


def test_others_do_not_wait() -> None:
    """One who guesses locks out neither other accounts nor other addresses."""
    throttle = Throttle()
    for _ in range(20):
        throttle.failed(WHO)
    assert throttle.wait(("AC1", "192.0.2.2")) == 0
    assert throttle.wait(("AC2", "192.0.2.1")) == 0


def test_old_failures_count_no_more() -> None:
    """Who failed long ago begins anew."""
    with clock.use(clock.ManualClock()) as now:
        throttle = Throttle()
        for _ in range(15):
            throttle.failed(WHO)
        now.advance(FORGOTTEN_AFTER + 1)
        throttle.failed(WHO)
        assert throttle.wait(WHO) == 0


def test_memory_is_bounded() -> None:
    """However many names are tried, only a fixed number of them is kept."""
    throttle = Throttle()
    for number in range(MOST + 10):
        throttle.failed((str(number), "192.0.2.1"))
    assert len(throttle._failures) == MOST
