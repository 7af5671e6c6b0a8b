"""The queues of the platform, by name."""

from dataclasses import dataclass

from magpie.esmes.due import QUEUE as SMPP
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Wakes
from magpie.media.model import QUEUE as MEDIA
from magpie.messages.accept import OUTBOUND, TIMERS
from magpie.settings import Settings
from magpie.webhooks.model import QUEUE as WEBHOOKS

SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Queues:
    """Only the senders' lanes are paced; the others have lanes for fairness alone."""

    wakes: Wakes
    outbound: Queue
    webhooks: Queue
    media: Queue
    timers: Queue
    simulator: Queue
    smpp: Queue


def queues_of(settings: Settings, database: Database) -> Queues:
    """A node on its own embedded database is alone and needs no NOTIFY."""
    wakes = Wakes(database, settings.node, alone=settings.database_url is None)

    def queue(name: str, *, paced: bool = False) -> Queue:
        return Queue(name, database, wakes, paced=paced, node=settings.node)

    return Queues(
        wakes=wakes,
        outbound=queue(OUTBOUND, paced=True),
        webhooks=queue(WEBHOOKS),
        media=queue(MEDIA),
        timers=queue(TIMERS),
        simulator=queue(SIMULATOR),
        smpp=queue(SMPP),
    )
