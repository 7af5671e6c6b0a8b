"""A customer's server: answers every callback at once and writes it down.

    python -m tests.rig.sink [--ledger FILE] [--resets CHANCE]

It prints its port. GET /count tells how many callbacks of each status there were.
"""

import argparse
import asyncio
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

import uvloop
from tests.rig.history import Called
from tests.rig.ledger import Ledger
from tests.rig.processes import announce

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS = re.compile(rb"MessageStatus=([a-z]+)")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Sink:
    def __init__(self, ledger: Ledger, resets: float) -> None:
        self.ledger = ledger
        self.resets = resets
        self.chance = random.Random(2)
        self.counts: Counter[str] = Counter()
        self.last = 0.0

    def called(self, head: bytes, body: bytes) -> bool:
        """Count and write down a call; whether it is answered."""
        answered = not (self.resets and self.chance.random() < self.resets)
        status = _STATUS.search(body)
        self.counts[status[1].decode() if status else "other"] += answered
        self.last = time.time()
        if self.ledger.kept:
            self._note(head, body, answered=answered)
        return answered

    def _note(self, head: bytes, body: bytes, *, answered: bool) -> None:
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        self.ledger.note(
            Called(
                t=self.last,
                url=f"http://{headers['host']}{lines[0].split(' ')[1]}",
                token=headers.get("i-twilio-idempotency-token", ""),
                signature=headers.get("x-twilio-signature", ""),
                body=body.decode(),
                answered=answered,
            )
        )

    def told(self) -> bytes:
        body = json.dumps({**self.counts, "last": self.last}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Connection(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = _LENGTH.search(head)
            until = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < until:
                return
            body, self._buffer = self._buffer[end + 4 : until], self._buffer[until:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        transport = self._transport
        if head.startswith(b"GET /count"):
            transport.write(self._sink.told())  # type: ignore[attr-defined]
        elif self._sink.called(head, body):
            transport.write(_ANSWER)  # type: ignore[attr-defined]
        else:
            transport.abort()  # type: ignore[attr-defined]


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="tests.rig.sink")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--resets", type=float, default=0.0)
    given = parser.parse_args()
    ledger = Ledger(given.ledger)
    sink = Sink(ledger, given.resets)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(sink), "127.0.0.1", given.port, backlog=1024
    )
    announce(server.sockets[0].getsockname()[1])
    await asyncio.gather(ledger.keep(), server.serve_forever())


if __name__ == "__main__":
    uvloop.run(_main())
