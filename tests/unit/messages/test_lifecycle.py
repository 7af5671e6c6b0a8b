import pytest

from magpie.messages.lifecycle import FINAL, FINISHED, MOVES, Status, may_move


def test_every_status_has_its_place_in_the_table() -> None:
    """No status is forgotten in the table of moves."""
    assert set(MOVES) == set(Status)


@pytest.mark.parametrize("status", sorted(FINAL - {Status.DELIVERED}))
def test_a_final_status_leads_nowhere(status: Status) -> None:
    """What is over stays as it is, whatever a carrier says later."""
    assert not MOVES[status]


def test_only_a_delivered_message_can_be_read_later() -> None:
    """A read receipt may follow a delivery, and nothing else follows it."""
    assert MOVES[Status.DELIVERED] == {Status.READ}


@pytest.mark.parametrize(
    ("now", "to", "allowed"),
    [
        (Status.QUEUED, Status.SENDING, True),
        (Status.SENDING, Status.SENT, True),
        (Status.SENDING, Status.DELIVERED, True),
        (Status.SENT, Status.DELIVERED, True),
        (Status.SENT, Status.UNDELIVERED, True),
        (Status.SCHEDULED, Status.CANCELED, True),
        (Status.ACCEPTED, Status.QUEUED, True),
        (Status.SENT, Status.SENDING, False),
        (Status.DELIVERED, Status.SENT, False),
        (Status.DELIVERED, Status.UNDELIVERED, False),
        (Status.QUEUED, Status.CANCELED, True),
        (Status.SENDING, Status.CANCELED, False),
        (Status.FAILED, Status.SENT, False),
        (Status.SENT, Status.FAILED, False),
        (Status.RECEIVED, Status.DELIVERED, False),
    ],
)
def test_moves(now: Status, to: Status, allowed: bool) -> None:
    """A message goes forwards only, and late receipts change nothing."""
    assert may_move(now, to) is allowed


def test_no_chain_of_moves_ever_returns() -> None:
    """From no status is there a way back to it."""
    for start in Status:
        seen, open_ = set[Status](), set(MOVES[start])
        while open_:
            status = open_.pop()
            seen.add(status)
            open_ |= MOVES[status] - seen
        assert start not in seen


def test_sent_counts_as_finished() -> None:
    """Where no receipt ever comes, a message may still be redacted or deleted."""
    assert Status.SENT in FINISHED
    assert Status.SENDING not in FINISHED
