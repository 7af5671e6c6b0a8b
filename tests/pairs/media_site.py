"""A web site that does as it is told, and a place where media are kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.egress import Egress, Policy
from magpie.media.fetch import Copy, Fetcher
from magpie.media.shelf import Shelf

ACCOUNT = "AC" + "a" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
JPEG = b"\xff\xd8\xff\xe0" + b"photo"


@dataclass
class Site:
    """Answers by path: bytes as they are, or what a function makes of the request's head."""

    port: int = 0
    answers: dict[str, bytes | Callable[[str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    noticed: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str, userinfo: str = "") -> str:
        return f"http://{userinfo}127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ")[1]
            self.asked.append(path)
            self.noticed.set()
            await self.gate.wait()
            answer = self.answers[path]
            writer.write(answer(head) if callable(answer) else answer)
            await writer.drain()
        writer.close()


def answer(
    body: bytes, content_type: str | None = "image/png", *headers: str, length: int = -1
) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length < 0 else length}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    return "\r\n".join([*lines, "Connection: close"]).encode() + b"\r\n\r\n" + body


def status(line: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {line}", "Content-Length: 0", *headers, "Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    made = Site()
    made.gate.set()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@dataclass
class Home:
    database: Database
    blobs: Blobs
    shelf: Shelf
    fetcher: Fetcher

    async def bytes_of(self, copy: Copy) -> bytes:
        return await self.shelf.get(copy.digest)


async def nobody(_queries: object, _digests: Sequence[str]) -> set[str]:
    return set()


@asynccontextmanager
async def living(database: Database, folder: Path) -> AsyncIterator[Home]:
    blobs = Blobs.open(folder)
    shelf = Shelf(database, blobs, (nobody,))
    async with Egress(Policy(allow_loopback=True)) as egress:
        yield Home(database, blobs, shelf, Fetcher(egress, database, shelf))
