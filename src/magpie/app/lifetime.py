"""Runs the platform until somebody asks it to stop, and then stops it in order."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog

from magpie.app.card import Card
from magpie.app.console import AT as CONSOLE
from magpie.app.platform import Platform
from magpie.app.port import bind
from magpie.app.server import server_for, started
from magpie.errors import Refused
from magpie.settings import Settings

log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 10.0
# A request makes hundreds of short-lived objects: by default the collector would look at the
# youngest of them after every third request, and at everything a thousand times a minute.
_GC = (25_000, 20, 50)


async def run(settings: Settings, *, ready: Callable[[Card, str], None]) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, asked.set)
    settings.data.mkdir(parents=True, exist_ok=True)
    listener = bind(settings.host, settings.port)
    port: int = listener.getsockname()[1]
    async with AsyncExitStack() as stack:
        stack.callback(listener.close)
        platform = await Platform.open(settings, port, stack)
        Refused.documentation = f"{platform.base_url}{CONSOLE}/errors"
        server = server_for(platform.application)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await started(server, serving)
        await platform.start(stack)
        card = await platform.card(os.getpid())
        card.write(settings.data)
        _settle_memory()
        stack.callback(Card.remove, settings.data)
        ready(card, await platform.sign_in_url())
        stopping = asyncio.create_task(asked.wait())
        await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        server.end()
        try:
            async with asyncio.timeout(_DRAIN_SECONDS + 2):
                await serving
        except TimeoutError:
            log.warning("requests cut off")


def _settle_memory() -> None:
    """What start-up has made stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC)
