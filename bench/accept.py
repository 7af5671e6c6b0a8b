"""Accept: POST Messages, text, 64 connections, 201 after the commit, beside the bare ceiling."""

import argparse
import asyncio

from bench import driver, report
from tests.rig import processes
from tests.rig.processes import Child
from tests.rig.system import System

# Nothing is dispatched meanwhile: this is about accepting alone.
_ROLES = {"MAGPIE_ROLES": "api,simulator"}


async def main(count: int, rounds: int) -> None:
    async with (
        driver.folder() as at,
        driver.magpie(at / "magpie", _ROLES) as system,
        driver.child("bench.ceiling", at / "ceiling") as bare,
        driver.child("tests.rig.sink") as sink,
    ):
        await _magpie(system, 500, 0)
        await _bare(bare, 500)
        runs: dict[str, list[dict[str, float]]] = {"Magpie": [], "bare ceiling": [], "load": []}
        for n in range(rounds):
            runs["bare ceiling"].append(await _bare(bare, count))
            runs["Magpie"].append(await _magpie(system, count, (n + 1) * count))
            runs["load"].append(await driver.load(sink.port, "/status", count))
    _tell({name: report.middle(figures) for name, figures in runs.items()}, count)


async def _magpie(system: System, count: int, first: int) -> dict[str, float]:
    meter = driver.Meter({"platform": system.platform, "database": system.database})
    figures = await driver.load(system.port, driver.MESSAGES, count, to=first)
    used = meter.read()
    return {**figures, **used, "each": sum(used.values()) / count * 1e6}


async def _bare(bare: Child, count: int) -> dict[str, float]:
    meter = driver.Meter({"all": lambda: processes.tree(bare.pid)})
    figures = await driver.load(bare.port, "/messages", count)
    return {**figures, "each": meter.read()["all"] / count * 1e6}


def _tell(figures: dict[str, dict[str, float]], count: int) -> None:
    ratio = figures["Magpie"]["rate"] / figures["bare ceiling"]["rate"]
    rows = [
        (
            name,
            {
                "req/s": f"{run['rate']:,.0f}",
                "p50 ms": f"{run['p50']:.1f}",
                "p99 ms": f"{run['p99']:.1f}",
                "CPU us/req": f"{run['each']:.0f}" if "each" in run else "",
                "wrong": f"{run['wrong']:.0f}",
            },
        )
        for name, run in figures.items()
    ]
    report.table(f"Accept, 64 connections, {count:,} requests", rows)
    print(f"Magpie does {ratio:.0%} of the bare ceiling")
    report.keep("accept", {**figures, "ratio": ratio, "count": count})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.accept")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.count, given.rounds))
