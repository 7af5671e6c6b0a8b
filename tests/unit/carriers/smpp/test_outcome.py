from collections.abc import Sequence

import msgspec
import pytest

from magpie.carriers import traffic as t
from magpie.carriers.smpp import Host, LinkOptions
from magpie.carriers.smpp.outcome import blocker, fate
from magpie.carriers.smpp.progress import Progress
from magpie.carriers.smpp.request import Answered, Lost, Reply, Unfit, Unsent
from magpie.protocols import smpp
from magpie.protocols.smpp import MessageState, Status

OPTIONS = LinkOptions(name="north", hosts=(Host("a", 1),), system_id="x")
OK, BAD = Answered(Status.ROK, "1"), Answered(Status.RINVDSTADR)
SLOW, BUSY = Answered(Status.RTHROTTLED), Answered(Status.RSYSERR)
LOST, UNSENT = Lost("cut"), Unsent("down", 3.0)


def outcome(replies: Sequence[Reply], attempt: int = 1) -> t.Outcome | None:
    return blocker(
        dict(enumerate(replies)), OPTIONS, parts=len(replies), attempt=attempt, pause=2.0
    )


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([OK], None),
        ([OK, OK], None),
        ([BAD], t.Rejected(30005, "ESME_RINVDSTADR")),
        ([OK, BAD], t.Rejected(30005, "part 2: ESME_RINVDSTADR")),
        ([LOST, BAD], t.Rejected(30005, "part 2: ESME_RINVDSTADR")),
        ([LOST], t.Unknown("cut")),
        ([SLOW, OK, LOST], t.Unknown("part 3: cut")),
        ([UNSENT, LOST], t.Unknown("part 2: cut")),
        ([BUSY, SLOW], t.Deferred("ESME_RTHROTTLED", throttled=True, after=2.0)),
        ([BUSY, OK], t.Deferred("ESME_RSYSERR", after=5.0)),
        ([UNSENT], t.Deferred("down", throttled=True, after=3.0)),
        ([Unfit("too long")], t.Rejected(30008, "too long")),
    ],
)
def test_parts_add_up(replies: list[Reply], expected: t.Outcome | None) -> None:
    """Refused for good beats unknown, unknown beats later, and only then all is well."""
    assert outcome(replies) == expected


@pytest.mark.parametrize(("attempt", "kind"), [(1, t.Deferred), (2, t.Deferred), (3, t.Rejected)])
def test_submit_failed(attempt: int, kind: type) -> None:
    """A failure that says nothing is tried twice more, then believed."""
    assert isinstance(outcome([Answered(Status.RSUBMITFAIL)], attempt), kind)


@pytest.mark.parametrize(
    ("network_error", "error", "code"),
    [
        ((3, 1), "000", 30005),
        ((3, 27), "", 30003),
        ((3, 999), "", 30008),
        ((2, 1), "", 30008),
        (None, "013", 30004),
        (None, "13", 30008),
        (None, "x13", 30008),
    ],
)
def test_errors_of_receipts(network_error: tuple[int, int] | None, error: str, code: int) -> None:
    """The network's own error decides the code, if it is one that every network knows."""
    receipt = smpp.Receipt(
        "id", MessageState.UNDELIVERABLE, final=True, error=error, network_error=network_error
    )
    assert fate(receipt, OPTIONS) == (t.ReceiptState.UNDELIVERED, code)


def test_a_carriers_own_error_wins() -> None:
    """What a carrier means by a code is set for it alone."""
    options = msgspec.structs.replace(OPTIONS, receipt_codes={"001": 30007})
    receipt = smpp.Receipt("id", MessageState.UNDELIVERABLE, final=True, error="001")
    assert fate(receipt, options)[1] == 30007


def test_no_final_word() -> None:
    """Notices on the way, and states that say nothing, leave the message where it is."""
    for state in (MessageState.UNKNOWN, MessageState.ENROUTE, MessageState.ACCEPTED):
        receipt = smpp.Receipt("id", state, final=False)
        assert fate(receipt, OPTIONS) == (t.ReceiptState.PENDING, None)


def test_progress_forgets_the_oldest() -> None:
    """Only so many unfinished messages are remembered."""
    progress = Progress(most=2)
    for key in ("a", "b", "a", "c"):
        progress.add(key, 0, key)
    progress.add("a", 1, "second")
    assert (dict(progress.of("a")), dict(progress.of("b"))) == ({0: "a", 1: "second"}, {})
    progress.forget("a")
    assert not progress.of("a")
