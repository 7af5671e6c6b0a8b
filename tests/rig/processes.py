"""Processes that are started and ended by their pid, and what they cost."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_TICK = os.sysconf("SC_CLK_TCK")


class Child:
    """One part of the outside world: `python -m MODULE`, which prints a line when it is ready."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self.process = process
        self.port = int(ready.get("port", 0))
        self.ready = ready

    @classmethod
    async def start(cls, module: str, *arguments: object, seconds: float = 60.0) -> "Child":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *map(str, arguments),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        child = cls(process, {})
        try:
            ready = await child.line(seconds)
        except BaseException:
            await child.stop()
            raise
        child.port, child.ready = int(ready.get("port", 0)), ready
        return child

    @property
    def pid(self) -> int:
        return self.process.pid

    async def line(self, seconds: float) -> dict[str, Any]:
        """The next line that it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"process {self.pid} ended with {await self.process.wait()}")
        told: dict[str, Any] = json.loads(line)
        return told

    async def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        await self.process.stdin.drain()

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(15):
                await self.process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


def announce(port: int) -> None:
    """Tell whoever started us that we are ready."""
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()


def tree(pid: int) -> list[int]:
    """A process and all that came from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that they, and those of their children that have ended, have used."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(int(field) for field in _stat(pid)[11:15])
    return ticks / _TICK


def memory(pids: list[int]) -> int:
    """Bytes of memory, what is shared being shared out (PSS)."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def _stat(pid: int) -> list[str]:
    """The fields of proc(5) from `state` on, which follows the name in brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
