"""`python -I -m magpie.media.sandbox.zygote`: imports once, then forks a child for every job.

It runs one thread, so that a fork is a whole copy, and decodes nothing itself.
"""

import argparse
import gc
import importlib
import importlib.util
import os
import select
import signal
import socket
import warnings
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, cast

from magpie.media.sandbox import preload
from magpie.media.sandbox.child import Work, live
from magpie.media.sandbox.confine import confine_zygote
from magpie.media.sandbox.wire import (
    MOST_PACKET,
    UNCONFINED,
    Ended,
    Failed,
    Job,
    Kill,
    Ready,
    encode,
    order_of,
)

_JOB_FILES: Final = 2


class Child(NamedTuple):
    number: int
    pid: int


class Zygote:
    def __init__(self, control: socket.socket, work: Work) -> None:
        self._control = control
        self._work = work
        self._children: dict[int, Child] = {}  # by the descriptor that tells of their end
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until the parent closes its end."""
        while True:
            for fd, _ in self._poll.poll():
                if fd in self._children:
                    self._reap(fd)
                elif not self._obey():
                    return self._end()

    def _obey(self) -> bool:
        packet, files, _, _ = socket.recv_fds(self._control, MOST_PACKET, _JOB_FILES)
        if not packet:
            return False
        order = order_of(packet)
        if isinstance(order, Kill):
            self._kill(order.number)
        else:
            self._begin(order, files)
        return True

    def _begin(self, job: Job, files: list[int]) -> None:
        zygote = os.getpid()
        given, made = files
        try:
            pid = os.fork()
        except OSError:
            self._control.send(encode(Ended(number=job.number, status=UNCONFINED << 8)))
        else:
            if pid == 0:
                live(job, given, made, zygote, self._work)
            fd = os.pidfd_open(pid)
            self._children[fd] = Child(job.number, pid)
            self._poll.register(fd, select.POLLIN)
        finally:
            os.close(given)
            os.close(made)

    def _reap(self, fd: int) -> None:
        child = self._children.pop(fd)
        self._poll.unregister(fd)
        os.close(fd)
        _, status, used = os.wait4(child.pid, 0)
        ended = Ended(
            number=child.number,
            status=status,
            cpu_seconds=used.ru_utime + used.ru_stime,
            peak_bytes=used.ru_maxrss << 10,
        )
        self._control.send(encode(ended))

    def _kill(self, number: int) -> None:
        for child in self._children.values():
            if child.number == number:
                # Not yet waited for, so the number is still this child's.
                os.kill(child.pid, signal.SIGKILL)

    def _end(self) -> None:
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)


def load(name: str) -> Work:
    """`module:function`; a module may also be given as the path of its file."""
    module, _, function = name.rpartition(":")
    if not module.endswith(".py"):
        return cast("Work", getattr(importlib.import_module(module), function))
    spec = importlib.util.spec_from_file_location(Path(module).stem, module)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return cast("Work", getattr(made, function))


def _prepare(name: str) -> tuple[Work, tuple[str, ...]]:
    # A warning looks for the source of the line that gave it, in a child that has no files.
    warnings.simplefilter("ignore")
    preload.everything()
    work = load(name)
    missing = confine_zygote()
    gc.collect()
    gc.freeze()
    return work, missing


def main() -> NoReturn:
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--work", default="magpie.media.fitting.work:work")
    options = parser.parse_args()
    control = socket.socket(fileno=options.control)
    try:
        work, missing = _prepare(options.work)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent should read of it
        control.send(encode(Failed(f"{type(error).__name__}: {error}"[:1000])))
        os._exit(1)
    control.send(encode(Ready(missing)))
    Zygote(control, work).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
