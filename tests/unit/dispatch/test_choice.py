"""What a message has been through, and what follows for its next try."""

from uuid import UUID

import pytest

from magpie.carriers.traffic import Accepted, Deferred, Outcome, Rejected, Unknown
from magpie.dispatch.choice import NEW, Past, after, may_help, past_of, state_of
from magpie.dispatch.model import Attempt


def tried(*pairs: tuple[str, str]) -> list[Attempt]:
    return [
        Attempt("AC", UUID(int=1), n, 0, carrier, state, None, None, False)
        for n, (carrier, state) in enumerate(pairs, 1)
    ]


@pytest.mark.parametrize(
    ("outcome", "state", "helps"),
    [
        (Accepted(("1",)), "accepted", False),
        (Deferred("ESME_RSYSERR"), "refused", True),
        (Deferred("throttled", throttled=True), "throttled", True),
        (Deferred("throttled", partial=True), "partial", False),
        (Rejected(30005), "refused", False),
        (Rejected(30008, elsewhere=True), "barred", True),
        (Unknown(), "unknown", False),
    ],
)
def test_where_another_carrier_may_help(outcome: Outcome, state: str, *, helps: bool) -> None:
    """Never after an unknown outcome, nor where the message itself was refused."""
    assert state_of(outcome) == state
    assert may_help(outcome) is helps


def test_a_past_is_read_from_attempts() -> None:
    """Refusals are weighed by carrier; the last that may have it is what it is bound to."""
    assert past_of([]) is NEW
    past = past_of(tried(("a", "refused"), ("a", "refused"), ("b", "barred"), ("c", "unknown")))
    assert past == Past(tries={"a": 4, "b": 0, "c": 0}, barred=frozenset("b"), bound="c")
    assert past_of(tried(("a", "partial"), ("a", "refused"))).bound == "a"


def test_an_outcome_adds_to_a_past() -> None:
    """As it will be read again from what is kept."""
    past = after(NEW, "a", Deferred())
    assert past.tries == {"a": 2}
    assert after(past, "a", Deferred(throttled=True)).tries == {"a": 3}
    assert after(past, "b", Rejected(30008, elsewhere=True)).barred == {"b"}
    assert after(past, "c", Unknown()).bound == "c"
