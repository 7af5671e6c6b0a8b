from uuid import UUID

from magpie.carriers.traffic import Receipt, ReceiptState
from magpie.dispatch.model import Attempt
from magpie.dispatch.receipts import Tally
from magpie.messages.lifecycle import Status

DELIVERED, UNDELIVERED = ReceiptState.DELIVERED, ReceiptState.UNDELIVERED
PENDING, READ = ReceiptState.PENDING, ReceiptState.READ


def part(n: int, receipt: str | None = None) -> Attempt:
    return Attempt("AC", UUID(int=1), 1, n, "c", "accepted", f"id{n}", receipt, False)


def told(n: int, state: ReceiptState) -> Receipt:
    return Receipt(carrier="c", carrier_id=f"id{n}", state=state)


def test_one_part_decides_alone() -> None:
    """A text of one part is delivered when its receipt says so."""
    tally = Tally([part(0)])
    assert tally.add(told(0, DELIVERED)) is Status.DELIVERED
    assert tally.marks() == [(part(0), "delivered")]


def test_all_parts_must_arrive() -> None:
    """A long text is delivered with the last of its parts, in whatever order they come."""
    tally = Tally([part(0), part(1), part(2)])
    assert tally.add(told(2, DELIVERED)) is None
    assert tally.add(told(0, DELIVERED)) is None
    assert tally.add(told(1, DELIVERED)) is Status.DELIVERED


def test_one_lost_part_is_enough() -> None:
    """A long text is undelivered as soon as one part is."""
    tally = Tally([part(0), part(1)])
    assert tally.add(told(1, UNDELIVERED)) is Status.UNDELIVERED


def test_the_first_final_word_stays() -> None:
    """A second receipt for a part changes nothing, the same or another."""
    tally = Tally([part(0, "delivered")])
    assert tally.add(told(0, DELIVERED)) is None
    assert tally.add(told(0, UNDELIVERED)) is None
    assert tally.marks() == []


def test_pending_is_no_end() -> None:
    """An intermediate notification is noted and leads nowhere."""
    tally = Tally([part(0)])
    assert tally.add(told(0, PENDING)) is None
    assert tally.add(told(0, DELIVERED)) is Status.DELIVERED


def test_read_follows_delivered() -> None:
    """A read receipt counts after the delivery."""
    assert Tally([part(0, "delivered")]).add(told(0, READ)) is Status.READ
