"""Work on the files of strangers, done where a broken decoder can do no harm."""

import asyncio
import contextlib
import math
import sys
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from magpie.kit import clock
from magpie.media.recipe import EXCESSIVE
from magpie.media.sandbox.parcel import Parcel
from magpie.media.sandbox.process import TooLate, ZygoteGone, ZygoteProcess
from magpie.media.sandbox.verdict import AGAIN, SandboxFailed, answer, failure
from magpie.media.sandbox.wire import Job, Limits
from magpie.media.sniff import sniff

__all__ = ["Answer", "Limits", "Sandbox", "SandboxFailed"]

WORK: Final = "magpie.media.fitting.work:work"

_DEFAULTS: Final = Limits()
_GRACE_SECONDS: Final = 5.0
_STARTS: Final = 3
_TRIES: Final = 2
# libde265 crashes without a thread to work in, and starts one at the least.
_HEIF_TASKS: Final = 2048
_FIRST_PAUSE: Final = 0.05
_MOST_PAUSE: Final = 5.0


class Answer(msgspec.Struct, frozen=True):
    """`result` is the worker's own JSON, `ms` the time from here and back without the queue."""

    result: bytes
    content: bytes
    cpu_seconds: float
    peak_bytes: int
    ms: float


class Sandbox:
    """Runs `work` on bytes in a child of its own for each job, `at_once` at a time.

    `most_waiting` jobs may wait for a place, each `patience` seconds; more are told to try again.
    `work` is `module:function`, taking the task and the content, giving result and content.
    """

    def __init__(
        self,
        *,
        at_once: int = 2,
        limits: Limits = _DEFAULTS,
        most_waiting: int = 256,
        patience: float = 120.0,
        work: str = WORK,
    ) -> None:
        self._limits = limits
        self._work = work
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._most_waiting = most_waiting
        self._patience = patience
        self._changing = asyncio.Lock()
        self._zygote: ZygoteProcess | None = None
        self._deaths = 0  # since a job was last answered
        self._stopped = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Walls that this system did not allow: `namespaces`, `user`, `syscalls`."""
        return self._zygote.missing if self._zygote else ()

    async def start(self) -> None:
        self._stopped = False
        await self._living()

    async def stop(self) -> None:
        self._stopped = True
        async with self._changing:
            if self._zygote:
                await self._zygote.end()
            self._zygote = None

    async def run(self, task: bytes, content: bytes, *, cpu_seconds: float | None = None) -> Answer:
        """Raise Unusable for what the worker found, SandboxFailed for what became of it."""
        limits = self._limits
        if cpu_seconds is not None:
            limits = msgspec.structs.replace(limits, cpu_seconds=math.ceil(cpu_seconds))
        if sniff(content) == "heif":
            limits = msgspec.structs.replace(limits, tasks=_HEIF_TASKS)
        async with self._place():
            for _ in range(_TRIES):
                zygote = await self._living()
                with contextlib.suppress(ZygoteGone):
                    return await self._do(zygote, task, content, limits)
        raise SandboxFailed(AGAIN, "the sandbox died under the job", passing=True)

    async def _do(
        self, zygote: ZygoteProcess, task: bytes, content: bytes, limits: Limits
    ) -> Answer:
        began = clock.monotonic()
        deadline = limits.cpu_seconds + _GRACE_SECONDS
        job = Job(number=0, task_bytes=len(task), content_bytes=len(content), limits=limits)
        with Parcel(task, content) as parcel:
            try:
                ended = await zygote.do(job, parcel, deadline)
            except TooLate:
                raise SandboxFailed(EXCESSIVE, f"more than {deadline:.0f} s") from None
            self._deaths = 0
            if failed := failure(ended, limits):
                raise failed
            result, made = answer(parcel.read())
        ms = (clock.monotonic() - began) * 1000
        return Answer(result, made, ended.cpu_seconds, ended.peak_bytes, ms)

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= self._most_waiting:
            raise SandboxFailed(AGAIN, "too many files wait", passing=True)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise SandboxFailed(AGAIN, "no place in time", passing=True) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    async def _living(self) -> ZygoteProcess:
        if sys.platform != "linux":
            raise RuntimeError("media can only be adapted on Linux: the sandbox is made of it")
        async with self._changing:
            if self._stopped:
                raise SandboxFailed(AGAIN, "the sandbox is stopped", passing=True)
            if self._zygote and not self._zygote.gone:
                return self._zygote
            if self._zygote:
                await self._zygote.end()
                self._zygote = None
                self._deaths += 1
            self._zygote = await self._started()
            return self._zygote

    async def _started(self) -> ZygoteProcess:
        why = ""
        for _ in range(_STARTS):
            if self._deaths:
                pause = min(_MOST_PAUSE, _FIRST_PAUSE * 2 ** min(self._deaths, 8))
                await clock.sleep(pause * clock.chance().uniform(0.5, 1.0))
            try:
                return await ZygoteProcess.start(self._work)
            except ZygoteGone as gone:
                self._deaths += 1
                why = str(gone)
        raise SandboxFailed(AGAIN, why, passing=True)
