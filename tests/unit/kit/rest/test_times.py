import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.rest.parsers import Wrong
from magpie.kit.rest.times import Span, day, instant, span

AT = datetime(2019, 6, 11, 22, 5, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-06-11T22:05:25Z", AT),
        ("2019-06-11T22:05:25", AT),
        ("2019-06-11 22:05:25.000", AT),
        ("2019-06-12T00:05:25+02:00", AT),
        ("06/11/2019 22:05:25 GMT", AT),
        ("06/11/2019 15:05:25 MST", AT),
        ("06/11/2019", AT.replace(hour=0, minute=0, second=0)),
        ("Tue, 11 Jun 2019 22:05:25 +0000", AT),
        ("Tue, 11 Jun 2019 15:05:25 -0700", AT),
        ("2008-01-02", datetime(2008, 1, 2, tzinfo=UTC)),
        (" 2008-01-02 ", datetime(2008, 1, 2, tzinfo=UTC)),
    ],
)
def test_instant(text: str, expected: datetime) -> None:
    """Times come in ISO 8601, RFC 2822 and the American way, and are UTC if they do not say."""
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2019-06-11" + " " * 100,
        "2019-13-01",
        "2019-02-30",
        "13/13/2019 01:02:03 MST",
        "1",
        "-",
        "00/00/0000",
        "9999-12-31T23:59:59-05:00",
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_instant_refuses(text: str) -> None:
    """What is no time, or lies outside the calendar, is refused."""
    with pytest.raises(Wrong):
        instant(text)


@given(st.text(alphabet="0123456789-/:+ TZ.,abMSunJ", max_size=40))
def test_instant_never_fails_otherwise(text: str) -> None:
    """Any text is an aware time or is refused."""
    with contextlib.suppress(Wrong):
        assert instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2019-06-11", datetime(2019, 6, 11, tzinfo=UTC), timedelta(days=1)),
        ("2019-06-11T00:00:00Z", datetime(2019, 6, 11, tzinfo=UTC), timedelta(days=1)),
        ("2019-06-11T22:05:25Z", AT, timedelta(seconds=1)),
        ("2019-06-11T22:05:25.700Z", AT, timedelta(seconds=1)),
    ],
)
def test_span(text: str, start: datetime, length: timedelta) -> None:
    """A filter by a day covers all of it, a filter by a time its second."""
    assert span(text) == Span(start, start + length)


def test_span_at_the_end_of_time() -> None:
    """The last day of the calendar has no end and is refused."""
    with pytest.raises(Wrong, match="future"):
        span("9999-12-31")


def test_day() -> None:
    """A day is that of UTC."""
    assert day("2019-06-11T23:30:00-02:00") == date(2019, 6, 12)
