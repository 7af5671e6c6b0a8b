"""Memory of all processes while many messages wait in many lanes."""

import argparse
import asyncio

from bench import driver, report, rows
from tests.rig import processes
from tests.rig.system import System

_LANES = 10_000


async def main(counts: list[int]) -> None:
    figures = {}
    async with driver.folder() as at:
        async with driver.magpie(at / "magpie", {}) as system:
            figures[0] = await _measure(system)
        filled = 0
        for count in counts:
            async with driver.magpie(at / "magpie", {"MAGPIE_ROLES": "api"}) as system:
                await rows.queued(system.database_url, count - filled, _LANES)
            filled = count
            async with driver.magpie(at / "magpie", {}) as system:
                figures[count] = await _measure(system)
    table = [
        (f"{count:,} queued", {name: f"{value:,.0f}" for name, value in run.items()})
        for count, run in figures.items()
    ]
    report.table(f"Memory (PSS), {_LANES:,} lanes", table)
    report.keep("memory", {str(count): run for count, run in figures.items()})


async def _measure(system: System) -> dict[str, float]:
    """After ten seconds, in which every lane was looked at."""
    await asyncio.sleep(10)
    meter = driver.Meter({"platform": system.platform})
    await asyncio.sleep(3)
    return {
        "platform MB": processes.memory(system.platform()) / 2**20,
        "database MB": processes.memory(system.database()) / 2**20,
        "platform CPU %": meter.read()["platform"] / 3 * 100,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.memory")
    parser.add_argument("--full", action="store_true", help="a million as well")
    given = parser.parse_args()
    asyncio.run(main([100_000, *([1_000_000] if given.full else [])]))
