"""command_status values (SMPP 3.4 clause 5.1.3, 5.0 clause 4.7.6) and what a sender does next."""

from collections.abc import Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Final


class Status(IntEnum):
    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RINVPRTFLG = 0x06
    RINVREGDLVFLG = 0x07
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RCANCELFAIL = 0x11
    RREPLACEFAIL = 0x13
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RINVNUMDESTS = 0x33
    RINVDLNAME = 0x34
    RINVDESTFLAG = 0x40
    RINVSUBREP = 0x42
    RINVESMCLASS = 0x43
    RCNTSUBDL = 0x44
    RSUBMITFAIL = 0x45
    RINVSRCTON = 0x48
    RINVSRCNPI = 0x49
    RINVDSTTON = 0x50
    RINVDSTNPI = 0x51
    RINVSYSTYP = 0x53
    RINVREPFLAG = 0x54
    RINVNUMMSGS = 0x55
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RINVDFTMSGID = 0x63
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RQUERYFAIL = 0x67
    RINVOPTPARSTREAM = 0xC0
    ROPTPARNOTALLWD = 0xC1
    RINVPARLEN = 0xC2
    RMISSINGOPTPARAM = 0xC3
    RINVOPTPARAMVAL = 0xC4
    RDELIVERYFAILURE = 0xFE
    RUNKNOWNERR = 0xFF
    RSERTYPUNAUTH = 0x100
    RPROHIBITED = 0x101
    RSERTYPUNAVAIL = 0x102
    RSERTYPDENIED = 0x103
    RINVDCS = 0x104
    RINVSRCADDRSUBUNIT = 0x105
    RINVDSTADDRSUBUNIT = 0x106
    RINVBCASTFREQINT = 0x107
    RINVBCASTALIAS_NAME = 0x108
    RINVBCASTAREAFMT = 0x109
    RINVNUMBCAST_AREAS = 0x10A
    RINVBCASTCNTTYPE = 0x10B
    RINVBCASTMSGCLASS = 0x10C
    RBCASTFAIL = 0x10D
    RBCASTQUERYFAIL = 0x10E
    RBCASTCANCELFAIL = 0x10F
    RINVBCAST_REP = 0x110
    RINVBCASTSRVGRP = 0x111
    RINVBCASTCHANIND = 0x112


class StatusClass(Enum):
    OK = "ok"
    THROTTLE = "slow down, then the same message again"
    TEMPORARY = "again, with backoff"
    SESSION = "mend the session or bind anew"
    PERMANENT = "this message will never pass"
    CONFIGURATION = "this message will never pass and an operator must look"


_BY_CLASS: Final = {
    StatusClass.OK: "ROK",
    StatusClass.THROTTLE: "RMSGQFUL RTHROTTLED",
    StatusClass.TEMPORARY: "RSYSERR RSUBMITFAIL RX_T_APPN RDELIVERYFAILURE RUNKNOWNERR"
    " RSERTYPUNAVAIL",
    StatusClass.SESSION: "RINVCMDLEN RINVBNDSTS RALYBND RBINDFAIL",
    StatusClass.CONFIGURATION: "RINVCMDID RINVPRTFLG RINVREGDLVFLG RINVPASWD RINVSYSID RINVSERTYP"
    " RINVESMCLASS RINVSRCTON RINVSRCNPI RINVDSTTON RINVDSTNPI RINVSYSTYP RINVOPTPARSTREAM"
    " ROPTPARNOTALLWD RINVPARLEN RMISSINGOPTPARAM RINVOPTPARAMVAL RSERTYPUNAUTH RINVDCS"
    " RINVSRCADDRSUBUNIT RINVDSTADDRSUBUNIT",
}
_CLASSES: Final = {
    int(Status[name]): kind for kind, names in _BY_CLASS.items() for name in names.split()
}
_NO_OVERRIDES: Final[Mapping[int, StatusClass]] = MappingProxyType({})


def classify(status: int, overrides: Mapping[int, StatusClass] = _NO_OVERRIDES) -> StatusClass:
    """A carrier's `overrides` win; what nobody lists, vendor codes included, is permanent.

    RSUBMITFAIL counts as temporary: limit its retries to one or two.
    """
    return overrides.get(status) or _CLASSES.get(status, StatusClass.PERMANENT)


def status_name(status: int) -> str:
    try:
        return f"ESME_{Status(status).name}"
    except ValueError:
        return f"0x{status:08X}"
