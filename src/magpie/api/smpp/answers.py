"""What a refusal of ours is in SMPP (3.4 clause 5.1.3)."""

from typing import Final

from magpie.errors import Refused
from magpie.kit.db import DatabaseUnavailable, Overloaded
from magpie.protocols.smpp import Status

_STATUSES: Final = {
    20429: Status.RTHROTTLED,
    21211: Status.RINVDSTADR,
    21212: Status.RINVSRCADR,
    21408: Status.RINVDSTADR,
    21602: Status.RINVMSGLEN,
    21603: Status.RINVSRCADR,
    21604: Status.RINVDSTADR,
    21606: Status.RINVSRCADR,
    21611: Status.RMSGQFUL,
    21612: Status.RINVSRCADR,
    21614: Status.RINVDSTADR,
    21617: Status.RINVMSGLEN,
    21624: Status.RINVEXPIRY,
    21659: Status.RINVSRCADR,
    21660: Status.RINVSRCADR,
    21661: Status.RINVSRCADR,
    21701: Status.RINVSRCADR,
    21703: Status.RINVSRCADR,
    21704: Status.RINVSRCADR,
    21711: Status.RINVSRCADR,
    63007: Status.RINVDSTADR,
}


class Denied(Exception):  # noqa: N818 - an answer, not a mistake
    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


def status_of(error: Exception) -> Status:
    """What opted out or is forbidden for another reason is RSUBMITFAIL (0x45)."""
    match error:
        case Denied():
            return error.status
        case Refused():
            return _STATUSES.get(error.code, Status.RSUBMITFAIL)
        case Overloaded():
            return Status.RMSGQFUL
        case DatabaseUnavailable():
            return Status.RSYSERR
        case _:
            return Status.RSYSERR
