"""An SMPP client that keeps its window full of submits, a process of its own.

python -m bench.smpp_load --port P --count N --window W [--system-id S --password X --to N]
"""

import argparse
import asyncio
import json
import struct
import sys
import time
from typing import cast

import uvloop
from bench import report

_HEAD = struct.Struct(">IIII")
_SUBMIT = b"\0\1\x0115017122661\0\1\x01%d\0\0\0\0\0\0\0\0\0\0\x40" + b"x" * 64
_TRANSCEIVER, _SUBMIT_SM, _RESPONSE = 0x09, 0x04, 0x80000000


class Client(asyncio.Protocol):
    """`done` when all are answered; `wrong` counts answers with an error."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.wrong = 0
        self.latencies: list[float] = []
        self.began = 0.0
        self._given = given
        self._sent = 0
        self._at: dict[int, float] = {}
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        names = f"{self._given.system_id}\0{self._given.password}\0".encode()
        self._transport.write(_pdu(_TRANSCEIVER, 1, names + b"\0\x34\0\0\0"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        at, room, now = 0, 0, time.perf_counter()
        while len(self._buffer) - at >= _HEAD.size:
            length, command, status, sequence = _HEAD.unpack_from(self._buffer, at)
            if len(self._buffer) - at < length:
                break
            room += self._heed(command, status, sequence, now)
            at += length
        self._buffer = self._buffer[at:]
        self._submit(room)

    def _heed(self, command: int, status: int, sequence: int, now: float) -> int:
        """Give how many may be sent for it."""
        if command == _TRANSCEIVER | _RESPONSE:
            if status:
                self.done.set_exception(RuntimeError(f"bind answered {status:#x}"))
            self.began = now
            return 0 if status else int(self._given.window)
        if command != _SUBMIT_SM | _RESPONSE:
            return 0
        self.wrong += status != 0
        self.latencies.append(now - self._at.pop(sequence))
        if len(self.latencies) == self._given.count:
            self.done.set_result(None)
        return 1

    def _submit(self, room: int) -> None:
        last = min(self._given.count, self._sent + room)
        out = []
        for n in range(self._sent, last):
            self._at[n + 2] = time.perf_counter()
            out.append(_pdu(_SUBMIT_SM, n + 2, _SUBMIT % (12_125_000_000 + self._given.to + n)))
        self._sent = last
        self._transport.write(b"".join(out))


def _pdu(command: int, sequence: int, body: bytes) -> bytes:
    return _HEAD.pack(_HEAD.size + len(body), command, 0, sequence) + body


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.smpp_load")
    for name in ("port", "count", "window"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--system-id", default="bench")
    parser.add_argument("--password", default="bench")
    parser.add_argument("--to", type=int, default=0)
    given = parser.parse_args()
    _, client = await asyncio.get_running_loop().create_connection(
        lambda: Client(given), "127.0.0.1", given.port
    )
    async with asyncio.timeout(120):
        await client.done
    seconds = time.perf_counter() - client.began
    figures = {
        "rate": given.count / seconds,
        "p50": report.percentile(client.latencies, 0.5) * 1000,
        "p99": report.percentile(client.latencies, 0.99) * 1000,
        "wrong": client.wrong,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    uvloop.run(_main())
