"""Who may ask what, and when (SMPP 3.4 clause 2.3). The session reads the tables and no more."""

from enum import Enum
from typing import Final

from magpie.protocols.smpp.constants import Command


class Role(Enum):
    ESME = "the client that binds"
    SMSC = "the server, or message centre"

    @property
    def peer(self) -> "Role":
        return Role.SMSC if self is Role.ESME else Role.ESME


class State(Enum):
    OPEN = "connected, nobody bound"
    OUTBOUND = "the message centre asked the client to bind"
    BOUND_TX = "bound to submit"
    BOUND_RX = "bound to receive"
    BOUND_TRX = "bound both ways"
    UNBOUND = "good-bye said and answered"
    CLOSED = "over"


BINDS: Final = {
    int(Command.BIND_TRANSMITTER): State.BOUND_TX,
    int(Command.BIND_RECEIVER): State.BOUND_RX,
    int(Command.BIND_TRANSCEIVER): State.BOUND_TRX,
}
BOUND: Final = frozenset({State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX})
UNBOUND_YET: Final = frozenset({State.OPEN, State.OUTBOUND})

_ESME, _SMSC = frozenset({Role.ESME}), frozenset({Role.SMSC})
_EITHER: Final = _ESME | _SMSC
_SUBMITTING: Final = frozenset({State.BOUND_TX, State.BOUND_TRX})
_DELIVERING: Final = frozenset({State.BOUND_RX, State.BOUND_TRX})

_ALLOWED: Final[dict[int, tuple[frozenset[Role], frozenset[State]]]] = {
    Command.BIND_TRANSMITTER: (_ESME, frozenset({State.OPEN})),
    Command.BIND_RECEIVER: (_ESME, UNBOUND_YET),
    Command.BIND_TRANSCEIVER: (_ESME, UNBOUND_YET),
    Command.OUTBIND: (_SMSC, frozenset({State.OPEN})),
    Command.UNBIND: (_EITHER, BOUND),
    # Tolerated before the bind as well: some peers probe at once.
    Command.ENQUIRE_LINK: (_EITHER, BOUND | UNBOUND_YET),
    Command.SUBMIT_SM: (_ESME, _SUBMITTING),
    Command.SUBMIT_MULTI: (_ESME, _SUBMITTING),
    Command.QUERY_SM: (_ESME, _SUBMITTING),
    Command.CANCEL_SM: (_ESME, _SUBMITTING),
    Command.REPLACE_SM: (_ESME, _SUBMITTING),
    Command.DELIVER_SM: (_SMSC, _DELIVERING),
    Command.ALERT_NOTIFICATION: (_SMSC, _DELIVERING),
}
_NOBODY: Final[tuple[frozenset[Role], frozenset[State]]] = (frozenset(), frozenset())
_DATA_SM: Final = {Role.ESME: _SUBMITTING, Role.SMSC: _DELIVERING}


def permitted(command_id: int, role: Role, state: State) -> bool:
    """Whether `role` may send this request in `state`."""
    if command_id == Command.DATA_SM:
        return state in _DATA_SM[role]
    roles, states = _ALLOWED.get(command_id, _NOBODY)
    return role in roles and state in states
