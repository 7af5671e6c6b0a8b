"""Which pages the console has."""

from magpie.app.faces import preflights
from magpie.app.parts import Parts
from magpie.console.live import Live
from magpie.console.page import Page
from magpie.console.pages.handsets import Handsets
from magpie.console.pages.message import MessagePage
from magpie.console.pages.messages import Messages
from magpie.console.pages.send import Send
from magpie.console.pages.you import You
from magpie.messages import resources as messages
from magpie.senders.seed import TUTORIAL


def pages_of(p: Parts) -> list[Page]:
    """In the order of the rail, within its groups."""
    sending = messages.Messages(p.database, p.acceptance, p.drafts, p.change)
    pages: list[Page] = [
        Live(),
        Send(p.database, sending, preflights(p), p.base_url),
        Messages(p.database),
        MessagePage(p.database, p.shelf, p.change, p.base_url),
        You(p.database),
    ]
    if p.simulated is not None:
        pages.append(Handsets(p.database, p.simulated.network, p.blobs, TUTORIAL))
    return pages
