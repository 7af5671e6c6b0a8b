from typing import Any

import msgspec
import pytest

from magpie.kit.record import Record


class Plain(Record, frozen=True):
    sid: str
    from_: str = msgspec.field(name="from")
    body: str | None = None


class Keyed(Record, frozen=True, kw_only=True):
    body: str | None = None
    sid: str


def test_columns_are_quoted_in_order() -> None:
    """Columns stand in the order of the fields, under the names that the table has."""
    assert Plain.columns() == '"sid", "from", "body"'


@pytest.mark.parametrize(
    ("kind", "row"), [(Plain, ("SM1", "+1", "hi")), (Keyed, ("hi", "SM1")), (Keyed, (None, "SM1"))]
)
def test_row_round_trip(kind: type[Record], row: tuple[Any, ...]) -> None:
    """A row becomes a record and comes back as it was."""
    assert kind.from_row(row).as_row() == row


@pytest.mark.parametrize("kind", [Plain, Keyed])
@pytest.mark.parametrize("row", [("a",), ("a", "b", "c", "d")])
def test_row_of_another_width_is_refused(kind: type[Record], row: tuple[str, ...]) -> None:
    """A row with too few or too many values is not silently filled or cut."""
    with pytest.raises(ValueError, match=r"column|argument"):
        kind.from_row(row)


def test_records_are_values() -> None:
    """Records cannot be changed and compare by what they hold."""
    record = Plain("SM1", "+1")
    with pytest.raises(AttributeError):
        record.sid = "SM2"  # type: ignore[misc]
    assert record == Plain(sid="SM1", from_="+1")
