"""What all benchmarks do: start Magpie, put load on it, see what it cost."""

import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.rig import processes
from tests.rig.processes import Child
from tests.rig.system import ACCOUNT, System

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
# So high that pacing, capacity and limits on requests are never what is measured.
UNPACED = {
    "MAGPIE_RATES": json.dumps(
        dict.fromkeys(("local", "mobile", "toll-free", "short-code"), 1_000_000)
    ),
    "MAGPIE_CONCURRENT_REQUESTS": "10000",
}
Pids = Callable[[], list[int]]


@asynccontextmanager
async def folder() -> AsyncIterator[Path]:
    with TemporaryDirectory(prefix="magpie-bench-") as name:
        at = Path(name)
        os.chmod(at, 0o755)  # noqa: PTH101 - the database's own user must come through
        yield at


@asynccontextmanager
async def magpie(
    data: Path, environment: Mapping[str, str], command: str = "serve"
) -> AsyncIterator[System]:
    system = System(data, {**UNPACED, **environment}, command)
    try:
        await system.start()
        yield system
    finally:
        await system.stop()


@asynccontextmanager
async def child(module: str, *arguments: object) -> AsyncIterator[Child]:
    started = await Child.start(module, *arguments)
    try:
        yield started
    finally:
        await started.stop()


async def load(port: int, path: str, count: int, **more: object) -> dict[str, float]:
    """Give seconds, rate, p50 and p99 in milliseconds, cpu of the generator, wrong answers."""
    options: list[Any] = []
    for name, value in more.items():
        options += [f"--{name.rstrip('_')}", value]
    async with child(
        "bench.load", "--port", port, "--path", path, "--count", count, *options
    ) as running:
        await running.say("go")
        return await running.line(300)


class Meter:
    """CPU seconds of groups of processes since it was made."""

    def __init__(self, groups: Mapping[str, Pids]) -> None:
        self._groups = groups
        self._before = self._now()

    def read(self) -> dict[str, float]:
        now = self._now()
        return {name: now[name] - self._before[name] for name in now}

    def _now(self) -> dict[str, float]:
        return {name: processes.cpu(pids()) for name, pids in self._groups.items()}
