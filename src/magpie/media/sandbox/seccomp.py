"""The system calls of one who only computes: all others answer EPERM (seccomp(2), mode 2).

Limits alone leave what needs no open file: kill and ptrace of whoever has the same user, exec,
shared memory that outlives its maker, unlink and truncate.
"""

import ctypes
import errno
import platform
import struct
from typing import Final

from magpie.media.sandbox import linux

# By name, on x86-64 and on AArch64 (asm/unistd_64.h, asm-generic/unistd.h).
_ALLOWED: Final[dict[str, tuple[int, int]]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "getcwd": (79, 17),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getrusage": (98, 165),
    "times": (100, 153),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "getrandom": (318, 278),
    "getcpu": (309, 168),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_MMAP: Final = (9, 222)
_CLONE: Final = (56, 220)
_CLONE3: Final = (435, 435)
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column above, and AUDIT_ARCH of linux/audit.h."""

# Classic BPF (linux/bpf_common.h) over struct seccomp_data: number, architecture, 8 bytes of
# instruction pointer, six arguments of 8 bytes, of which the lower halves are looked at.
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_NUMBER_AT: Final = 0
_MACHINE_AT: Final = 4
_FIRST_AT: Final = 16
_FOURTH_AT: Final = 40

_Line = tuple[int, int, int, int]
"""struct sock_filter: code, lines to jump over if so, and if not, operand."""
_ALLOW: Final[_Line] = (_RETURN, 0, 0, 0x7FFF0000)
_REFUSE: Final[_Line] = (_RETURN, 0, 0, 0x00050000 | errno.EPERM)
_ABSENT: Final[_Line] = (_RETURN, 0, 0, 0x00050000 | errno.ENOSYS)

_MAP_SHARED: Final = 0x01
_CLONE_THREAD: Final = 0x10000
_MODE_FILTER: Final = 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def known() -> bool:
    return platform.machine() in _MACHINES


def program(machine: str, *, threads: bool) -> list[_Line]:
    column, architecture = _MACHINES[machine]
    flags: _Line = (_LOAD, 0, 0, _FOURTH_AT)
    lines = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 1, 0, architecture),
        _REFUSE,
        (_LOAD, 0, 0, _NUMBER_AT),
        # Memory shared with others is not counted as the child's own.
        *_when(_MMAP[column], flags, (_IF_ANY_BIT, 0, 1, _MAP_SHARED), _REFUSE, _ALLOW),
    ]
    if threads:
        lines += _threads(column)
    for numbers in _ALLOWED.values():
        lines += _when(numbers[column], _ALLOW)
    return [*lines, _REFUSE]


def _threads(column: int) -> list[_Line]:
    """Threads, but no processes. Without clone3, which hides its flags, libc takes clone."""
    flags: _Line = (_LOAD, 0, 0, _FIRST_AT)
    return [
        *_when(_CLONE3[column], _ABSENT),
        *_when(_CLONE[column], flags, (_IF_ANY_BIT, 0, 1, _CLONE_THREAD), _ALLOW, _REFUSE),
    ]


def _when(number: int, *then: _Line) -> list[_Line]:
    return [(_IF_EQUAL, 0, len(then), number), *then]


def install(*, threads: bool) -> None:
    """Shut this thread in; there is no way back. Needs no_new_privs."""
    lines = program(platform.machine(), threads=threads)
    code = b"".join(struct.pack("=HBBI", *line) for line in lines)
    held = ctypes.create_string_buffer(code, len(code))
    filled = _Program(len(lines), ctypes.addressof(held))
    linux.prctl(linux.PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(filled))
