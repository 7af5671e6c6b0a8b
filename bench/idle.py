"""Idle latency: one text at a time, from the POST to the handset and to `delivered`."""

import argparse
import asyncio
import json
import time
from urllib.parse import urlencode

import uvloop
from bench import driver, report
from tests.rig import http
from tests.rig.ledger import Ledger
from tests.rig.sink import Connection, Sink
from tests.rig.system import ACCOUNT, TOKEN, System

_FROM, _TO = "+15017122661", "+15558675310"
_INBOX = f"/simulator/v1/Handsets/{_TO}/Messages"
_AUTH = (ACCOUNT, TOKEN)
_PATIENCE = 10.0


class Bell(Sink):
    """A sink that says when a message is delivered."""

    def __init__(self) -> None:
        super().__init__(Ledger(None), 0.0)
        self.delivered: asyncio.Queue[float] = asyncio.Queue()

    def called(self, head: bytes, body: bytes) -> bool:
        if b"MessageStatus=delivered" in body:
            self.delivered.put_nowait(time.perf_counter())
        return super().called(head, body)


async def main(count: int) -> None:
    bell = Bell()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(bell), "127.0.0.1", 0
    )
    callback = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/status"
    async with server, driver.folder() as at, driver.magpie(at / "magpie", {}, "up") as system:
        runs = [await _one(system, bell, callback, n) for n in range(count)]
    names = {
        "answered": "POST to 201",
        "handset": "POST to the handset",
        "delivered": "POST to the delivered callback",
    }
    figures = {}
    for name in names:
        values = [run[name] * 1000 for run in runs[10:]]
        figures[name] = {
            "p50": report.percentile(values, 0.5),
            "p99": report.percentile(values, 0.99),
        }
    rows = [
        (says, {f"{p} ms": f"{figures[name][p]:.1f}" for p in ("p50", "p99")})
        for name, says in names.items()
    ]
    report.table(f"Idle, one text at a time, {count} texts", rows)
    report.keep("idle", {**figures, "count": count})


async def _one(system: System, bell: Bell, callback: str, n: int) -> dict[str, float]:
    host = f"127.0.0.1:{system.port}"
    posting = await http.Connection.open("127.0.0.1", system.port)
    waiting = await http.Connection.open("127.0.0.1", system.port)
    newest = await _newest(waiting, host)
    path = f"{_INBOX}?{urlencode({'wait': 10, **({'after': newest} if newest else {})})}"
    arrival = asyncio.create_task(_timed(waiting, http.request("GET", path, host, auth=_AUTH)))
    await asyncio.sleep(0.05)
    form = {"To": _TO, "From": _FROM, "Body": f"Text {n}", "StatusCallback": callback}
    raw = http.request("POST", driver.MESSAGES, host, auth=_AUTH, body=urlencode(form).encode())
    began = time.perf_counter()
    answered = await _timed(posting, raw)
    async with asyncio.timeout(_PATIENCE):
        handset, delivered = await arrival, await bell.delivered.get()
    posting.close()
    waiting.close()
    return {
        "answered": answered - began,
        "handset": handset - began,
        "delivered": delivered - began,
    }


async def _newest(asking: http.Connection, host: str) -> str | None:
    raw = http.request("GET", f"{_INBOX}?PageSize=1", host, auth=_AUTH)
    _, body = await asking.ask(raw)
    messages = json.loads(body)["messages"]
    return str(messages[0]["id"]) if messages else None


async def _timed(connection: http.Connection, raw: bytes) -> float:
    status, body = await connection.ask(raw)
    if status >= 300:
        raise RuntimeError(f"{status}: {body[:300]!r}")
    return time.perf_counter()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.idle")
    parser.add_argument("--count", type=int, default=150)
    uvloop.run(main(parser.parse_args().count))
