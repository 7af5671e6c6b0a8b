"""What the parent and the zygote tell each other, and how a child's answer lies in its memory.

Control messages are JSON, one a packet. Input and output are memory files handed over with the
job: the input is the task and then the content; the output begins with HEADER.
"""

import struct
from typing import Final

import msgspec

MOST_PACKET: Final = 8192
MOST_OUTPUT: Final = 16 << 20
"""Bytes of the output with its header; made whole and sealed by the parent, it cannot grow."""

HEADER: Final = struct.Struct("<4sIII")
"""MAGIC, verdict, bytes of the result, bytes of the content: the two follow."""
MAGIC: Final = b"MgPa"
DONE: Final = 1
UNUSABLE: Final = 2

# What a child that can say no more says with its exit code.
NO_MEMORY: Final = 3
UNCONFINED: Final = 4


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one job may use.

    `data_bytes` is all memory that is the child's own, of which about 30 MB were the zygote's.
    `address_bytes` also counts what is mapped and never touched, such as libraries (115 MB).
    `tasks` are those of the child's user, all processes and threads together, that may be there
    when it starts a thread; with none it cannot. It never can start a process.
    """

    cpu_seconds: int = 10
    data_bytes: int = 448 << 20
    address_bytes: int = 704 << 20
    tasks: int = 0


class Job(msgspec.Struct, frozen=True, kw_only=True, tag="job"):
    number: int
    task_bytes: int
    content_bytes: int
    limits: Limits


class Kill(msgspec.Struct, frozen=True, tag="kill"):
    number: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """`missing` names the walls that this system did not let us build."""

    missing: tuple[str, ...] = ()


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    why: str


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="ended"):
    """`status` is that of wait(2)."""

    number: int
    status: int
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class Fault(msgspec.Struct, frozen=True):
    """The result of a child that found its file unusable."""

    code: int
    why: str


Order = Job | Kill
Report = Ready | Failed | Ended

encode = msgspec.json.Encoder().encode
order_of = msgspec.json.Decoder(Order).decode
report_of = msgspec.json.Decoder(Report).decode
fault_of = msgspec.json.Decoder(Fault).decode
