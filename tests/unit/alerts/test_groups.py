from datetime import UTC, datetime, timedelta

from magpie.alerts.groups import Group, Span, joined, of_rows

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SPAN = Span(NOW - timedelta(hours=4), NOW, bins=4)


def at(hour: int) -> datetime:
    return SPAN.since + timedelta(hours=hour)


def test_rows_become_groups() -> None:
    """Parts of one code come together; what is a moment late counts to the last part."""
    rows = [
        (30005, 0, 2, at(0), at(1)),
        (11200, 1, 1, at(1), at(2)),
        (30005, 4, 5, at(3), at(4)),
    ]
    assert of_rows(rows, SPAN) == [
        Group(30005, (2, 0, 0, 5), at(0), at(4)),
        Group(11200, (0, 1, 0, 0), at(1), at(2)),
    ]
    assert SPAN.step == timedelta(hours=1)


def test_the_most_frequent_first() -> None:
    """Equal ones by their code."""
    groups = [Group(code, (count,), NOW, NOW) for code, count in ((3, 1), (2, 1), (1, 9))]
    assert [group.code for group in joined(groups)] == [1, 2, 3]
