"""An SMPP client that does nothing but send, a process of its own: what the carrier can take.

python -m bench.smpp_ceiling --port P --count N [--window 100]
"""

import argparse
import asyncio
import json
import struct
import sys
import time
from typing import cast

import uvloop

_HEAD = struct.Struct(">IIII")
_BIND = b"bench\0bench\0\0\x34\0\0\0"
_SUBMIT = b"\0\1\x0115017122661\0\1\x01%d\0\0\0\0\0\0\1\0\0\0\x40" + b"x" * 64
_TRANSCEIVER, _SUBMIT_SM, _DELIVER_SM, _RESPONSE = 0x09, 0x04, 0x05, 0x80000000


class Client(asyncio.Protocol):
    """Keeps the window full and answers receipts; `done` when each text has had its own."""

    def __init__(self, count: int, window: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count, self._window = count, window
        self._sent = self._receipts = 0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(_pdu(_TRANSCEIVER, 1, _BIND))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        out, at = [], 0
        while len(self._buffer) - at >= _HEAD.size:
            length, command, _, sequence = _HEAD.unpack_from(self._buffer, at)
            if len(self._buffer) - at < length:
                break
            out += self._answers(command, sequence)
            at += length
        self._buffer = self._buffer[at:]
        self._transport.write(b"".join(out))

    def _answers(self, command: int, sequence: int) -> list[bytes]:
        if command == _DELIVER_SM:
            self._receipts += 1
            if self._receipts == self._count:
                self.done.set_result(None)
            return [_pdu(_DELIVER_SM | _RESPONSE, sequence, b"\0")]
        return self._submits(self._window if command == _TRANSCEIVER | _RESPONSE else 1)

    def _submits(self, most: int) -> list[bytes]:
        first, self._sent = self._sent, min(self._count, self._sent + most)
        return [
            _pdu(_SUBMIT_SM, n + 2, _SUBMIT % (12_125_000_000 + n))
            for n in range(first, self._sent)
        ]


def _pdu(command: int, sequence: int, body: bytes) -> bytes:
    return _HEAD.pack(_HEAD.size + len(body), command, 0, sequence) + body


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="bench.smpp_ceiling")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--window", type=int, default=100)
    given = parser.parse_args()
    began = time.perf_counter()
    _, client = await asyncio.get_running_loop().create_connection(
        lambda: Client(given.count, given.window), "127.0.0.1", given.port
    )
    async with asyncio.timeout(120):
        await client.done
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": seconds, "rate": given.count / seconds}) + "\n")


if __name__ == "__main__":
    uvloop.run(_main())
