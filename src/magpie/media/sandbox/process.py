"""The parent's hold on one zygote, from its start to its end."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import Any, Final, NoReturn, Self

import msgspec

from magpie.kit import clock
from magpie.media.sandbox.parcel import Parcel
from magpie.media.sandbox.wire import (
    MOST_PACKET,
    Ended,
    Failed,
    Job,
    Kill,
    Ready,
    Report,
    encode,
    report_of,
)

START_SECONDS: Final = 30.0
OBEY_SECONDS: Final = 2.0
POLITE_SECONDS: Final = 1.0
END_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.002
_MOST_SENDS: Final = 1000
_MODULE: Final = "magpie.media.sandbox.zygote"
# Of the parent's environment: where programs, libraries and texts are, and no more.
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
# A second heap would take 128 MB of addresses for each thread.
_SET: Final = {"MALLOC_ARENA_MAX": "1"}


class ZygoteGone(Exception):  # noqa: N818 - what happened to it
    """It did not start, or it died with the job."""


class TooLate(Exception):  # noqa: N818 - what the job was
    """Killed at its deadline."""


class ZygoteProcess:
    def __init__(self, work: str) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        try:
            self._process = _spawn(theirs.fileno(), work)
        except OSError as error:
            self._control.close()
            raise ZygoteGone(str(error)) from error
        finally:
            theirs.close()
        self._loop = asyncio.get_running_loop()
        # Nothing is what a zygote says that is no more.
        self._first: asyncio.Future[Ready | Failed | None] = self._loop.create_future()
        self._jobs: dict[int, asyncio.Future[Ended | None]] = {}
        self._last = 0
        self.gone = False
        self.missing: tuple[str, ...] = ()
        self._loop.add_reader(self._control, self._hear)

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls, work: str) -> Self:
        made = cls(work)
        try:
            await asyncio.wait([made._first], timeout=START_SECONDS)
            made.missing = made._greeting().missing
        except BaseException:
            await made.end()
            raise
        return made

    def _greeting(self) -> Ready:
        first = self._first.result() if self._first.done() else None
        if isinstance(first, Ready):
            return first
        raise ZygoteGone(first.why if isinstance(first, Failed) else "the sandbox did not start")

    async def do(self, job: Job, parcel: Parcel, deadline: float) -> Ended:
        """`deadline` is in seconds from now. A child that nobody waits for any more is killed."""
        self._last = number = self._last + 1
        ended: asyncio.Future[Ended | None] = self._loop.create_future()
        self._jobs[number] = ended
        try:
            await self._send(msgspec.structs.replace(job, number=number), parcel)
            await asyncio.wait([ended], timeout=deadline)
            if not ended.done():
                await self._stop_late(number, ended)
        finally:
            if not ended.done():
                self._kill(number)
            del self._jobs[number]
        report = ended.result()
        if report is None:
            raise ZygoteGone("the sandbox died")
        return report

    async def _stop_late(self, number: int, ended: asyncio.Future[Ended | None]) -> NoReturn:
        self._kill(number)
        await asyncio.wait([ended], timeout=OBEY_SECONDS)
        if not ended.done():
            self._lose()
        raise TooLate

    async def _send(self, job: Job, parcel: Parcel) -> None:
        packet = encode(job)
        # The queue of a packet socket may be full for a moment: ten are as many as it holds.
        for _ in range(_MOST_SENDS):
            try:
                socket.send_fds(self._control, [packet], [parcel.given, parcel.made])
            except BlockingIOError:
                await clock.sleep(_LOOK_SECONDS)
            except OSError:
                break
            else:
                return
        self._lose()
        raise ZygoteGone("the sandbox does not listen")

    def _kill(self, number: int) -> None:
        try:
            self._control.send(encode(Kill(number)))
        except OSError:
            self._lose()

    def _hear(self) -> None:
        try:
            packet = self._control.recv(MOST_PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if not packet:
            self._lose()
            return
        report = report_of(packet)
        if isinstance(report, Ended):
            _tell(self._jobs.get(report.number), report)
        else:
            _tell(self._first, report)

    def _lose(self) -> None:
        """Kill what is left of it and tell everybody who waits."""
        if self.gone:
            return
        self._leave()
        with contextlib.suppress(ProcessLookupError):
            # It leads its group, and its number is its own until it has been waited for.
            os.killpg(self.pid, signal.SIGKILL)
        self._tell_all()

    def _tell_all(self) -> None:
        _tell(self._first, None)
        for waiting in self._jobs.values():
            _tell(waiting, None)

    def _leave(self) -> None:
        self.gone = True
        self._loop.remove_reader(self._control)
        self._control.close()

    async def end(self) -> None:
        """Ask it to go, which takes its children with it, then make it go; wait until it is gone.

        A zygote that goes by itself waits for its children: nobody else would, where we are the
        first process of a container.
        """
        if not self.gone:
            self._leave()
            await self._ended_within(POLITE_SECONDS)
            self._tell_all()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            await self._ended_within(END_SECONDS)

    async def _ended_within(self, seconds: float) -> None:
        for _ in range(int(seconds / _LOOK_SECONDS)):
            if self._process.poll() is not None:
                return
            await clock.sleep(_LOOK_SECONDS)


def _tell(waiting: "asyncio.Future[Any] | None", report: Report | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(report)


def _spawn(control: int, work: str) -> "subprocess.Popen[bytes]":
    # In the thread that lives on: the kernel takes the end of this thread for the parent's death.
    command = (sys.executable, "-I", "-B", "-m", _MODULE, f"--control={control}", f"--work={work}")
    return subprocess.Popen(  # noqa: S603 - our own program, by its full path
        command,
        env={**_SET, **{name: os.environ[name] for name in _KEPT if name in os.environ}},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(control,),
        start_new_session=True,
    )
