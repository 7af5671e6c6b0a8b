from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.protocols import smpp

NOW = datetime(2024, 2, 28, 12, tzinfo=UTC)


def test_two_days_from_now() -> None:
    """The example of the specification."""
    assert smpp.relative(timedelta(days=2)) == "000002000000000R"
    assert smpp.parse_time("000002000000000R", NOW) == NOW + timedelta(days=2)


def test_a_relative_time_has_no_months() -> None:
    """Beyond 31 days readers disagree on what a month is."""
    assert smpp.relative(timedelta(hours=4)) == "000000040000000R"
    with pytest.raises(ValueError, match="relative"):
        smpp.relative(timedelta(days=32))


def test_an_absolute_time_names_its_zone() -> None:
    """Quarter-hours from UTC stand behind the tenth."""
    moment = datetime(2024, 2, 29, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert smpp.absolute(moment) == "240229123000000+"
    assert smpp.parse_time("240229143000008+", NOW) == moment
    assert smpp.parse_time("240229073000020-", NOW) == moment


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_absolute_times_come_back(plain: datetime) -> None:
    """To the tenth of a second."""
    moment = plain.replace(tzinfo=UTC, microsecond=plain.microsecond // 100_000 * 100_000)
    assert smpp.parse_time(smpp.absolute(moment), NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "999999999999999+", "240229120000000x", "24022912000000R", "²" * 16]
)
def test_senseless_times_mean_none(text: str) -> None:
    """A bad date never fails a message."""
    assert smpp.parse_time(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2402291430", datetime(2024, 2, 29, 14, 30, tzinfo=UTC)),
        ("240229143005", datetime(2024, 2, 29, 14, 30, 5, tzinfo=UTC)),
        ("20240229143005", datetime(2024, 2, 29, 14, 30, 5, tzinfo=UTC)),
        ("202402291430", datetime(2024, 2, 29, 14, 30, tzinfo=UTC)),
        ("2024-02-29T14:30:05", datetime(2024, 2, 29, 14, 30, 5, tzinfo=UTC)),
        ("2024-02-29 14:30:05+02:00", datetime(2024, 2, 29, 12, 30, 5, tzinfo=UTC)),
        ("0000000000", None),
        ("000000000000", None),
        ("", None),
        ("yesterday", None),
        ("9999999999", None),
    ],
)
def test_receipt_dates_in_every_form(text: str, moment: datetime | None) -> None:
    """Ten, twelve and fourteen digits, ISO text, zeros and rubbish."""
    assert smpp.parse_receipt_date(text) == moment


def test_receipt_dates_are_in_the_carriers_zone() -> None:
    """Most message centres write their local time."""
    zone = timezone(timedelta(hours=-5))
    assert smpp.parse_receipt_date("2402291430", zone) == datetime(2024, 2, 29, 19, 30, tzinfo=UTC)


@given(st.text(max_size=20))
def test_no_date_fails(text: str) -> None:
    """Whatever stands there is a moment or none."""
    smpp.parse_receipt_date(text)
    smpp.parse_time(text, NOW)
