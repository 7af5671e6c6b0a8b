"""What to answer to a request that could not be read."""

from enum import StrEnum
from typing import Final

from magpie.protocols.mm7 import operations
from magpie.protocols.mm7.errors import ReadError
from magpie.protocols.mm7.operations import Fault, Operation, Request, RsErrorRsp, VaspErrorRsp
from magpie.protocols.mm7.values import Status

_REQUESTS: Final = {
    kind.name: kind
    for kind in vars(operations).values()
    if isinstance(kind, type) and issubclass(kind, Request) and hasattr(kind, "response")
}


class Role(StrEnum):
    RELAY = "relay"
    VASP = "vasp"


def refusal(error: ReadError, role: Role) -> Operation:
    """The response to an operation of which we know the name, else a fault of the client."""
    status = Status(error.status, error.text)
    kind = _REQUESTS.get(error.operation)
    if kind and error.transaction_id:
        return kind.response(status=status)
    answer = RsErrorRsp if role is Role.RELAY else VaspErrorRsp
    return Fault(code="Client", reason=error.text, error=answer(status=status))
