"""Which pages the console has."""

from collections.abc import Callable, Sequence
from functools import partial

from magpie.app.faces import preflights, replayer
from magpie.app.parts import Parts
from magpie.app.system import SystemFacts
from magpie.carriers import resources as carriers
from magpie.carriers.route_resources import Routes
from magpie.carriers.trace_resources import TraceOf
from magpie.console.live import Live
from magpie.console.page import Page
from magpie.console.pages.audit import Audit
from magpie.console.pages.carriers import Carriers
from magpie.console.pages.docs import Docs
from magpie.console.pages.errors import Errors
from magpie.console.pages.handsets import Handsets
from magpie.console.pages.home import Home
from magpie.console.pages.message import MessagePage
from magpie.console.pages.messages import Messages
from magpie.console.pages.numbers import Numbers
from magpie.console.pages.people import People
from magpie.console.pages.queues import Queues
from magpie.console.pages.send import Send
from magpie.console.pages.services import Services
from magpie.console.pages.settle import Settle
from magpie.console.pages.system import System
from magpie.console.pages.usage import Usage
from magpie.console.pages.webhooks import Webhooks
from magpie.console.pages.you import You
from magpie.console.reference import Document
from magpie.console.wire import Wire
from magpie.dispatch.held import OutcomeOf
from magpie.dispatch.store import ids_of
from magpie.messages import resources as messages
from magpie.senders import numbers
from magpie.senders.seed import TUTORIAL
from magpie.senders.short_codes import ShortCodes
from magpie.simulator.carriers.resources import Carriers as Networks


def pages_of(p: Parts, describe: Callable[[], Document]) -> list[Page]:
    """In the order of the rail, within its groups; `describe` gives the description of the API."""
    sending = messages.Messages(p.database, p.acceptance, p.drafts, p.change)
    return [
        Live(p.database),
        Home(p.database, p.queues.outbound, partial(_health, p)),
        Send(p.database, sending, preflights(p), p.base_url),
        *_handsets(p),
        Webhooks(p.database, replayer(p), p.token_of),
        Errors(p.database),
        Docs(
            p.database,
            p.token_of,
            p.base_url,
            describe,
        ),
        Messages(p.database),
        MessagePage(
            p.database,
            p.shelf,
            p.change,
            Wire(p.fleet.links, personal=p.settings.show_pii),
            p.base_url,
        ),
        Settle(OutcomeOf(p.database, p.queues.outbound, p.advance)),
        Numbers(
            p.database,
            numbers.Numbers(p.database, p.senders),
            ShortCodes(p.database, p.senders),
            p.queues.outbound,
        ),
        Services(p.database, p.services),
        Queues(p.database, p.queues.outbound),
        _carriers(p),
        Usage(p.database, p.book, p.prices),
        People(p.database, p.authenticator),
        Audit(p.database),
        System(SystemFacts(p)),
        You(p.database),
    ]


def _handsets(p: Parts) -> list[Page]:
    if p.simulated is None:
        return []
    return [Handsets(p.database, p.simulated.network, p.blobs, TUTORIAL)]


def _carriers(p: Parts) -> Carriers:
    networks = Networks(p.database, p.simulated.directory) if p.simulated else None
    return Carriers(
        carriers.Carriers(p.database, p.fleet, p.safe, p.receipts.parked),
        TraceOf(p.fleet, partial(ids_of, p.database), personal=p.settings.show_pii),
        Routes(p.database, p.fleet),
        networks,
    )


async def _health(p: Parts) -> Sequence[tuple[str, str]]:
    """What is wrong with each link, as far as it says."""
    found = []
    for name, carrier in p.carriers.items():
        state = getattr(carrier, "state", None)
        up = getattr(state(), "bound", True) if callable(state) else True
        found.append((name, "" if up else "is down"))
    return found
