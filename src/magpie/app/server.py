"""The HTTP server: uvicorn on uvloop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_BACKLOG = 2048
_DRAIN_SECONDS = 10


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
