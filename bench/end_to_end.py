"""End to end: POST, SMPP submit, receipt, two signed callbacks answered, until all are done."""

import argparse
import asyncio
import json
import time
from typing import NamedTuple

from bench import driver, report
from tests.rig import http
from tests.rig.processes import Child
from tests.rig.system import System

WINDOW = 100
_PATIENCE = 180.0


class Shape(NamedTuple):
    """Receipts come within `late` seconds of the answers, at random; 0 is at once behind them."""

    messages: int
    rounds: int
    connections: int
    late: float


async def main(shape: Shape) -> None:
    async with (
        driver.folder() as at,
        driver.child("tests.rig.smsc", "--receipt-after", shape.late) as smsc,
        driver.child("tests.rig.sink") as sink,
        driver.magpie(at / "magpie", _settings(smsc.port)) as system,
    ):
        world = World(system, smsc, sink)
        await _run(world, shape._replace(messages=500), 0)
        runs = [await _run(world, shape, n + 1) for n in range(shape.rounds)]
        carrier = await _carrier_alone(shape.messages)
        callbacks = await driver.load(sink.port, "/status", 2 * shape.messages)
    _tell(report.middle(runs), carrier, callbacks["rate"] / 2, shape)


async def _carrier_alone(count: int) -> float:
    async with (
        driver.child("tests.rig.smsc") as smsc,
        driver.child(
            "bench.smpp_ceiling", "--port", smsc.port, "--count", count, "--window", WINDOW
        ) as client,
    ):
        rate: float = client.ready["rate"]
    return rate


def _settings(port: int) -> dict[str, str]:
    carrier = {
        "name": "bench",
        "kind": "smpp",
        "host": "127.0.0.1",
        "port": port,
        "system_id": "bench",
        "password": "bench",
        "window": WINDOW,
    }
    return {
        "MAGPIE_CARRIERS": json.dumps([carrier]),
        "MAGPIE_ROUTES": json.dumps([{"carrier": "bench", "prefix": "+"}]),
        "MAGPIE_CALLBACK_ON_SENDING": "false",
    }


class World(NamedTuple):
    system: System
    smsc: Child
    sink: Child


async def _run(world: World, shape: Shape, nth: int) -> dict[str, float]:
    system, smsc, sink = world
    count = shape.messages
    asking = await http.Connection.open("127.0.0.1", sink.port)
    before = await _counts(asking)
    meter = driver.Meter(
        {
            "platform": system.platform,
            "database": system.database,
            "carrier": lambda: [smsc.pid],
            "sink": lambda: [sink.pid],
        }
    )
    began = time.time()
    callback = f"http://127.0.0.1:{sink.port}/status"
    accepted = await driver.load(
        system.port,
        driver.MESSAGES,
        count,
        to=nth * count,
        callback=callback,
        connections=shape.connections,
        from_="+15017122661,+18005550199,55501",
    )
    wanted = {name: before.get(name, 0) + count for name in ("sent", "delivered")}
    now = await _reached(asking, wanted)
    used = meter.read()
    asking.close()
    seconds = now["last"] - began
    return {
        "rate": count / seconds,
        "seconds": seconds,
        "accepted": accepted["rate"],
        "p99": accepted["p99"],
        "each": (used["platform"] + used["database"]) / count * 1e6,
        **{name: value / count * 1e6 for name, value in used.items()},
    }


async def _reached(asking: http.Connection, wanted: dict[str, float]) -> dict[str, float]:
    async with asyncio.timeout(_PATIENCE):
        while True:
            now = await _counts(asking)
            if all(now.get(name, 0) >= wanted[name] for name in wanted):
                return now
            await asyncio.sleep(0.05)


async def _counts(asking: http.Connection) -> dict[str, float]:
    _, body = await asking.ask(http.request("GET", "/count", "sink", auth=("", "")))
    told: dict[str, float] = json.loads(body)
    return told


def _tell(run: dict[str, float], carrier: float, callbacks: float, shape: Shape) -> None:
    rows = [
        ("Magpie, all of it", {"messages/s": f"{run['rate']:,.0f}"}),
        ("  accepting meanwhile", {"messages/s": f"{run['accepted']:,.0f}"}),
        ("carrier alone", {"messages/s": f"{carrier:,.0f}"}),
        ("two callbacks alone", {"messages/s": f"{callbacks:,.0f}"}),
    ]
    report.table(f"End to end, SMPP with receipts and callbacks, {shape.messages:,} messages", rows)
    print(
        f"CPU of a message: {run['each']:.0f} us, of which platform {run['platform']:.0f}"
        f" and database {run['database']:.0f}; outside, carrier {run['carrier']:.0f}"
        f" and sink {run['sink']:.0f}"
    )
    alone = {"carrier": carrier, "callbacks": callbacks}
    report.keep("end_to_end", {"magpie": run, "alone": alone, "shape": shape._asdict()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.end_to_end")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument(
        "--receipts-within",
        type=float,
        default=0.5,
        help="seconds, 0 is at once",
    )
    given = parser.parse_args()
    asyncio.run(main(Shape(given.count, given.rounds, given.connections, given.receipts_within)))
