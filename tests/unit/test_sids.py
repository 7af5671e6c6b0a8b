from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie import sids

ID = UUID("0190b5a2-7c1e-7abc-8def-0123456789AB")


def test_new_is_lower_case_hex() -> None:
    """A new SID is its two letters and the id in lower-case hex."""
    assert sids.new("SM", ID) == "SM0190b5a27c1e7abc8def0123456789ab"


@given(st.uuids())
def test_round_trip(id_: UUID) -> None:
    """The id comes back out of the SID that was made of it."""
    assert sids.uuid_of(sids.new("MM", id_)) == id_


@pytest.mark.parametrize(
    ("text", "prefixes", "expected"),
    [
        ("SM" + "0" * 32, (), True),
        ("SM" + "0" * 32, ("SM",), True),
        ("SM" + "0" * 32, ("MM", "SM"), True),
        ("SM" + "0" * 32, ("MM",), False),
        ("SM" + "A" * 32, ("SM",), True),
        ("sm" + "0" * 32, (), False),
        ("SM" + "0" * 31, (), False),
        ("SM" + "0" * 33, (), False),
        ("SM" + "g" * 32, (), False),
        ("SM" + "0" * 32 + "\n", (), False),
        ("", (), False),
        (None, (), False),
    ],
)
def test_is_sid(text: str | None, prefixes: tuple[str, ...], *, expected: bool) -> None:
    """A SID is two capitals and 32 hex digits, of one of the kinds asked for."""
    assert sids.is_sid(text, *prefixes) is expected


@pytest.mark.parametrize(
    "text", ["", "SM", "SM" + "x" * 32, "0190b5a2-7c1e-7abc-8def-0123456789ab"]
)
def test_uuid_of_refuses(text: str) -> None:
    """What is not a SID has no id."""
    with pytest.raises(ValueError, match="not a SID"):
        sids.uuid_of(text)


def test_new_refuses_a_bad_prefix() -> None:
    """A kind is two capital letters."""
    with pytest.raises(ValueError, match="two capital letters"):
        sids.new("sms", ID)
