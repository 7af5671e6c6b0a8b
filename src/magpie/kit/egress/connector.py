"""aiohttp's connector with the address rule before and after every connection.

The addresses of a name are asked for once, all are judged, and aiohttp is given the judged
numbers: there is no second look-up for a rebinding name server to answer otherwise.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv6Address
from typing import TYPE_CHECKING
from weakref import WeakSet

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from magpie.kit import clock
from magpie.kit.egress.address import Address, Denied, Policy, verdict
from magpie.kit.egress.failure import EgressError, Failure

if TYPE_CHECKING:
    from aiohttp.client import ClientRequest, ClientTimeout
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""From a host name to its addresses, as text; OSError when there are none."""

# A name with thousands of addresses must not buy thousands of connection attempts.
MOST_ADDRESSES = 8


@dataclass(slots=True)
class Trip:
    """What is noted on the way of one request."""

    started: float
    connected: float | None = None
    address: str | None = None
    reused: bool = False
    answered: bool = False


trip: ContextVar[Trip | None] = ContextVar("trip", default=None)


class Gate:
    """The address rule of one policy, remembering its last verdicts: every request asks it."""

    def __init__(self, policy: Policy) -> None:
        self._verdict = lru_cache(4096)(partial(verdict, policy=policy))

    def check(self, address: Address | str, host: str, port: int) -> Address:
        found = self._verdict(address, port)
        if isinstance(found, Denied):
            raise EgressError(Failure.DENIED, f"{host} port {port} ({address}): {found.reason}")
        return found.address


class SystemLookup:
    """The system's resolver in threads of its own, so that slow names delay nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="names")

    async def __call__(self, host: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, socket.getaddrinfo, host, None, 0, socket.SOCK_STREAM
        )
        return [str(sockaddr[0]) for *_, sockaddr in found]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedResolver(AbstractResolver):
    def __init__(self, lookup: Lookup, gate: Gate) -> None:
        self._lookup = lookup
        self._gate = gate

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        """All answers are judged, also those that would never be connected to."""
        answers = await self._lookup(host)
        if not answers:
            raise OSError(socket.EAI_NONAME, "no address")
        judged = {self._gate.check(text, host, port): None for text in answers}
        return [_result(host, port, address) for address in list(judged)[:MOST_ADDRESSES]]

    async def close(self) -> None:
        if isinstance(self._lookup, SystemLookup):
            self._lookup.close()


def _result(host: str, port: int, address: Address) -> ResolveResult:
    family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=str(address),
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


class GuardedConnector(aiohttp.TCPConnector):
    def __init__(self, lookup: Lookup, gate: Gate, **options: object) -> None:
        self._gate = gate
        self._used: WeakSet[ResponseHandler] = WeakSet()
        super().__init__(
            resolver=GuardedResolver(lookup, gate),
            use_dns_cache=False,
            **options,  # type: ignore[arg-type]
        )

    async def connect(
        self,
        req: "ClientRequest",
        traces: "list[Trace]",
        timeout: "ClientTimeout",  # noqa: ASYNC109 - aiohttp's signature
    ) -> "Connection":
        connection = await super().connect(req, traces, timeout)
        # Bytes that nobody asked for lie on a kept connection: an answer split in two.
        while connection.protocol is not None and connection.protocol.should_close:
            connection.close()
            connection = await super().connect(req, traces, timeout)
        try:
            self._note(connection, req)
        except BaseException:
            connection.close()
            raise
        return connection

    def _note(self, connection: "Connection", req: "ClientRequest") -> None:
        peer = connection.transport and connection.transport.get_extra_info("peername")
        if not peer:
            return  # already lost, as the request is about to find out
        address = self._gate.check(peer[0], req.url.raw_host or "", peer[1])
        if (noted := trip.get()) is not None:
            noted.connected = clock.monotonic()
            noted.address = str(address)
            noted.reused = connection.protocol in self._used
        if connection.protocol is not None:
            self._used.add(connection.protocol)
