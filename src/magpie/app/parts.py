"""The parts of the platform, by name: everything that lives as long as the process does."""

from collections.abc import Mapping

from magpie.accounts.auth import Authenticator
from magpie.accounts.model import Account
from magpie.accounts.preferences import PreferenceBook
from magpie.accounts.seal import Sealer
from magpie.app.queues import Queues
from magpie.app.simulated import Simulated
from magpie.carriers.actions import Safe
from magpie.carriers.base import Carrier
from magpie.carriers.fleet import Fleet
from magpie.dispatch.adaptation import Adaptation
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts
from magpie.dispatch.rescue import Rescue
from magpie.dispatch.traffic import Arrivals
from magpie.dispatch.ways import Ways
from magpie.esmes.book import EsmeBook
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.egress import Egress, Policy
from magpie.links.book import LinkBook
from magpie.media.fetch import Fetcher
from magpie.media.links import Signer
from magpie.media.once import Once
from magpie.media.profile import Profiles
from magpie.media.sandbox import Sandbox
from magpie.media.shelf import Shelf
from magpie.media.uploads import Uploads
from magpie.messages.accept import Acceptance
from magpie.messages.advance import Advance
from magpie.messages.change import Change
from magpie.messages.conversion import Converter
from magpie.messages.drafts import Drafts
from magpie.senders.actions import Senders
from magpie.senders.book import SenderBook
from magpie.services.book import ServiceBook
from magpie.settings import Settings
from magpie.usage.prices import PriceBook


class Parts:
    """Filled by the composition root before anybody else sees it."""

    settings: Settings
    base_url: str
    link_url: str
    database: Database
    blobs: Blobs
    shelf: Shelf
    policy: Policy
    egress: Egress
    queues: Queues
    sealer: Sealer
    authenticator: Authenticator
    account: Account
    book: SenderBook
    esmes: EsmeBook
    preferences: PreferenceBook
    services: ServiceBook
    links: LinkBook
    converter: Converter
    drafts: Drafts
    rescue: Rescue
    ways: Ways
    sandbox: Sandbox
    profiles: Profiles
    prices: PriceBook
    once: Once
    adaptation: Adaptation
    fetcher: Fetcher
    senders: Senders
    advance: Advance
    acceptance: Acceptance
    change: Change
    uploads: Uploads
    signer: Signer
    receipts: Receipts
    inbounds: Inbounds
    arrivals: Arrivals
    simulated: Simulated | None
    safe: Safe
    fleet: Fleet
    carriers: Mapping[str, Carrier]

    async def token_of(self, account_sid: str) -> str:
        """By which an account's webhooks are signed."""
        return await self.authenticator.token_of(account_sid) or ""
