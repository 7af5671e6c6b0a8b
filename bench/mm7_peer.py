"""A relay that does nothing but say yes, a process of its own: `python -m bench.mm7_peer`."""

import asyncio
import json
import re
import sys
from typing import cast

import uvloop

_LENGTH = re.compile(rb"\r\nContent-Length: ([0-9]+)\r\n", re.IGNORECASE)
_TRANSACTION = re.compile(rb"TransactionID[^>]*>([^<]*)<")
_ANSWER = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>'
    b'<TransactionID xmlns="urn:mm7">%b</TransactionID></env:Header><env:Body>'
    b'<SubmitRsp xmlns="urn:mm7"><MM7Version>6.8.0</MM7Version><Status>'
    b"<StatusCode>1000</StatusCode><StatusText>Success</StatusText></Status>"
    b"<MessageID>%b</MessageID></SubmitRsp></env:Body></env:Envelope>"
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"


class Peer(asyncio.Protocol):
    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._missing -= len(data)
        if self._missing > 0:
            return
        whole = b"".join(self._chunks)
        head = whole.find(b"\r\n\r\n")
        length = _LENGTH.search(whole, 0, head + 2) if head > 0 else None
        if length is None:
            return
        self._missing = head + 4 + int(length[1]) - len(whole)
        if self._missing <= 0:
            self._chunks, self._missing = [], 0
            self._answer(whole)

    def _answer(self, whole: bytes) -> None:
        found = _TRANSACTION.search(whole)
        name = found[1] if found else b""
        answer = _ANSWER % (name, name)
        self._transport.write(_HEAD % len(answer) + answer)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Peer, "127.0.0.1", 0)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
