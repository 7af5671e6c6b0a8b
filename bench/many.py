"""One picture to 10,000 handsets: fetched once, adapted once for each carrier."""

import argparse
import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import uvloop
from bench import driver, report
from tests import pictures
from tests.rig import http
from tests.rig.system import ACCOUNT, TOKEN, System

_AUTH = (ACCOUNT, TOKEN)
_FIRST = 2_125_000_000
_CARRIERS = ("simulator", "mid-mms", "small-mms")
_SENDERS = "+15017122661"
_PATIENCE = 600.0


async def main(count: int) -> None:
    with _site(pictures.photo(4032, 3024)) as (url, asked):
        async with driver.folder() as at, driver.magpie(at / "magpie", {}, "up") as system:
            await _phones(system, count)
            began = time.perf_counter()
            posted = await driver.load(
                system.port, driver.MESSAGES, count, media=url, from_=_SENDERS, to=0
            )
            await _delivered(system)
            seconds = time.perf_counter() - began
            made = await _made(system)
    figures = {
        "count": count,
        "accepted a second": posted["rate"],
        "delivered a second": count / seconds,
        "fetches": asked["GET"],
        "adaptations": made,
    }
    report.table(
        f"One 12-megapixel picture to {count} handsets on {len(_CARRIERS)} carriers",
        [("", {name: f"{value:,.0f}" for name, value in figures.items()})],
    )
    report.keep("many", figures)


@contextmanager
def _site(content: bytes) -> Iterator[tuple[str, Counter[str]]]:
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked["GET"] += 1
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/picture.jpg", asked
    server.shutdown()
    server.server_close()


async def _phones(system: System, count: int) -> None:
    numbers = iter(range(count))

    async def some() -> None:
        connection = await http.Connection.open("127.0.0.1", system.port)
        for n in numbers:
            body = f"number={quote(f'+1{_FIRST + n}')}&carrier={_CARRIERS[n % len(_CARRIERS)]}"
            await _ask(system, connection, "POST", "/simulator/v1/Handsets", body.encode())
        connection.close()

    await asyncio.gather(*(some() for _ in range(16)))


async def _delivered(system: System) -> None:
    """Until the metrics tell that all have gone, and the last of them is delivered."""
    connection = await http.Connection.open("127.0.0.1", system.port)
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=1000"
    deadline = time.perf_counter() + _PATIENCE
    states: Counter[str] = Counter()
    while time.perf_counter() < deadline:
        content = await _ask(system, connection, "GET", path)
        states = Counter(one["status"] for one in json.loads(content)["messages"])
        if set(states) == {"delivered"} and not await _waiting(system, connection):
            return
        await asyncio.sleep(0.25)
    raise TimeoutError(f"not delivered: {states}")


async def _waiting(system: System, connection: http.Connection) -> int:
    lanes = json.loads(await _ask(system, connection, "GET", "/magpie/v1/Lanes"))["lanes"]
    return sum(lane["jobs"] + (lane["waiting"] or 0) for lane in lanes)


async def _made(system: System) -> int:
    connection = await http.Connection.open("127.0.0.1", system.port)
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=1000"
    messages = json.loads(await _ask(system, connection, "GET", path))["messages"]
    assert all(message["error_code"] is None for message in messages)
    sizes = set()
    for n in range(len(_CARRIERS) * 4):
        inbox = f"/simulator/v1/Handsets/+1{_FIRST + n}/Messages"
        got = json.loads(await _ask(system, connection, "GET", inbox))["messages"]
        sizes |= {part["sha256"] for message in got for part in message["parts"]}
    return len(sizes)


async def _ask(
    system: System, connection: http.Connection, method: str, path: str, body: bytes = b""
) -> bytes:
    host = f"127.0.0.1:{system.port}"
    status, content = await connection.ask(http.request(method, path, host, auth=_AUTH, body=body))
    assert status < 300, content
    return content


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    uvloop.run(main(parser.parse_args().count))
