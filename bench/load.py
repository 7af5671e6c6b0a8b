"""The load generator, a process of its own: POSTs a form over keep-alive connections.

    python -m bench.load --port P --path /... --count N [--connections 64] [--from A,B] [--to N]

It prints a line when all requests are made and every connection stands, waits for a line on its
input, and prints its figures when all are answered. Its ceiling is what it does to tests.rig.sink.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlencode

import uvloop
from bench.report import percentile
from tests.rig import http
from tests.rig.processes import announce
from tests.rig.system import ACCOUNT, TOKEN

_BODY = "Your parcel has been handed to the driver and will reach you before noon."
_FIRST = 2_125_000_000


class Load:
    def __init__(self, requests: list[bytes]) -> None:
        self._requests = iter(requests)
        self._left = len(requests)
        self.answers: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next(self) -> bytes | None:
        return next(self._requests, None)

    def answered(self, status: int, seconds: float) -> None:
        self.answers[status] += 1
        self.seconds.append(seconds)
        self._left -= 1
        if not self._left:
            self.done.set_result(None)

    def failed(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(why))


class Pump(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._buffer = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.failed(f"a connection was lost: {exc}")

    def go(self) -> None:
        raw = self._load.next()
        if raw is not None:
            self._since = time.perf_counter()
            self._transport.write(raw)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        until = http.ends(self._buffer)
        if until is not None:
            status, self._buffer = int(self._buffer[9:12]), self._buffer[until:]
            self._load.answered(status, time.perf_counter() - self._since)
            self.go()


def requests(given: argparse.Namespace) -> Iterator[bytes]:
    senders = given.senders.split(",")
    given_too = {"StatusCallback": given.callback, "MediaUrl": given.media}
    form = {"Body": _BODY, **{name: value for name, value in given_too.items() if value}}
    for n in range(given.count):
        to = f"+1{_FIRST + given.to + n}"
        body = urlencode({"To": to, "From": senders[n % len(senders)], **form}).encode()
        host = f"127.0.0.1:{given.port}"
        yield http.request("POST", given.path, host, auth=(ACCOUNT, TOKEN), body=body)


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.load")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--from", dest="senders", default="+15017122661")
    parser.add_argument("--to", type=int, default=0)
    parser.add_argument("--callback", default="")
    parser.add_argument("--media", default="")
    given = parser.parse_args()
    loop = asyncio.get_running_loop()
    load = Load(list(requests(given)))
    pumps = [
        (await loop.create_connection(lambda: Pump(load), "127.0.0.1", given.port))[1]
        for _ in range(given.connections)
    ]
    announce(given.port)
    await asyncio.to_thread(sys.stdin.readline)
    began, used = time.perf_counter(), time.process_time()
    for pump in pumps:
        pump.go()
    await load.done
    seconds = time.perf_counter() - began
    told = {
        "seconds": seconds,
        "rate": given.count / seconds,
        "p50": percentile(load.seconds, 0.5) * 1000,
        "p99": percentile(load.seconds, 0.99) * 1000,
        "cpu": time.process_time() - used,
        "wrong": sum(n for status, n in load.answers.items() if status not in {200, 201}),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    uvloop.run(_main())
