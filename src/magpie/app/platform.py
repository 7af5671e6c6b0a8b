"""What there is, and who is given what."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from ipaddress import ip_network
from typing import Self

import structlog
from starlette.types import ASGIApp

from magpie.accounts.actions import ensure_main, token_of
from magpie.accounts.auth import Authenticator
from magpie.accounts.preferences import PreferenceBook
from magpie.accounts.seal import Sealer
from magpie.api.mounts import Mounts
from magpie.app import faces, first_boot
from magpie.app.card import Card
from magpie.app.carriers import Means, given_of, link_of
from magpie.app.console import AT as CONSOLE
from magpie.app.console import Console
from magpie.app.parts import Parts
from magpie.app.queues import queues_of
from magpie.app.short_links import ShortLinks
from magpie.app.simulated import Simulated
from magpie.app.store import open_store
from magpie.app.work import Work
from magpie.carriers.actions import Safe
from magpie.carriers.fleet import Fleet
from magpie.carriers.mms import Contents
from magpie.dispatch.adaptation import Adaptation
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts
from magpie.dispatch.rescue import Rescue
from magpie.dispatch.traffic import Arrivals
from magpie.dispatch.ways import Ways
from magpie.esmes.book import EsmeBook
from magpie.kit.blobs import Blobs
from magpie.kit.db import DatabaseUnavailable
from magpie.kit.egress import Egress, Policy
from magpie.links.book import LinkBook
from magpie.media.fetch import Fetcher
from magpie.media.links import Signer
from magpie.media.once import Once
from magpie.media.own import Own
from magpie.media.profile import Profiles
from magpie.media.sandbox import Sandbox
from magpie.media.shelf import Shelf
from magpie.media.uploads import Uploads
from magpie.media.workshop import Workshop
from magpie.messages.accept import Acceptance
from magpie.messages.advance import Advance
from magpie.messages.change import Change
from magpie.messages.conversion import Converter
from magpie.messages.drafts import Drafts
from magpie.messages.lifecycle import Status
from magpie.messages.receive import Receive
from magpie.senders.actions import Senders
from magpie.senders.book import SenderBook
from magpie.services.book import ServiceBook
from magpie.settings import Settings
from magpie.simulator import store as phones
from magpie.usage.prices import PriceBook
from magpie.users import actions as users

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
        self.link_url = (settings.link_url or self.base_url).rstrip("/")
        self.sealer = Sealer.of(settings.data, settings.secret_key)
        self.database = await open_store(settings, stack)
        self.blobs = Blobs.open(settings.media)
        self.shelf = Shelf(self.database, self.blobs, [phones.in_use])
        self.policy = egress_policy(settings, port)
        self.egress = Egress(self.policy)
        stack.push_async_callback(self.egress.close)
        self.queues = queues_of(settings, self.database)
        self.authenticator = Authenticator(self.database, self.sealer)
        self.book = SenderBook(self.database)
        self.esmes = EsmeBook(self.database, self.sealer)
        self.preferences = PreferenceBook(self.database)
        self.services = ServiceBook(self.database, self.book)
        self.links = LinkBook(self.database)
        self.senders = Senders(
            self.queues.outbound, self.book, settings.rates.of, settings.queue_hours
        )
        await self._first_boot()
        await self._carriers()
        self._media(stack)
        self._messages()
        mounts = Mounts(self.authenticator, settings)
        faces.hang(self, mounts)
        site = ShortLinks(self, mounts).site()
        self.application = mounts.app(self.health, Console(self, mounts, site))
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
        self.advance = Advance(queues.webhooks, esmes=queues.smpp, quiet=frozenset(quiet))
        self.acceptance = Acceptance(
            self.database,
            queues.outbound,
            queues.media,
            queues.timers,
            keeps_requests=self.settings.request_log == "all",
        )
        self.change = Change(self.database, self.advance)
        self.converter = Converter(self.preferences, self.services, self.link_url)
        self.drafts = Drafts(
            self.book,
            self.services,
            self.links,
            self.converter,
            self.ways.takes_mms,
            self.uploads.posted,
        )
        self.rescue = Rescue(self.converter, queues.outbound)
        self.receipts = Receipts(self.database, self.advance, self.rescue, self.fleet.kin)
        self.inbounds = Inbounds(
            self.database,
            self.book,
            Receive(queues.webhooks, self.base_url, queues.smpp),
            self.acceptance,
            self.uploads,
            self.esmes,
        )
        self.arrivals = Arrivals(self.receipts, self.inbounds)

    async def _knows(self, number: str) -> bool:
        return await self.book.owner(number) is not None

    async def _carriers(self) -> None:
        self.simulated = None
        if "simulator" in self.settings.roles:
            self.simulated = Simulated(
                self.database,
                self.queues.simulator,
                self.blobs,
                self.settings.smsc_port,
                self.settings.mmsc,
            )
        network = self.simulated.network if self.simulated else None
        means = Means(network, Contents(self.blobs), self.policy, self._knows, self.base_url)
        self.safe = Safe(self.sealer)
        self.fleet = Fleet(
            self.database,
            self.safe,
            partial(link_of, means=means),
            given_of(self.settings, means),
            node=self.settings.node,
            alone=self.settings.database_url is None,
        )
        await self.fleet.load()
        self.carriers = self.fleet.links
        self.ways = Ways(self.carriers, self.fleet.roads)

    def _media(self, stack: AsyncExitStack) -> None:
        self.uploads = Uploads(self.shelf)
        self.signer = Signer(self.sealer.hash_secret("media links"))
        self.sandbox = Sandbox()
        stack.push_async_callback(self.sandbox.stop)
        self.profiles = Profiles.load(self.settings.profiles)
        self.prices = PriceBook.load(self.settings.data / "prices.toml")
        self.once = Once(self.database, self.shelf, Workshop(self.sandbox))
        self.adaptation = Adaptation(self.ways, self.book, self.profiles, self.once)
        self.fetcher = Fetcher(
            self.egress, self.database, self.shelf, Own(self.database, self.base_url)
        )

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

    async def sign_in_url(self) -> str:
        """Good for one visitor, within the hour."""
        owner = await users.ensure_owner(self.database)
        secret = await users.link(self.database, owner)
        return f"{self.base_url}{CONSOLE}/sign-in/{secret}"

    async def card(self, pid: int) -> Card:
        senders = await first_boot.senders_of(self.database, self.account)
        handsets = await self.simulated.handsets(self.base_url) if self.simulated else ()
        return Card(
            account_sid=self.account.sid,
            auth_token=token_of(self.sealer, self.account),
            base_url=self.base_url,
            console_url=f"{self.base_url}{CONSOLE}",
            senders=senders,
            handsets=tuple(handsets),
            pid=pid,
        )


def egress_policy(settings: Settings, port: int) -> Policy:
    """A laptop's webhooks live on loopback; a server reaches nothing private but what is listed."""
    others = (settings.smsc_port, settings.smpp_port, settings.smpp_tls_port)
    own = {port, *filter(None, others)}
    return Policy(
        allow_loopback=settings.profile == "development",
        allowed_networks=tuple(ip_network(network) for network in settings.egress_allowed),
        own_ports=frozenset(own),
    )
