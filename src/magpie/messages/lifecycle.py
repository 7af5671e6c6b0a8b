"""The states of a message and the only moves between them.

```
no service:  queued -> sending -> sent -> delivered | undelivered -> read
service:     accepted -> queued -> ...
scheduled:   scheduled -> queued -> ... | canceled
by SMPP:     queued -> canceled, as long as nobody has taken it from its lane
accepted | scheduled | queued | sending -> failed
inbound:     receiving -> received | failed
```

Receipts come late, twice and out of order: a move that the table does not have is no error, it
changes nothing.
"""

from enum import StrEnum


class Status(StrEnum):
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    READ = "read"
    RECEIVING = "receiving"
    RECEIVED = "received"


_S = Status

# A carrier's receipt may overtake its answer, so `sending` leads to the final states directly.
_ENDS = frozenset({_S.DELIVERED, _S.UNDELIVERED, _S.READ})

MOVES: dict[Status, frozenset[Status]] = {
    _S.SCHEDULED: frozenset({_S.QUEUED, _S.CANCELED, _S.FAILED}),
    _S.ACCEPTED: frozenset({_S.QUEUED, _S.FAILED}),
    _S.QUEUED: frozenset({_S.SENDING, _S.SENT, _S.CANCELED, _S.FAILED}) | _ENDS,
    _S.SENDING: frozenset({_S.SENT, _S.FAILED}) | _ENDS,
    _S.SENT: _ENDS,
    _S.DELIVERED: frozenset({_S.READ}),
    _S.RECEIVING: frozenset({_S.RECEIVED, _S.FAILED}),
    _S.UNDELIVERED: frozenset(),
    _S.CANCELED: frozenset(),
    _S.FAILED: frozenset(),
    _S.READ: frozenset(),
    _S.RECEIVED: frozenset(),
}

FINAL = frozenset({_S.CANCELED, _S.DELIVERED, _S.UNDELIVERED, _S.FAILED, _S.READ, _S.RECEIVED})

# `sent` may be the last word: some carriers give no receipts.
FINISHED = FINAL | {_S.SENT}


def may_move(now: Status, to: Status) -> bool:
    return to in MOVES[now]
