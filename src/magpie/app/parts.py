"""The parts of the platform, by name: everything that lives as long as the process does."""

from collections.abc import Mapping, Sequence

from magpie.accounts.auth import Authenticator
from magpie.accounts.model import Account
from magpie.accounts.seal import Sealer
from magpie.app.queues import Queues
from magpie.app.simulated import Simulated
from magpie.carriers.base import Carrier
from magpie.carriers.routes import Route
from magpie.dispatch.inbound import Inbounds
from magpie.dispatch.receipts import Receipts
from magpie.dispatch.traffic import Arrivals
from magpie.kit.blobs import Blobs
from magpie.kit.db import Database
from magpie.kit.egress import Egress
from magpie.media.links import Signer
from magpie.media.shelf import Shelf
from magpie.media.uploads import Uploads
from magpie.messages.accept import Acceptance
from magpie.messages.advance import Advance
from magpie.messages.change import Change
from magpie.senders.actions import Senders
from magpie.senders.book import SenderBook
from magpie.settings import Settings


class Parts:
    """Filled by the composition root before anybody else sees it."""

    settings: Settings
    base_url: str
    database: Database
    blobs: Blobs
    shelf: Shelf
    egress: Egress
    queues: Queues
    sealer: Sealer
    authenticator: Authenticator
    account: Account
    book: SenderBook
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
    carriers: Mapping[str, Carrier]
    routes: Sequence[Route]

    async def token_of(self, account_sid: str) -> str:
        """By which an account's webhooks are signed."""
        return await self.authenticator.token_of(account_sid) or ""
