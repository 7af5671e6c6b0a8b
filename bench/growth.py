"""Growth: what accepting and listing cost with few and with many stored messages."""

import argparse
import asyncio
import time
from statistics import median

from bench import driver, report, rows
from tests.rig import http
from tests.rig.system import ACCOUNT, TOKEN, System

_ROLES = {"MAGPIE_ROLES": "api,simulator"}
_LISTS = {
    "first page ms": "PageSize=50",
    "of a recipient ms": "PageSize=50&To=%2B13125000077",
    "of a sender ms": "PageSize=50&From=%2B15017120042",
}


async def main(counts: list[int], posts: int, rounds: int) -> None:
    figures: dict[int, dict[str, float]] = {}
    async with driver.folder() as at, driver.magpie(at / "magpie", _ROLES) as system:
        await driver.load(system.port, driver.MESSAGES, 500)
        filled = 0
        for count in counts:
            await rows.sent(system.database_url, filled + 1, count)
            filled = count
            runs = [await _run(system, posts) for _ in range(rounds)]
            figures[count] = report.middle(runs)
    few = figures[counts[0]]
    table = [
        (
            f"{count:,} stored",
            {name: _shown(value, few[name]) for name, value in run.items()},
        )
        for count, run in figures.items()
    ]
    report.table(f"Growth, beside what {counts[0]:,} cost", table)
    report.keep("growth", {str(count): run for count, run in figures.items()})


def _shown(value: float, few: float) -> str:
    return f"{value:,.{0 if value > 100 else 2}f} ({value / few - 1:+.0%})"


async def _run(system: System, posts: int) -> dict[str, float]:
    meter = driver.Meter({"platform": system.platform, "database": system.database})
    load = await driver.load(system.port, driver.MESSAGES, posts)
    each = sum(meter.read().values()) / posts * 1e6
    lists = {name: await _list(system, query) for name, query in _LISTS.items()}
    return {"accept req/s": load["rate"], "accept us CPU": each, **lists}


async def _list(system: System, query: str, times: int = 100) -> float:
    """Median milliseconds of one list, asked for one at a time."""
    connection = await http.Connection.open("127.0.0.1", system.port)
    host = f"127.0.0.1:{system.port}"
    raw = http.request("GET", f"{driver.MESSAGES}?{query}", host, auth=(ACCOUNT, TOKEN))
    took = []
    for _ in range(times):
        began = time.perf_counter()
        status, _ = await connection.ask(raw)
        took.append(time.perf_counter() - began)
        if status != 200:
            raise RuntimeError(f"{status} of {query}")
    connection.close()
    return median(took) * 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.growth")
    parser.add_argument("--full", action="store_true", help="ten millions as well")
    parser.add_argument("--posts", type=int, default=4000)
    given = parser.parse_args()
    sizes = [10_000, 1_000_000, *([10_000_000] if given.full else [])]
    asyncio.run(main(sizes, given.posts, 3))
