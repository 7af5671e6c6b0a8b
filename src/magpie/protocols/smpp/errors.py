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

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from magpie.protocols.smpp.constants import RESPONSE, Command
from magpie.protocols.smpp.status import Status, status_name

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class SmppError(Exception):
    pass


class FramingError(SmppError):
    """Answer generic_nack with `status` and sequence 0, then close."""

    status = Status.RINVCMDLEN


class DecodeError(SmppError):
    """Answer the request's response, or generic_nack if it has none, with `status`.

    `read` are the fields before the one that is bad.
    """

    def __init__(
        self,
        status: int,
        command_id: int,
        sequence: int,
        field: str = "",
        read: Mapping[str, Any] = _NOTHING,
    ) -> None:
        super().__init__(f"{status_name(status)} in {command_name(command_id)} {field}".rstrip())
        self.read = read
        self.status = status
        self.command_id = command_id
        self.sequence = sequence
        self.field = field

    @property
    def is_response(self) -> bool:
        return bool(self.command_id & RESPONSE)


def command_name(command_id: int) -> str:
    """As the standard calls it, else its number."""
    request = command_id & ~RESPONSE
    if command_id == Command.GENERIC_NACK or request not in set(Command):
        return "generic_nack" if command_id == Command.GENERIC_NACK else f"0x{command_id:08X}"
    return Command(request).name.lower() + ("_resp" if command_id & RESPONSE else "")


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
