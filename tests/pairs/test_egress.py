"""The outgoing client against servers on loopback which misbehave in every way we know."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from magpie.kit.egress import Credentials, Egress, EgressError, Failure, Limits, Policy

SHORT = Limits(connect=0.4, read=0.3, total=0.8, most_bytes=1000)
DEV = Policy(allow_loopback=True)

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Awaitable[None]]


@dataclass
class Sink:
    """A server that notes each connection and request, then does what its script says."""

    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def sink(script: Script | bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[Sink]:
    seen = Sink()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        seen.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                seen.heads.append(head)
                length = int(_field(head, "content-length") or 0)
                body = await reader.readexactly(length)
                if callable(script):
                    await script(reader, writer, head + body)
                else:
                    writer.write(script)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _field(head: bytes, name: str) -> str | None:
    for line in head.decode("latin-1").split("\r\n"):
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return None


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(b"", f"Location: {location}", status=f"{status} Found")


class Names:
    """A name server that counts its questions; each list of answers is given once, in turn."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        found = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if not found:
            raise OSError(-2, "Name or service not known")
        return found


async def failure_of(egress: Egress, url: str, **options: object) -> Failure:
    with pytest.raises(EgressError) as raised:
        await egress.request("POST", url, body=b"a=1", limits=SHORT, **options)  # type: ignore[arg-type]
    return raised.value.failure


async def test_a_post_arrives_as_it_was_given() -> None:
    """Method, path, host, headers and body reach the other side, and its answer comes back."""
    async with sink(answer(b"<Response/>", "Content-Type: text/xml")) as there, Egress(DEV) as out:
        reply = await out.request(
            "POST", there.url("/sms?a=%41"), headers={"X-One": "1"}, body=b"Body=hi"
        )
    assert (reply.status, reply.body, reply.address) == (200, b"<Response/>", "127.0.0.1")
    assert reply.headers["content-type"] == "text/xml"
    head = there.heads[0]
    assert head.startswith(b"POST /sms?a=%41 HTTP/1.1\r\n")
    assert _field(head, "x-one") == "1"
    assert _field(head, "accept-encoding") == "identity"
    assert _field(head, "host") == f"127.0.0.1:{there.port}"


async def test_a_large_body_is_sent_whole() -> None:
    """A body beyond one write arrives complete, with its length."""
    async with sink(answer()) as there, Egress(DEV) as out:
        await out.request("POST", there.url(), body=b"x" * 3_000_000)
    assert _field(there.heads[0], "content-length") == "3000000"


async def test_connections_are_kept() -> None:
    """Requests after one another share a connection."""
    async with sink(answer(b"ok")) as there, Egress(DEV) as out:
        for _ in range(5):
            assert (await out.request("GET", there.url())).body == b"ok"
    assert there.connections == 1


async def test_head_has_no_body() -> None:
    """The length that a HEAD announces is not waited for."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n"
    async with sink(head) as there, Egress(DEV) as out:
        reply = await out.request("HEAD", there.url(), limits=SHORT)
    assert (reply.body, reply.headers["content-length"]) == (b"", "5000000")


async def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the address that was judged is connected to, whatever the environment says."""
    async with sink(answer()) as there, sink(answer()) as proxy, Egress(DEV) as out:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        await out.request("GET", there.url())
    assert (there.connections, proxy.connections) == (1, 0)


async def test_cookies_are_ignored() -> None:
    """What one customer's server sets is not sent with the next request."""
    async with sink(answer(b"", "Set-Cookie: a=1")) as there, Egress(DEV) as out:
        for _ in range(2):
            await out.request("GET", there.url())
    assert _field(there.heads[1], "cookie") is None


# Who may be connected to


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost"])
async def test_a_server_does_not_call_itself(host: str) -> None:
    """Without leave for loopback not even a connection is opened to it."""
    async with sink(answer()) as there, Egress(Policy()) as out:
        assert await failure_of(out, there.url(host=host)) is Failure.DENIED
    assert there.connections == 0


async def test_own_ports_are_denied_on_a_laptop_too() -> None:
    """Our own listener sees no connection, by address or by name."""
    async with sink(answer()) as there:
        policy = Policy(allow_loopback=True, own_ports=frozenset({there.port}))
        async with Egress(policy) as out:
            assert await failure_of(out, there.url()) is Failure.DENIED
            assert await failure_of(out, there.url(host="localhost")) is Failure.DENIED
    assert there.connections == 0


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1", "169.254.169.254"],
        ["169.254.169.254", "127.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["127.0.0.1", *(f"127.0.{i}.{j}" for i in range(1, 40) for j in range(250)), "10.0.0.1"],
        ["127.0.0.1", "::ffff:10.0.0.1"],
        ["127.0.0.1", "fe80::1%eth0"],
    ],
)
async def test_one_denied_answer_denies_the_name(answers: list[str]) -> None:
    """A name with one forbidden address is not called at its others."""
    async with sink(answer()) as there, Egress(DEV, lookup=Names(answers)) as out:
        assert await failure_of(out, there.url(host="mixed.example")) is Failure.DENIED
    assert there.connections == 0


async def test_a_name_is_asked_for_once() -> None:
    """The judged address is used without a second question that a rebinding server could turn."""
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    async with sink(answer()) as there, Egress(DEV, lookup=names) as out:
        reply = await out.request("GET", there.url(host="rebind.example"))
    assert (reply.address, names.asked) == ("127.0.0.1", ["rebind.example"])
    assert _field(there.heads[0], "host") == f"rebind.example:{there.port}"


async def test_a_new_connection_asks_and_judges_again() -> None:
    """A name that moves to a forbidden address is denied from its next connection on."""
    names = Names(["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"])
    async with (
        sink(answer(b"", "Connection: close")) as there,
        Egress(DEV, lookup=names) as out,
    ):
        url = there.url(host="rebind.example")
        await out.request("GET", url)
        assert await failure_of(out, url) is Failure.DENIED
        await out.request("GET", url)
    assert (there.connections, len(names.asked)) == (2, 3)


async def test_many_at_once_never_reach_the_denied_address() -> None:
    """Racing requests against a name that flips its answer reach only what was allowed."""
    names = Names(*(["127.0.0.1"] if turn % 2 else ["169.254.1.1"] for turn in range(200)))
    async with sink(answer(b"", "Connection: close")) as there, Egress(DEV, lookup=names) as out:
        url = there.url(host="flip.example")
        found = await asyncio.gather(
            *(out.request("GET", url) for _ in range(200)), return_exceptions=True
        )
    denied = [one for one in found if isinstance(one, EgressError)]
    assert {one.failure for one in denied} == {Failure.DENIED}
    assert there.connections == 200 - len(denied) == 100


async def test_the_peer_is_judged_again_after_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a connection end elsewhere than where it was judged, nothing is sent over it."""
    async with sink(answer()) as there, Egress(Policy(), lookup=Names(["1.1.1.1"])) as out:

        async def elsewhere(*_: object, **__: object) -> list[dict[str, object]]:
            result = {"hostname": "x", "host": "127.0.0.1", "port": there.port}
            return [{**result, "family": 2, "proto": 6, "flags": 0}]

        monkeypatch.setattr(out._session.connector, "_resolve_host", elsewhere)
        assert await failure_of(out, there.url(host="x.example")) is Failure.DENIED
        await asyncio.sleep(0)
    assert there.heads == []


async def test_an_unknown_name_is_not_found() -> None:
    """No answer of the name server is a failure of its own."""
    async with Egress(DEV, lookup=Names([])) as out:
        assert await failure_of(out, "http://nowhere.example/") is Failure.HOST_NOT_FOUND


async def test_a_slow_name_server_is_a_connect_timeout() -> None:
    """Looking up a name counts as connecting."""

    async def slow(_: str) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    async with Egress(DEV, lookup=slow) as out:
        assert await failure_of(out, "http://slow.example/") is Failure.CONNECT_TIMEOUT


async def test_bad_urls_are_refused() -> None:
    """A malformed URL is refused before anything is looked up."""
    names = Names(["127.0.0.1"])
    async with Egress(DEV, lookup=names) as out:
        assert await failure_of(out, "http://127.0.0.1:0/") is Failure.BAD_URL
        assert await failure_of(out, "ftp://a.example/") is Failure.BAD_URL
    assert names.asked == []


# Servers that misbehave


async def hang(*_: object) -> None:
    await asyncio.sleep(60)


async def trickle(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    for _step in range(900):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def trickle_head(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for step in range(900):
        writer.write(b"X-%d: y\r\n" % step)
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def endless_chunks(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\nx\r\n" * 100)
        await writer.drain()


async def hang_up(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    writer.close()


async def continue_for_ever(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


def _closing(raw: bytes) -> Script:
    async def script(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    return script


MISBEHAVIOUR: list[tuple[str, Script | bytes, Failure]] = [
    ("hangs", hang, Failure.READ_TIMEOUT),
    ("trickles its body", trickle, Failure.TOTAL_TIMEOUT),
    ("trickles its head", trickle_head, Failure.TOTAL_TIMEOUT),
    ("continues for ever", continue_for_ever, Failure.TOTAL_TIMEOUT),
    ("hangs up", hang_up, Failure.LOST),
    ("hangs within the head", _closing(b"HTTP/1.1 200 OK\r\nX: y"), Failure.LOST),
    ("sends no end", endless, Failure.TOO_LARGE),
    ("sends chunks without end", endless_chunks, Failure.TOO_LARGE),
    ("announces too much", b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", Failure.TOO_LARGE),
    (
        "announces 10^30",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1" + b"0" * 30 + b"\r\n\r\n",
        Failure.PROTOCOL,
    ),
    (
        "sends too little",
        _closing(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
        Failure.LOST,
    ),
    (
        "stops within a body",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        Failure.READ_TIMEOUT,
    ),
    (
        "cuts its chunks",
        _closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        Failure.LOST,
    ),
    (
        "breaks its chunks",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
        Failure.PROTOCOL,
    ),
    ("has a bad length", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", Failure.PROTOCOL),
    (
        "has two lengths",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        Failure.PROTOCOL,
    ),
    ("speaks no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Failure.PROTOCOL),
    (
        "has a huge header",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        Failure.PROTOCOL,
    ),
    ("has many headers", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", Failure.PROTOCOL),
    ("has a NUL in a header", b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n", Failure.PROTOCOL),
    (
        "switches protocols",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        Failure.PROTOCOL,
    ),
    (
        "packs its body",
        answer(gzip.compress(b"a" * 500), "Content-Encoding: gzip"),
        Failure.ENCODED,
    ),
    ("packs it twice", answer(b"x", "Content-Encoding: gzip, gzip"), Failure.ENCODED),
    ("packs it otherwise", answer(b"x", "Content-Encoding: br"), Failure.ENCODED),
    ("packs it well", answer(b"x", "Content-Encoding: zstd"), Failure.ENCODED),
    (
        "packs its transfer",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        Failure.ENCODED,
    ),
]


@pytest.mark.parametrize(
    ("script", "failure"),
    [pytest.param(script, failure, id=name) for name, script, failure in MISBEHAVIOUR],
)
async def test_misbehaviour_has_its_name(script: Script | bytes, failure: Failure) -> None:
    """Whatever the other side does ends in time and in a failure that says what it did."""
    async with sink(script) as there, Egress(DEV) as out:
        assert await failure_of(out, there.url()) is failure


async def test_a_closed_port_refuses() -> None:
    """A port on which nobody listens is told from one that does not answer."""
    async with sink(answer()) as there:
        pass
    async with Egress(DEV) as out:
        assert await failure_of(out, there.url()) is Failure.REFUSED


async def test_a_second_answer_is_not_taken_for_the_next_request() -> None:
    """An answer split in two spoils its connection, not the request that comes after."""
    split = answer(b"first") + answer(b"forged")
    async with sink(split) as there, Egress(DEV) as out:
        for _ in range(3):
            assert (await out.request("GET", there.url(), limits=SHORT)).body == b"first"
            await asyncio.sleep(0.02)
    assert there.connections == 3


@pytest.mark.parametrize("repeatable", [True, False])
async def test_a_kept_connection_may_be_closed_meanwhile(*, repeatable: bool) -> None:
    """A request that may be repeated survives a server which closes instead of answering again."""

    async def forgetful(_: object, writer: asyncio.StreamWriter, __: bytes) -> None:
        if len(there.heads) == 2:
            writer.close()
        else:
            writer.write(answer(b"ok"))

    async with sink(forgetful) as there, Egress(DEV) as out:
        await out.request("POST", there.url(), body=b"1")
        if repeatable:
            reply = await out.request("POST", there.url(), body=b"2", repeatable=True)
            assert (reply.body, there.connections, len(there.heads)) == (b"ok", 2, 3)
        else:
            assert await failure_of(out, there.url()) is Failure.LOST


@pytest.mark.parametrize(("script", "partial"), [(hang, False), (hang_up, False), (trickle, True)])
async def test_a_failure_tells_whether_an_answer_had_begun(
    script: Script, *, partial: bool
) -> None:
    """A request of which a part of the answer came has certainly been seen."""
    async with sink(script) as there, Egress(DEV) as out:
        with pytest.raises(EgressError) as raised:
            await out.request("POST", there.url(), body=b"a=1", limits=SHORT)
    assert raised.value.partial is partial


async def test_headers_cannot_be_injected() -> None:
    """A line break in a header value sends nothing."""
    async with sink(answer()) as there, Egress(DEV) as out:
        with pytest.raises(ValueError, match="header"):
            await out.request("GET", there.url(), headers={"X": "a\r\nY: b"})
    assert there.heads == []


# Redirects


def _routes(**replies: bytes) -> Script:
    async def script(_: object, writer: asyncio.StreamWriter, request: bytes) -> None:
        path = request.split(b" ")[1].decode().split("?")[0].strip("/") or "root"
        writer.write(replies[path])

    return script


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
async def test_redirects_are_followed_as_browsers_do(status: int, method: str) -> None:
    """307 and 308 keep the method and the body, the others turn a POST into a GET."""
    script = _routes(root=redirect("/next?x=1", status), next=answer(b"there"))
    async with sink(script) as there, Egress(DEV) as out:
        reply = await out.request("POST", there.url(), body=b"a=1", redirects=5)
    assert (reply.status, reply.body, reply.url) == (200, b"there", there.url("/next?x=1"))
    assert there.heads[1].startswith(f"{method} /next?x=1 ".encode())
    assert _field(there.heads[1], "content-length") == ("3" if method == "POST" else None)


async def test_without_leave_a_redirect_is_an_answer() -> None:
    """A caller that allows no redirects gets the 302 itself."""
    async with sink(redirect("/")) as there, Egress(DEV) as out:
        assert (await out.request("GET", there.url())).status == 302


async def test_a_loop_ends() -> None:
    """A redirect loop is followed only as often as was allowed."""
    async with sink(redirect("/")) as there, Egress(DEV) as out:
        assert await failure_of(out, there.url(), redirects=5) is Failure.REDIRECT_LOOP
    assert len(there.heads) == 6


@pytest.mark.parametrize(
    ("location", "failure"),
    [
        ("http://169.254.169.254/latest/meta-data/", Failure.DENIED),
        ("http://[::ffff:169.254.169.254]/", Failure.DENIED),
        ("//10.0.0.1/", Failure.DENIED),
        ("http://internal.example/", Failure.DENIED),
        ("http://127.0.0.1:{own}/", Failure.DENIED),
        ("http://2130706433/", Failure.BAD_REDIRECT),
        ("file:///etc/passwd", Failure.BAD_REDIRECT),
        ("gopher://127.0.0.1/", Failure.BAD_REDIRECT),
        ("http://127.0.0.1:0/", Failure.BAD_REDIRECT),
        ("http://a b/", Failure.BAD_REDIRECT),
        ("", Failure.BAD_REDIRECT),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_re_enter_the_rule(location: str, failure: Failure, status: int) -> None:
    """A redirect leads nowhere that could not have been asked for in the first place."""
    async with sink(answer()) as own:
        names = Names(["10.0.0.1"])
        policy = Policy(allow_loopback=True, own_ports=frozenset({own.port}))
        away = redirect(location.replace("{own}", str(own.port)), status)
        async with sink(away) as there, Egress(policy, lookup=names) as out:
            assert await failure_of(out, there.url(), redirects=5) is failure
    assert (there.connections, own.connections) == (1, 0)


async def test_a_redirect_may_not_leave_tls_where_that_is_refused(tls: "Tls") -> None:
    """A policy can hold requests to https once they began with it."""
    async with sink(answer()) as plain, sink(redirect(plain.url()), tls.server("ok")) as there:
        url = there.url(host="a.example", scheme="https")
        names = Names(["127.0.0.1"])
        policy = Policy(allow_loopback=True, https_to_http=False)
        async with Egress(policy, lookup=names, tls=tls.client) as out:
            assert await failure_of(out, url, redirects=5) is Failure.BAD_REDIRECT
        async with Egress(DEV, lookup=names, tls=tls.client) as out:
            assert (await out.request("GET", url, redirects=5)).status == 200
    assert plain.connections == 1


async def test_secrets_do_not_follow_to_another_origin() -> None:
    """Cookies and credentials stay with the origin they were meant for."""
    asking = answer(b"", 'WWW-Authenticate: Basic realm="x"', status="401 No")
    async with sink(asking) as other, sink(redirect(other.url("/x"))) as there, Egress(DEV) as out:
        url = there.url().replace("http://", "http://user:pass@")
        headers = {"Cookie": "a=1", "authorization": "Bearer x", "X-Kept": "1"}
        reply = await out.request("GET", url, headers=headers, redirects=5)
    assert reply.status == 401
    assert len(other.heads) == 1
    assert _field(other.heads[0], "cookie") is None
    assert _field(other.heads[0], "authorization") is None
    assert _field(other.heads[0], "x-kept") == "1"


# Credentials and TLS


async def test_credentials_answer_a_challenge() -> None:
    """Credentials in the URL are held back until a 401 asks for them."""

    async def guarded(_: object, writer: asyncio.StreamWriter, request: bytes) -> None:
        if _field(request, "authorization") == "Basic dXNlcjpwYXNz":
            writer.write(answer(b"in"))
        else:
            writer.write(answer(b"", 'WWW-Authenticate: Basic realm="x"', status="401 No"))

    async with sink(guarded) as there, Egress(DEV) as out:
        url = there.url().replace("http://", "http://user:pass@")
        assert (await out.request("POST", url, body=b"a=1")).body == b"in"
        assert _field(there.heads[0], "authorization") is None
        wrong = Credentials("user", "wrong")
        assert (await out.request("POST", there.url(), auth=wrong)).status == 401
    assert len(there.heads) == 4


@dataclass
class Tls:
    folder: Path
    client: ssl.SSLContext

    def server(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem")
        return context


def _certificate(folder: Path, name: str, host: str, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / f"{name}.pem").write_bytes(private + pem)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder = tmp_path_factory.mktemp("certificates")
    client = ssl.create_default_context()
    for name, host, days in [("ok", "a.example", 30), ("old", "a.example", -1)]:
        _certificate(folder, name, host, days)
        client.load_verify_locations(folder / f"{name}.pem")
    _certificate(folder, "stranger", "a.example", 30)
    return Tls(folder, client)


@pytest.mark.parametrize(
    ("certificate", "host", "failure"),
    [
        ("ok", "b.example", Failure.CERTIFICATE_HOST),
        ("old", "a.example", Failure.CERTIFICATE_EXPIRED),
        ("stranger", "a.example", Failure.CERTIFICATE_PATH),
    ],
)
async def test_certificates_are_checked(
    tls: Tls, certificate: str, host: str, failure: Failure
) -> None:
    """A wrong certificate is named for what is wrong with it, and nothing is sent."""
    names = Names(["127.0.0.1"])
    async with (
        sink(answer(), tls.server(certificate)) as there,
        Egress(DEV, lookup=names, tls=tls.client) as out,
    ):
        url = there.url(host=host, scheme="https")
        assert await failure_of(out, url) is failure
        assert there.heads == []
        assert (await out.request("GET", url, verify=False)).status == 200


@pytest.mark.parametrize("host", ["a.example", "127.0.0.1"])
async def test_a_good_certificate_passes(tls: Tls, host: str) -> None:
    """The certificate is held against the name of the URL, not against the address behind it."""
    async with (
        sink(answer(b"ok"), tls.server("ok")) as there,
        Egress(DEV, lookup=Names(["127.0.0.1"]), tls=tls.client) as out,
    ):
        assert (await out.request("GET", there.url(host=host, scheme="https"))).body == b"ok"


async def test_tls_to_a_plain_server_fails_in_the_handshake() -> None:
    """A server that speaks no TLS is told from one with a bad certificate."""
    server = await asyncio.start_server(
        lambda _, writer: writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    async with server, Egress(DEV) as out:
        assert await failure_of(out, f"https://127.0.0.1:{port}/") is Failure.TLS_HANDSHAKE


async def test_a_server_silent_in_the_handshake_is_a_connect_timeout() -> None:
    """A peer that accepts and then says nothing has not let us connect."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Egress(DEV) as out:
        assert await failure_of(out, f"https://127.0.0.1:{port}/") is Failure.CONNECT_TIMEOUT
