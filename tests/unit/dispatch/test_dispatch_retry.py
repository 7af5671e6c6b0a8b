from datetime import UTC, datetime, timedelta

import pytest

from magpie.carriers.base import Capabilities
from magpie.carriers.traffic import Accepted, Deferred, Kind, Outcome, Rejected, Unknown
from magpie.dispatch.retry import MOST_TRIES, Again, Decision, Held, Moves, decide
from magpie.messages.lifecycle import Status

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KNOWS = Capabilities(deduplicates=True)


def decision(
    outcome: Outcome,
    *,
    kind: Kind = Kind.SMS,
    tries: int = 1,
    unknowns: int = 0,
    left: float = 3600,
    carrier: Capabilities = Capabilities(),  # noqa: B008 - a frozen value
    elsewhere: bool = False,
) -> Decision:
    return decide(
        outcome,
        kind=kind,
        tries=tries,
        unknowns=unknowns,
        now=NOW,
        expires_at=NOW + timedelta(seconds=left),
        carrier=carrier,
        chance=0.5,
        elsewhere=elsewhere,
    )


def test_accepted_is_sent() -> None:
    """A carrier's yes makes a message sent."""
    assert decision(Accepted(("1",))) == Moves(Status.SENT)


def test_rejected_has_failed() -> None:
    """A carrier's no fails the message with its code."""
    assert decision(Rejected(30007)) == Moves(Status.FAILED, 30007)


def test_a_throttle_never_fails_a_message() -> None:
    """However often a carrier says later, only the end of the validity fails a message."""
    for tries in range(1, 500):
        assert isinstance(decision(Deferred(throttled=True), tries=tries), Again)


def test_a_passing_fault_is_tried_a_few_times() -> None:
    """A temporary error is given up after a limit, with the code of the kind."""
    assert isinstance(decision(Deferred(), tries=MOST_TRIES - 1), Again)
    assert decision(Deferred(), tries=MOST_TRIES) == Moves(Status.FAILED, 30008)
    assert decision(Deferred(), tries=MOST_TRIES, kind=Kind.MMS) == Moves(Status.FAILED, 30017)


def test_waits_grow_and_have_a_limit() -> None:
    """Each try waits longer than the one before, a minute and its jitter at most."""
    waits = []
    for tries in range(1, 8):
        again = decision(Deferred(throttled=True), tries=tries)
        assert isinstance(again, Again)
        waits.append((again.at - NOW).total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] <= 75


def test_a_retry_beyond_the_validity_fails_now() -> None:
    """A message whose next try would come too late fails with 30036."""
    assert decision(Deferred(throttled=True), left=0.1) == Moves(Status.FAILED, 30036)


@pytest.mark.parametrize(
    ("policy", "unknowns", "expected"),
    [
        ("resend", 1, Again),
        ("resend", 2, Held),
        ("hold", 1, Held),
        ("fail", 1, Moves),
    ],
)
def test_an_unknown_outcome_follows_the_policy(
    policy: str, unknowns: int, expected: type[Decision]
) -> None:
    """Where a carrier does not know duplicates, it is resent once, or held, or failed."""
    carrier = Capabilities(on_unknown=policy)
    assert isinstance(decision(Unknown(), unknowns=unknowns, carrier=carrier), expected)


def test_a_carrier_that_knows_duplicates_is_asked_again() -> None:
    """Resending is safe there, whatever the policy says."""
    carrier = Capabilities(deduplicates=True, on_unknown="fail")
    again = decision(Unknown(), unknowns=2, carrier=carrier)
    assert isinstance(again, Again)
    assert again.unknown


@pytest.mark.parametrize("outcome", [Deferred(after=30.0), Rejected(30008, elsewhere=True)])
def test_where_another_link_is_open_nothing_is_waited_for(outcome: Outcome) -> None:
    """The next try is due at once."""
    assert decision(outcome, elsewhere=True) == Again(NOW)


def test_a_refusal_of_the_message_is_final_everywhere() -> None:
    """Another route does not help one that is wrong itself."""
    assert decision(Rejected(30005), elsewhere=True) == Moves(Status.FAILED, 30005)
