"""The only outgoing HTTP of the platform."""

import asyncio
import ssl
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from types import TracebackType
from typing import Self

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from magpie.kit import clock
from magpie.kit.egress import url as urls
from magpie.kit.egress.address import Policy
from magpie.kit.egress.connector import Gate, GuardedConnector, Lookup, SystemLookup, Trip, trip
from magpie.kit.egress.failure import EgressError, Failure
from magpie.kit.egress.model import Elapsed, Headers, Hop, Limits, Reply
from magpie.kit.egress.redirect import REDIRECTS, asks_basic, next_hop, with_basic
from magpie.kit.egress.translate import translate
from magpie.kit.egress.url import BadURLError, Credentials

# Shorter than the 5 s after which uvicorn and Node close an idle connection, so that a POST
# seldom meets a connection which the other side is just closing.
KEEP_ALIVE = 4.0
_IN_ONE_WRITE = 1 << 20
WEBHOOK = Limits()


class Egress:
    """To be made within a running loop, once per process: it owns the pool of connections."""

    def __init__(
        self,
        policy: Policy,
        *,
        agent: str = "magpie",
        lookup: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
        connections: int = 1000,
    ) -> None:
        self._policy = policy
        self._gate = Gate(policy)
        self._tls: ssl.SSLContext | bool = tls or True
        self._session = aiohttp.ClientSession(
            connector=GuardedConnector(
                lookup or SystemLookup(),
                self._gate,
                limit=connections,
                keepalive_timeout=KEEP_ALIVE,
                timeout_ceil_threshold=60,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": agent, "Accept-Encoding": "identity", "Accept": "*/*"},
            auto_decompress=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Headers | None = None,
        body: bytes | None = None,
        limits: Limits = WEBHOOK,
        redirects: int = 0,
        auth: Credentials | None = None,
        verify: bool = True,
        repeatable: bool = False,
    ) -> Reply:
        """The answer, whatever its status, or EgressError.

        With `redirects` 0 a redirect is an answer like any other. Credentials, of `auth` or in
        the URL, are sent only after a 401 asked for them, and to no other origin. A `repeatable`
        request is sent once more when a kept connection turns out to be closed.
        """
        started = clock.monotonic()
        try:
            target = urls.parse(url)
        except BadURLError as error:
            raise EgressError(Failure.BAD_URL, str(error)) from error
        auth = auth or target.credentials
        hop = Hop(method, target, headers or {}, body, auth, limits, verify, repeatable)
        try:
            async with asyncio.timeout(limits.total):
                return await self._follow(hop, redirects, started)
        except TimeoutError as error:
            noted = trip.get()
            partial = noted is not None and noted.answered
            message = f"no end after {limits.total} s"
            raise EgressError(Failure.TOTAL_TIMEOUT, message, partial=partial) from error

    async def _follow(self, hop: Hop, redirects: int, started: float) -> Reply:
        for _ in range(redirects + 1):
            reply = await self._authorized(hop, started)
            if redirects == 0 or reply.status not in REDIRECTS:
                return reply
            hop = next_hop(hop, reply, self._policy)
        raise EgressError(Failure.REDIRECT_LOOP, f"more than {redirects} redirects")

    async def _authorized(self, hop: Hop, started: float) -> Reply:
        reply = await self._exchange(hop, started)
        if reply.status != HTTPStatus.UNAUTHORIZED or hop.auth is None or not asks_basic(reply):
            return reply
        return await self._exchange(with_basic(hop, hop.auth), started)

    async def _exchange(self, hop: Hop, started: float) -> Reply:
        noted = Trip(clock.monotonic())
        trip.set(noted)
        response = await self._send(hop, noted)
        first_byte = clock.monotonic()
        noted.answered = True
        try:
            body = await _read(response, hop.method, hop.limits.most_bytes)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise translate(error, partial=True) from error
        finally:
            response.release()
        connected = noted.connected or noted.started
        elapsed = Elapsed(
            connected - noted.started, first_byte - connected, clock.monotonic() - started
        )
        url = hop.target.url
        return Reply(response.status, response.headers, body, url, noted.address, elapsed)

    async def _send(self, hop: Hop, noted: Trip) -> aiohttp.ClientResponse:
        target = hop.target
        if target.address is not None:
            # aiohttp asks no resolver about an address.
            self._gate.check(target.address, target.host, target.port)
        try:
            return await self._session.request(
                hop.method,
                URL(target.url, encoded=True),
                headers=hop.headers,
                data=_payload(hop.body),
                allow_redirects=False,
                timeout=_timeout(hop.limits.connect, hop.limits.read),
                ssl=self._tls if hop.verify else False,
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            failed = translate(error)
            if failed.failure is Failure.LOST and hop.repeatable and noted.reused:
                return await self._send(replace(hop, repeatable=False), noted)
            raise failed from error


async def _read(response: aiohttp.ClientResponse, method: str, most: int) -> bytes:
    _refuse_unreadable(response.status, response.headers)
    if method == "HEAD":
        return b""
    if (response.content_length or 0) > most:
        raise EgressError(
            Failure.TOO_LARGE, f"announces {response.content_length} bytes", partial=True
        )
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            raise EgressError(Failure.TOO_LARGE, f"more than {most} bytes", partial=True)
    return bytes(body)


def _refuse_unreadable(status: int, headers: CIMultiDictProxy[str]) -> None:
    if status == HTTPStatus.SWITCHING_PROTOCOLS:
        raise EgressError(Failure.PROTOCOL, "switches protocols unasked", partial=True)
    # We ask for the identity encoding; unpacking what comes all the same invites bombs.
    codings = headers.getall("Content-Encoding", []) + headers.getall("Transfer-Encoding", [])
    for coding in ",".join(codings).lower().split(","):
        if coding.strip() not in {"", "identity", "chunked"}:
            raise EgressError(
                Failure.ENCODED, f"body is encoded: {coding.strip()[:40]}", partial=True
            )


def _payload(body: bytes | None) -> aiohttp.BytesPayload | BytesIO | None:
    # aiohttp writes bytes at once; larger bodies go piecewise so that the loop can breathe.
    # What is a payload already needs no search among the kinds of them.
    if body is None:
        return None
    return aiohttp.BytesPayload(body) if len(body) < _IN_ONE_WRITE else BytesIO(body)


@lru_cache(64)
def _timeout(connect: float, read: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=None, connect=connect, sock_connect=connect, sock_read=read, ceil_threshold=60
    )
