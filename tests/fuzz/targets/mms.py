"""MM1 as it is posted, and as it is pushed in short messages."""

from contextlib import suppress

from tests.fuzz.outcome import Outcome

from magpie.protocols import mm1
from magpie.protocols.mm1 import wsp


def mm1_pdu(data: bytes) -> Outcome:
    try:
        pdu = mm1.decode(data)
    except mm1.DecodeError:
        return Outcome.REFUSED
    mm1.dump(data)
    try:
        written = mm1.encode(pdu)
    except mm1.EncodeError:
        return Outcome.READ
    settled = mm1.decode(written)
    assert type(settled) is type(pdu)
    # Settled, for a field that was there and empty is then none.
    assert mm1.decode(mm1.encode(settled)) == settled, (pdu, settled)
    return Outcome.KEPT


def wsp_push(data: bytes) -> Outcome:
    """A push as it comes in short messages, and the primitives it is made of."""
    for read in (_primitives, lambda part: mm1.push.notification([part])):
        with suppress(mm1.DecodeError):
            read(data)
    try:
        found = mm1.push.unwrap(data)
    except mm1.DecodeError:
        return Outcome.REFUSED
    pushed = mm1.push.wrap(found.body, found.transaction)
    again = mm1.push.unwrap(pushed)
    assert (again.body, again.transaction) == (found.body, found.transaction)
    if len(parts := mm1.push.split(pushed, found.transaction)) < 256:  # as many as can be counted
        assert mm1.push.notification(parts[::-1]) == found.body
    return Outcome.KEPT


def _primitives(data: bytes) -> None:
    number = wsp.Reader(data).uintvar()
    assert wsp.Reader(wsp.uintvar(number)).uintvar() == number
