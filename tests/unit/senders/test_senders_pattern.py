import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.senders.inventory.pattern import contains, partial

NUMBER = "+14155550123"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("5550123", True),
        ("415555****", True),
        ("+1415", True),
        (" 1415", True),
        ("+415", False),
        ("0123$", True),
        ("5550$", False),
        ("14%23$", True),
        ("(415) 555", True),
        ("JKL0123", True),
        ("jkl", True),
        ("999", False),
    ],
)
def test_contains(asked: str, found: bool) -> None:
    """Digits, keypad letters, wild cards and the ends of a number are matched."""
    pattern = contains(asked)
    assert pattern is not None
    assert bool(re.search(pattern, NUMBER)) is found


@pytest.mark.parametrize("asked", ["", "4", "*", "****", "4***", "1" * 17, "41é", "4/1", "41[0]"])
def test_contains_refuses(asked: str) -> None:
    """Too short, too long, all but one digit hidden, or foreign characters: no pattern."""
    assert contains(asked) is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [("+14155550123", True), ("555", True), ("41555*0123", True), ("+55", False)],
)
def test_partial(asked: str, found: bool) -> None:
    """A held number is found by all of it, by a part, or with * for a digit."""
    assert bool(re.search(partial(asked) or "x", NUMBER)) is found


@settings(max_examples=200)
@given(st.text(max_size=20))
def test_patterns_are_always_expressions(asked: str) -> None:
    """Whatever a caller writes becomes no pattern, or one that only names digits."""
    for pattern in (contains(asked), partial(asked)):
        if pattern is not None:
            re.compile(pattern)
            assert re.fullmatch(r"(\^\[\+\])?([0-9]|\[0-9\]\*?)*\$?", pattern)
