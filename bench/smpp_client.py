"""Our SMPP link against the simulated centre: messages a second by window, and a bare client."""

import argparse
import asyncio
import time
from typing import Any

from bench import driver, report
from tests.pairs.carrier_smpp import Taken, message, options

from magpie.carriers import traffic as t
from magpie.carriers.smpp import SmppCarrier

# (window, milliseconds until the centre answers)
CASES = ((1, 0), (10, 0), (50, 0), (100, 0), (500, 0), (10, 50))


async def main(count: int, rounds: int) -> None:
    rows, kept = [], {}
    for window, delay in CASES:
        many = count // 10 if window == 1 or delay else count
        runs = [await _both(many, window, delay) for _ in range(rounds)]
        figures = report.middle(runs)
        name = f"window {window}" + (f", answers after {delay} ms" if delay else "")
        kept[name] = figures
        rows.append((name, _row(figures)))
    report.table(f"SMPP link, one bind, {count:,} messages", rows)
    report.keep("smpp_client", kept)


async def _both(count: int, window: int, delay: int) -> dict[str, float]:
    centre = ("magpie.simulator.smsc", "--no-receipts", "--answer-delay", delay)
    async with driver.child(*centre) as smsc:
        ours = await _link(smsc.port, count, window)
        bare: list[Any] = ["--port", smsc.port, "--count", count, "--window", window]
        async with driver.child("bench.smpp_load", *bare) as load:
            return {"rate": ours, "bare": float(load.ready["rate"])}


async def _link(port: int, count: int, window: int) -> float:
    """Messages a second."""
    carrier = SmppCarrier(options(port, window=window))
    await carrier.start(Taken())
    try:
        async with asyncio.timeout(120):
            while not carrier.state().bound:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
            began = time.perf_counter()
            numbers = iter(range(1, count + 1))
            await asyncio.gather(*(_work(carrier, numbers) for _ in range(window)))
            return count / (time.perf_counter() - began)
    finally:
        await carrier.stop()


async def _work(carrier: SmppCarrier, numbers: Any) -> None:
    for number in numbers:
        outcome = await carrier.submit(message("x" * 64, number))
        assert isinstance(outcome, t.Accepted), outcome


def _row(figures: dict[str, float]) -> dict[str, str]:
    return {
        "msg/s": f"{figures['rate']:,.0f}",
        "bare msg/s": f"{figures['bare']:,.0f}",
        "ratio": f"{figures['rate'] / figures['bare']:.0%}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.smpp_client")
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.count, given.rounds))
