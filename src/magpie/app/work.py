"""What runs beside the requests: workers of the queues, carrier links, housekeeping."""

import asyncio

from magpie.app.parts import Parts
from magpie.app.smpp import Smpp
from magpie.dispatch.hooks import Hooks
from magpie.dispatch.outbound import Outbound
from magpie.dispatch.pictures import Pictures
from magpie.dispatch.replies import Replies
from magpie.dispatch.settle import Settlement
from magpie.dispatch.timers import Expiry, Housekeeping
from magpie.kit.queue import Worker
from magpie.media.handler import MediaHandler
from magpie.webhooks.post import Poster

_HANG_UP_SECONDS = 12.0


class Work:
    """Started by role; stopped in order: workers first, so that links have nothing new to carry."""

    def __init__(self, platform: Parts) -> None:
        self._platform = platform
        self._smpp = Smpp(platform) if Smpp.wanted(platform) else None
        self._workers = list(self._make())
        self._tasks: list[asyncio.Task[None]] = []

    def _make(self) -> list[Worker]:
        p, roles = self._platform, self._platform.settings.roles
        pictures = Pictures(p.database, p.queues.outbound, p.advance, p.adaptation)
        workers = []
        if "dispatch" in roles:
            settlement = Settlement(p.database, p.queues.outbound, p.advance)
            outbound = Outbound(p.database, settlement, p.carriers, p.ways, pictures, p.rescue)
            workers.append(Worker(p.queues.outbound, outbound, most=1000))
            expiry = Expiry(p.database, p.queues.timers, p.advance)
            workers.append(Worker(p.queues.timers, expiry))
        if "webhooks" in roles:
            hooks = Hooks(
                p.database,
                p.queues.webhooks,
                Poster(p.egress, p.token_of),
                Replies(p.book, p.drafts),
                p.acceptance,
                p.settings.webhook_log,
            )
            workers.append(Worker(p.queues.webhooks, hooks, most=1000, width=128))
        if "media" in roles:
            media = MediaHandler(
                p.database, p.queues.media, p.fetcher, pictures.ahead, pictures.settle
            )
            workers.append(Worker(p.queues.media, media, most=64, width=16))
        if p.simulated is not None:
            workers.append(p.simulated.worker())
        if self._smpp is not None:
            workers.append(self._smpp.worker)
        return workers

    async def start(self) -> None:
        p = self._platform
        if p.simulated is not None:
            await p.simulated.start(p.arrivals)
        if "media" in p.settings.roles:
            self._tasks.append(asyncio.create_task(p.sandbox.start()))
        if "dispatch" in p.settings.roles:
            keeping = Housekeeping(p.database, p.shelf, p.receipts, p.inbounds, p.services)
            self._tasks.append(asyncio.create_task(keeping.run()))
        await p.fleet.start(p.arrivals if "dispatch" in p.settings.roles else None)
        await p.fleet.settle()
        self._tasks += [asyncio.create_task(worker.run()) for worker in self._workers]
        if self._smpp is not None:
            await self._smpp.start()

    async def stop(self) -> None:
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        if self._smpp is not None:
            await self._smpp.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        async with asyncio.timeout(_HANG_UP_SECONDS):
            await self._platform.fleet.stop()
        if self._platform.simulated is not None:
            await self._platform.simulated.stop()
