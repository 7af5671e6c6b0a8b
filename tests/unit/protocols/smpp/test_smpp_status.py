import pytest

from magpie.protocols.smpp import Status, StatusClass, classify, status_name


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0x00, StatusClass.OK),
        (0x58, StatusClass.THROTTLE),
        (0x14, StatusClass.THROTTLE),
        (0x08, StatusClass.TEMPORARY),
        (0x45, StatusClass.TEMPORARY),
        (0xFE, StatusClass.TEMPORARY),
        (0x04, StatusClass.SESSION),
        (0x0D, StatusClass.SESSION),
        (0x0E, StatusClass.CONFIGURATION),
        (0xC3, StatusClass.CONFIGURATION),
        (0x104, StatusClass.CONFIGURATION),
        (0x0B, StatusClass.PERMANENT),
        (0x10A, StatusClass.PERMANENT),
        (0x412, StatusClass.PERMANENT),
        (0xFFFFFFFF, StatusClass.PERMANENT),
    ],
)
def test_a_status_says_what_to_do_next(status: int, expected: StatusClass) -> None:
    """Slow down, retry, rebind, give up, or call an operator."""
    assert classify(status) is expected


def test_a_carrier_may_mean_something_else() -> None:
    """An override changes one code and no other."""
    overrides = {0x412: StatusClass.THROTTLE}
    assert classify(0x412, overrides) is StatusClass.THROTTLE
    assert classify(0x413, overrides) is StatusClass.PERMANENT


def test_names_are_those_of_the_trade() -> None:
    """A log shows what an engineer can look up."""
    assert status_name(Status.RTHROTTLED) == "ESME_RTHROTTLED"
    assert status_name(0x412) == "0x00000412"
