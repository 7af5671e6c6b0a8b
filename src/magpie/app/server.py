"""The HTTP server: uvicorn on uvloop, its port bound before anything is promised."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_BACKLOG = 2048
_DRAIN_SECONDS = 10


class PortTaken(Exception):  # noqa: N818 - a state of the machine
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        super().__init__(f"port {port} of {host} is in use")


def bind(host: str, port: int) -> socket.socket:
    """Raises PortTaken; port 0 takes any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host, port) from error
    listener.set_inheritable(False)
    return listener


class Server(uvicorn.Server):
    """Leaves signals to the composition root, which has more to stop than this."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        self.should_exit = True


def server_for(application: ASGIApp) -> Server:
    return Server(
        uvicorn.Config(
            application,
            http="httptools",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )


async def started(server: Server, serving: asyncio.Task[None]) -> None:
    """Returns once the server accepts; raises what kept it from that."""
    while not server.started:
        if serving.done():
            await serving
            return
        await asyncio.sleep(0.005)
