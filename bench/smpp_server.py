"""Submits by SMPP: messages a second by window, answered after the commit, and a bare ceiling."""

import argparse
import asyncio
from typing import Any
from urllib.parse import urlencode

import msgspec
from bench import driver, report
from tests.ports import free_port
from tests.rig import http
from tests.rig.processes import Child
from tests.rig.system import ACCOUNT, TOKEN, System

WINDOWS = (1, 10, 50, 100, 500)


async def main(count: int, rounds: int) -> None:
    port = free_port()
    # Nothing is dispatched meanwhile: this is about accepting alone.
    settings = {"MAGPIE_ROLES": "api,simulator", "MAGPIE_SMPP_PORT": str(port)}
    async with (
        driver.folder() as at,
        driver.magpie(at / "magpie", settings) as system,
        driver.child("bench.smpp_bare", at / "bare") as bare,
    ):
        names = await _client(system)
        await _magpie(system, port, names, 500, 50, 0)
        await _load(bare.port, 500, 50)
        rows, kept = [], {}
        for n, window in enumerate(WINDOWS):
            many = count if window > 1 else count // 10
            runs = [
                await _both(system, port, bare, names, many, window, n * rounds + r)
                for r in range(rounds)
            ]
            ours = report.middle([one for one, _ in runs])
            least = report.middle([one for _, one in runs])
            kept[str(window)] = {"magpie": ours, "bare": least}
            rows.append((f"window {window}", _row(ours, least)))
    report.table(f"SMPP submits, one bind, {count:,} messages", rows)
    report.keep("smpp_server", kept)


async def _both(
    system: System,
    port: int,
    bare: Child,
    names: dict[str, str],
    count: int,
    window: int,
    run: int,
) -> tuple[dict[str, float], dict[str, float]]:
    least = await _load(bare.port, count, window)
    return await _magpie(system, port, names, count, window, (run + 1) * 100_000), least


async def _magpie(
    system: System, port: int, names: dict[str, str], count: int, window: int, first: int
) -> dict[str, float]:
    meter = driver.Meter({"platform": system.platform, "database": system.database})
    figures = await _load(port, count, window, to=first, **names)
    return {**figures, "each": sum(meter.read().values()) / count * 1e6}


async def _load(port: int, count: int, window: int, **more: Any) -> dict[str, float]:
    options: list[Any] = ["--port", port, "--count", count, "--window", window]
    for name, value in more.items():
        options += [f"--{name.replace('_', '-')}", value]
    async with driver.child("bench.smpp_load", *options) as load:
        return {name: float(value) for name, value in load.ready.items()}


async def _client(system: System) -> dict[str, str]:
    """Give the name and the password of one who may bind."""
    connection = await http.Connection.open("127.0.0.1", system.port)
    form = urlencode({"Window": 500}).encode()
    host = f"127.0.0.1:{system.port}"
    asked = http.request("POST", "/magpie/v1/Esmes", host, auth=(ACCOUNT, TOKEN), body=form)
    status, body = await connection.ask(asked)
    made = msgspec.json.decode(body)
    assert status == 201, made
    return {"system_id": made["system_id"], "password": made["password"]}


def _row(ours: dict[str, float], least: dict[str, float]) -> dict[str, str]:
    return {
        "msg/s": f"{ours['rate']:,.0f}",
        "bare msg/s": f"{least['rate']:,.0f}",
        "ratio": f"{ours['rate'] / least['rate']:.0%}",
        "p50 ms": f"{ours['p50']:.1f}",
        "p99 ms": f"{ours['p99']:.1f}",
        "CPU us/msg": f"{ours['each']:.0f}",
        "wrong": f"{ours['wrong']:.0f}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.smpp_server")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    asyncio.run(main(given.count, given.rounds))
