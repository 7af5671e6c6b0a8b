import pytest

from magpie.alerts import advice
from magpie.errors import CATALOGUE


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_advice(code: int) -> None:
    """Whatever error we give, somebody can read why it came and what to do."""
    found = advice.of(code)
    assert found is not None
    assert found.causes.endswith(".")
    assert found.cure.endswith(".")


def test_the_narrower_counts() -> None:
    """A sentence for a code wins over the one for its family."""
    assert advice.of(30024) != advice.of(30023)
    one, other = advice.of(30024), advice.of(30023)
    assert one is not None
    assert other is not None
    assert (one.exact, other.exact) == (True, False)


def test_of_nothing() -> None:
    """A number that is no code has none."""
    assert advice.of(1) is None
