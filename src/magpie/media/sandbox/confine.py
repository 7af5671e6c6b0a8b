"""The walls of the zygote, which its children inherit, and those of one child."""

import os
import resource
import signal
from pathlib import Path
from typing import Final

from magpie.media.sandbox import linux, seccomp
from magpie.media.sandbox.wire import Limits

NOBODY: Final = 65534
_ALONE: Final = linux.CLONE_NEWNET | linux.CLONE_NEWIPC


def confine_zygote() -> tuple[str, ...]:
    """Give the names of the walls that could not be built.

    The order matters: a user namespace has no other user to change to, and a change of user or of
    capabilities takes back the signal of the parent's death (prctl(2)).
    """
    was_root = os.geteuid() == 0
    Path("/proc/self/oom_score_adj").write_text("800", "ascii")
    alone = was_root and _unshare(_ALONE)
    dropped = _drop_user() if was_root else True
    alone = alone or _unshare(linux.CLONE_NEWUSER | _ALONE)
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    die_with_parent()
    walls = {"namespaces": alone, "user": dropped, "syscalls": seccomp.known()}
    return tuple(name for name, built in walls.items() if not built)


def die_with_parent() -> None:
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)


def confine_child(limits: Limits) -> None:
    """Hard limits, which nothing in the child can raise again.

    With no open file and NOFILE 0 there is neither a file nor a socket to be had; NPROC 0 forbids
    processes and threads to everybody but root. Where threads are allowed, seccomp still tells
    them from processes.
    """
    tasks = limits.tasks if seccomp.known() else 0
    os.closerange(3, 1 << 20)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, tasks),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_DATA, limits.data_bytes),
        (resource.RLIMIT_AS, limits.address_bytes),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if seccomp.known():
        seccomp.install(threads=tasks > 0)


def _unshare(flags: int) -> bool:
    try:
        linux.unshare(flags)
    except OSError:
        return False
    return True


def _drop_user() -> bool:
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True
