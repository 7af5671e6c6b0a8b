"""What there is, and who is given what."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from ipaddress import ip_network
from typing import Self

import structlog
from starlette.types import ASGIApp

from magpie.accounts.actions import ensure_main, token_of
from magpie.accounts.auth import Authenticator
from magpie.accounts.seal import Sealer
from magpie.api.mounts import Mounts
from magpie.app import faces, first_boot
from magpie.app.card import Card
from magpie.app.carriers import carriers_of, routes_of
from magpie.app.parts import Parts
from magpie.app.queues import queues_of
from magpie.app.simulated import Simulated
from magpie.app.store import open_store
from magpie.app.work import Work
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts
from magpie.dispatch.traffic import Arrivals
from magpie.kit.blobs import Blobs
from magpie.kit.db import DatabaseUnavailable
from magpie.kit.egress import Egress, Policy
from magpie.media.links import Signer
from magpie.media.shelf import Shelf
from magpie.media.uploads import Uploads
from magpie.messages.accept import Acceptance
from magpie.messages.advance import Advance
from magpie.messages.change import Change
from magpie.messages.lifecycle import Status
from magpie.messages.receive import Receive
from magpie.senders.actions import Senders
from magpie.senders.book import SenderBook
from magpie.settings import Settings
from magpie.simulator import store as phones

log = structlog.get_logger(__name__)


class Platform(Parts):
    """The parts, put together in the order in which they need each other."""

    application: ASGIApp

    @classmethod
    async def open(cls, settings: Settings, port: int, stack: AsyncExitStack) -> Self:
        """Open the store and make the parts; nothing works yet."""
        self = cls()
        self.settings = settings
        host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
        self.base_url = settings.public_url or f"http://{host}:{port}"
        self.sealer = Sealer.of(settings.data, settings.secret_key)
        self.database = await open_store(settings, stack)
        self.blobs = Blobs.open(settings.media)
        self.shelf = Shelf(self.database, self.blobs, [phones.in_use])
        self.egress = Egress(egress_policy(settings, port))
        stack.push_async_callback(self.egress.close)
        self.queues = queues_of(settings, self.database)
        self.authenticator = Authenticator(self.database, self.sealer)
        self.book = SenderBook(self.database)
        self.senders = Senders(
            self.queues.outbound, self.book, settings.rates.of, settings.queue_hours
        )
        await self._first_boot()
        self._messages()
        mounts = Mounts(self.authenticator, settings)
        faces.hang(self, mounts)
        self.application = mounts.app(self.health)
        return self

    async def _first_boot(self) -> None:
        async with self.database.transaction() as connection:
            self.account = await ensure_main(
                connection,
                self.sealer,
                sid=self.settings.account_sid,
                auth_token=self.settings.auth_token,
            )
            if "simulator" in self.settings.roles:
                await first_boot.fill(connection, self.senders, self.account)

    def _messages(self) -> None:
        queues = self.queues
        quiet = () if self.settings.callback_on_sending else (Status.SENDING,)
        self.advance = Advance(queues.webhooks, quiet=frozenset(quiet))
        self.acceptance = Acceptance(self.database, queues.outbound, queues.media, queues.timers)
        self.change = Change(self.database, self.advance)
        self.uploads = Uploads(self.shelf)
        self.signer = Signer(self.sealer.hash_secret("media links"))
        self.receipts = Receipts(self.database, self.advance)
        self.inbounds = Inbounds(
            self.database,
            self.book,
            Receive(queues.webhooks, self.base_url),
            self.acceptance,
            self.uploads,
        )
        self.arrivals = Arrivals(self.receipts, self.inbounds)
        self.simulated = None
        if "simulator" in self.settings.roles:
            self.simulated = Simulated(
                self.database, queues.simulator, self.blobs, self.settings.smsc_port
            )
        network = self.simulated.network if self.simulated else None
        self.carriers = carriers_of(self.settings, network)
        self.routes = routes_of(self.settings, list(self.carriers))

    async def start(self, stack: AsyncExitStack) -> None:
        """Begin to work; all of it ends with the stack."""
        await self.queues.wakes.listen()
        work = Work(self)
        stack.push_async_callback(work.stop)
        await work.start()

    async def health(self) -> Mapping[str, str]:
        try:
            async with asyncio.timeout(3):
                await self.database.fetchval("select 1")
        except (DatabaseUnavailable, TimeoutError) as error:
            return {"database": str(error) or "no answer"}
        return {}

    async def card(self, pid: int) -> Card:
        senders = await first_boot.senders_of(self.database, self.account)
        handsets = await self.simulated.handsets(self.base_url) if self.simulated else ()
        return Card(
            account_sid=self.account.sid,
            auth_token=token_of(self.sealer, self.account),
            base_url=self.base_url,
            console_url=self.base_url,
            senders=senders,
            handsets=tuple(handsets),
            pid=pid,
        )


def egress_policy(settings: Settings, port: int) -> Policy:
    """A laptop's webhooks live on loopback; a server reaches nothing private but what is listed."""
    own = {port} | {settings.smsc_port or port}
    return Policy(
        allow_loopback=settings.profile == "development",
        allowed_networks=tuple(ip_network(network) for network in settings.egress_allowed),
        own_ports=frozenset(own),
    )
