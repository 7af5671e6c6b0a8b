"""What can go wrong, and whose fault it is.

SmppError
+-- FramingError         theirs: the stream cannot be followed any further
+-- DecodeError          theirs: one PDU is bad, the session lives
|   +-- UnknownCommandError
+-- LocalError           ours
    +-- EncodeError      a value does not fit its field
    +-- StateError       not in this state, or not from this side
    +-- WindowFullError  too many requests without an answer
"""

from magpie.protocols.smpp.constants import RESPONSE
from magpie.protocols.smpp.status import Status, status_name


class SmppError(Exception):
    pass


class FramingError(SmppError):
    """Answer generic_nack with `status` and sequence 0, then close."""

    status = Status.RINVCMDLEN


class DecodeError(SmppError):
    """Answer the request's response, or generic_nack if it has none, with `status`."""

    def __init__(self, status: int, command_id: int, sequence: int, field: str = "") -> None:
        super().__init__(f"{status_name(status)} in command 0x{command_id:08X} {field}".rstrip())
        self.status = status
        self.command_id = command_id
        self.sequence = sequence
        self.field = field

    @property
    def is_response(self) -> bool:
        return bool(self.command_id & RESPONSE)


class UnknownCommandError(DecodeError):
    """Answer generic_nack to a request; an unknown response is only logged."""


class LocalError(SmppError):
    pass


class EncodeError(LocalError):
    pass


class StateError(LocalError):
    pass


class WindowFullError(LocalError):
    pass
