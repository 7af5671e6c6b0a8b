from datetime import UTC, datetime, timedelta, timezone

import pytest
from twilio.base import deserialize

from magpie.kit.rest.dialect import V1, V2010, Dialect, format_of

AT = datetime(2019, 5, 24, 17, 18, 27, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dialect", "at", "expected"),
    [
        (V2010, AT, "Fri, 24 May 2019 17:18:27 +0000"),
        (V2010, AT.astimezone(timezone(timedelta(hours=2))), "Fri, 24 May 2019 17:18:27 +0000"),
        (V1, AT, "2019-05-24T17:18:27Z"),
        (V1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "1969-12-31T23:59:59Z"),
    ],
)
def test_dates(dialect: Dialect, at: datetime, expected: str) -> None:
    """Dates are RFC 2822 in the old API and ISO 8601 in the new ones, in UTC, by the second."""
    assert dialect.date(at) == expected


def test_the_sdk_reads_our_dates() -> None:
    """The official library gets the same second back from either form."""
    second = AT.replace(microsecond=0)
    assert deserialize.rfc2822_datetime(V2010.date(AT)) == second
    assert deserialize.iso8601_datetime(V1.date(AT)) == second


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2010-04-01/Nowhere", "xml"),
        ("/2010-04-01/Nowhere.json", "json"),
        ("/2010-04-01/Nowhere.xml", "xml"),
        ("/messaging/v1/Nowhere", "json"),
        ("/", "json"),
    ],
)
def test_format_of_a_wrong_path(path: str, expected: str) -> None:
    """Even a path that leads nowhere is answered in the format that it asks for."""
    assert format_of(path) == expected
