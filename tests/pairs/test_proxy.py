"""The proxy of `magpie run` between real clients and a platform of a few lines."""

import asyncio
import json
import os
import shutil
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiohttp import ClientConnectorCertificateError, ClientSession, web

from magpie.cli.authority import Authority
from magpie.cli.proxy import Proxy
from magpie.cli.tunnel import Streams, Tunnel, close
from magpie.cli.upstream import Upstream

NODE_MODULES = Path(__file__).parents[1] / "sdk/node/node_modules"
BIG = bytes(range(256)) * 20_000
LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [
    asyncio.new_event_loop,
    uvloop.new_event_loop,
]


class World:
    """A platform, a host that is not Twilio's, and the proxy between them and the client."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.authority.ensure({})
        self.platform = 0
        self.elsewhere = 0
        self.proxy = 0
        self.seen: list[tuple[str, str, str]] = []
        self.connections: set[object] = set()
        self.distrusted: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority.bundle))

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append((request.method, request.host, request.path_qs))
        self.connections.add(request.transport)
        body = await request.read()
        if request.path == "/echo":
            return web.Response(body=body)
        if request.method == "POST":
            form = await request.post()
            return web.json_response({"sid": "SM" + "1" * 32, "body": form["Body"]}, status=201)
        page = request.query.get("Page", "0")
        if request.path.startswith("/v1/"):
            following = f"https://{request.host}/v1/Services?Page=1" if page == "0" else None
            meta = {"key": "services", "next_page_url": following}
            return web.json_response({"services": [{"sid": f"MG{page}"}], "meta": meta})
        following = f"{request.path}?Page=1" if page == "0" else None
        return web.json_response(
            {"messages": [{"sid": f"SM{page}"}], "next_page_uri": following, "page_size": 1}
        )


@asynccontextmanager
async def world(folder: Path, beyond: Upstream | None = None) -> AsyncIterator[World]:
    made = World(folder)
    application = web.Application(client_max_size=len(BIG) + 1)
    application.router.add_route("*", "/{path:.*}", made.answer)
    runners = [web.AppRunner(application, shutdown_timeout=1) for _ in range(2)]
    ports = []
    for runner in runners:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ports.append(runner.addresses[0][1])
    made.platform, made.elsewhere = ports
    proxy = Proxy(
        ("127.0.0.1", made.platform),
        made.authority.context(),
        beyond=beyond,
        distrusted=made.distrusted.append,
    )
    made.proxy = await proxy.start()
    try:
        yield made
    finally:
        await proxy.stop()
        for runner in runners:
            await runner.cleanup()


def on(loop: Callable[[], asyncio.AbstractEventLoop], what: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(what)


@pytest.mark.parametrize("loop", LOOPS)
def test_keeps_connections(loop: Callable[[], asyncio.AbstractEventLoop], tmp_path: Path) -> None:
    """Many requests share one decrypted connection, and large bodies survive both ways."""

    async def scenario() -> None:
        async with world(tmp_path) as made, ClientSession() as session:
            for body in (b"small", BIG, b"again"):
                async with session.post(
                    "https://api.twilio.com/echo", data=body, proxy=made.url, ssl=made.trust()
                ) as answer:
                    assert await answer.read() == body
            assert {host for _, host, _ in made.seen} == {"api.twilio.com"}

    on(loop, scenario())


@pytest.mark.parametrize(
    "host",
    ["twilio.com", "messaging.twilio.com", "mcs.us1.twilio.com", "api.dublin.ie1.twilio.com"],
)
async def test_certificate(host: str, tmp_path: Path) -> None:
    """Every host of Twilio's, those of its regions too, has a certificate that clients accept."""
    async with world(tmp_path) as made, ClientSession() as session:
        async with session.get(
            f"https://{host}/v1/Services", proxy=made.url, ssl=made.trust()
        ) as answer:
            assert answer.status == 200
        assert made.seen == [("GET", host, "/v1/Services")]


async def test_distrust_is_told(tmp_path: Path) -> None:
    """A program that does not know our authority is refused by itself, and we say so."""
    async with world(tmp_path) as made, ClientSession() as session:
        with pytest.raises(ClientConnectorCertificateError):
            await session.get("https://api.twilio.com/echo", proxy=made.url)
        for _ in range(200):
            if made.distrusted:
                break
            await asyncio.sleep(0.01)
        assert made.distrusted == ["api.twilio.com"]


async def test_plain_requests(tmp_path: Path) -> None:
    """Plain requests reach the platform for Twilio's hosts and the named host for others."""
    async with world(tmp_path) as made, ClientSession() as session:
        there = f"127.0.0.1:{made.elsewhere}"
        for host in ("api.twilio.com", there):
            async with session.post(f"http://{host}/echo?a=b", data=b"x", proxy=made.url) as answer:
                assert await answer.read() == b"x"
        assert made.seen == [("POST", "api.twilio.com", "/echo?a=b"), ("POST", there, "/echo?a=b")]


async def exchange(port: int, *sent: bytes, end: bool = False) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in sent:
        writer.write(piece)
        await writer.drain()
    if end:
        writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


async def test_half_closed(tmp_path: Path) -> None:
    """A client that has said all and closed its side still gets its answer."""

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"%d" % len(await reader.read()))
        writer.close()

    async with await asyncio.start_server(count, "127.0.0.1", 0) as server, world(tmp_path) as made:
        asked = b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % server.sockets[0].getsockname()[1]
        answer = await exchange(made.proxy, asked, BIG, end=True)
    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\n%d" % len(BIG)


async def test_idle(tmp_path: Path) -> None:
    """A tunnel in which nothing moves ends, also where one side does not read."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        muted.append(writer)

    muted: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        pairs = [Streams(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(2)]
        pairs[0].writer.write(BIG * 4)
        async with asyncio.timeout(10):
            await Tunnel(*pairs, idle=0.1, linger=0.1).run()
            for one in pairs:
                await close(one.writer, 0.1)
        for writer in muted:
            writer.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT api.twilio.com HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT api.twilio.com:99999 HTTP/1.1\r\n\r\n", b"400"),
        (b"GET ftp://example.com/ HTTP/1.1\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\r\n\r\n", b"400"),
        (b"GET http://x/ HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
        (b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n", b"502"),
        (b"CONNECT " + b"a" * 80 + b".invalid:443 HTTP/1.1\r\n\r\n", b"502"),
    ],
)
async def test_refusals(sent: bytes, status: bytes, tmp_path: Path) -> None:
    """What is not a request to a proxy, or leads nowhere, is answered and not just dropped."""
    async with world(tmp_path) as made:
        assert (await exchange(made.proxy, sent)).startswith(b"HTTP/1.1 " + status)


async def test_chain(tmp_path: Path) -> None:
    """Behind a company's proxy other hosts go by way of it, with its password; Twilio does not."""
    heads = []

    async def company(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        writer.close()

    async with await asyncio.start_server(company, "127.0.0.1", 0) as server:
        url = f"http://me:p%40ss@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        beyond = Upstream({"HTTPS_PROXY": url, "NO_PROXY": ".inside.example"})
        async with world(tmp_path, beyond) as made:
            answer = await exchange(made.proxy, b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
            refused = await exchange(made.proxy, b"CONNECT a.inside.example:1 HTTP/1.1\r\n\r\n")
    assert answer == b"HTTP/1.1 200 OK\r\n\r\nhello"
    assert refused.startswith(b"HTTP/1.1 502")
    assert heads == [
        b"CONNECT example.com:443 HTTP/1.1\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n\r\n"
    ]


async def test_stop_cuts(tmp_path: Path) -> None:
    """When the program is over nothing is left open."""
    async with world(tmp_path) as made:
        reader, writer = await asyncio.open_connection("127.0.0.1", made.proxy)
        writer.write(f"CONNECT 127.0.0.1:{made.elsewhere} HTTP/1.1\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
    assert await reader.read() == b""
    writer.close()


PYTHON = """
from twilio.rest import Client
client = Client()
print(client.messages.create(to="+15558675310", from_="+15017122661", body="héllo €").body)
print([m.sid for m in client.messages.list()])
print([s.sid for s in client.messaging.v1.services.list()])
"""
NODE = """
const client = require("twilio")();
(async () => {
  const to = "+15558675310", from = "+15017122661";
  console.log((await client.messages.create({ to, from, body: "héllo €" })).body);
  console.log(JSON.stringify((await client.messages.list()).map((m) => m.sid)));
  console.log(JSON.stringify((await client.messaging.v1.services.list()).map((s) => s.sid)));
})().catch((wrong) => { console.error(wrong); process.exit(1); });
"""


def _node() -> str:
    found = shutil.which("node")
    assert found is not None, "the tests need Node"
    return found


@pytest.mark.parametrize(
    "command",
    [lambda: (sys.executable, "-c", PYTHON), lambda: (_node(), "-e", NODE)],
    ids=["python", "node"],
)
async def test_official_sdk(command: Callable[[], tuple[str, ...]], tmp_path: Path) -> None:
    """A program with an official SDK creates and pages through us with not a line changed."""
    async with world(tmp_path) as made:
        output = await _run(made, *command())
    lines = [json.loads(line.replace("'", '"')) for line in output.splitlines()[1:]]
    assert output.splitlines()[0] == "héllo €"
    assert lines == [["SM0", "SM1"], ["MG0", "MG1"]]
    assert {host for _, host, _ in made.seen} == {"api.twilio.com", "messaging.twilio.com"}


async def _run(made: World, *command: str) -> str:
    environment = {
        **os.environ,
        "HTTPS_PROXY": made.url,
        "HTTP_PROXY": made.url,
        "REQUESTS_CA_BUNDLE": str(made.authority.bundle),
        "NODE_EXTRA_CA_CERTS": str(made.authority.ca),
        "NODE_PATH": str(NODE_MODULES),
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "secret-token",
    }
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=pipe, stderr=pipe
    )
    async with asyncio.timeout(60):
        output, wrong = await child.communicate()
    assert child.returncode == 0, wrong.decode()
    return output.decode()
