"""A simulated network on a real store, with a platform that writes down what it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import magpie
from magpie.carriers.loopback import LoopbackCarrier
from magpie.carriers.traffic import (
    Accepted,
    Inbound,
    Kind,
    MediaPart,
    Outcome,
    Receipt,
    Submission,
    Unknown,
)
from magpie.kit import clock
from magpie.kit.blobs import Blobs, digest_of
from magpie.kit.db import Database
from magpie.kit.queue import Queue, Wakes, Worker
from magpie.simulator import store
from magpie.simulator.directory import Directory
from magpie.simulator.handsets import first_content
from magpie.simulator.model import HandsetMessage
from magpie.simulator.network import SimulatedNetwork

FROM, PHONE, NO_MMS, SMALL = "+15017122661", "+15558675310", "+15558675311", "+15558675312"
DOZEN = [UUID(int=number) for number in range(1, 13)]
MIGRATIONS = Path(magpie.__file__).parent / "migrations"


class Platform:
    """`deaf` says how many more receipts it fails to commit."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.inbounds: list[Inbound] = []
        self.deaf = 0

    async def receipt(self, receipt: Receipt) -> None:
        if self.deaf:
            self.deaf -= 1
            raise ConnectionError("the store is away")
        self.receipts.append(receipt)

    async def inbound(self, inbound: Inbound) -> None:
        self.inbounds.append(inbound)


class Rig:
    def __init__(self, database: Database, *, at_work: bool) -> None:
        self.database = database
        self.platform = Platform()
        queue = Queue(
            "simulator", database, Wakes(database, "n", alone=True), paced=False, node="n"
        )
        self.directory = Directory(database)
        self.blobs = Blobs.open("memory://")
        self.network = SimulatedNetwork(database, queue, self.blobs, self.directory)
        self.link = LoopbackCarrier("simulator", self.network)
        self.worker = Worker(queue, self.network.hand_over) if at_work else None

    async def phone(self, number: str) -> list[HandsetMessage]:
        return await store.messages(
            self.database, number, after=None, direction="received", most=100
        )

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def rigged(database: Database, *, at_work: bool = True) -> AsyncIterator[Rig]:
    """The phones are those of the first start. Without `at_work` receipts stay owed."""
    rig = Rig(database, at_work=at_work)
    await rig.blobs.put(b"xxx")
    await rig.link.start(rig.platform)
    running = asyncio.create_task(rig.worker.run()) if rig.worker else None
    try:
        yield rig
    finally:
        if rig.worker and running:
            await rig.worker.stop()
            await running


async def first_start(database: Database) -> None:
    async with database.transaction() as connection:
        await store.first_handsets(connection, first_content())


async def insisted(submit: Callable[[UUID, int], Awaitable[Outcome]]) -> int:
    """How many answers were lost until each of a dozen messages was taken."""
    return sum([await _insisted(submit, id_) for id_ in DOZEN])


async def _insisted(submit: Callable[[UUID, int], Awaitable[Outcome]], id_: UUID) -> int:
    lost = 0
    async with asyncio.timeout(20):
        while not isinstance(outcome := await submit(id_, lost + 1), Accepted):
            # Else the link has not come back yet.
            lost += isinstance(outcome, Unknown)
            await asyncio.sleep(0.01)
    return lost


def text(to: str = PHONE, *, id_: UUID | None = None, attempt: int = 1) -> Submission:
    return Submission(
        account_sid="AC",
        message_id=id_ or clock.uuid7(),
        attempt=attempt,
        kind=Kind.SMS,
        from_=FROM,
        to=to,
        body="hello",
    )


def picture(to: str, size: int = 3) -> Submission:
    """Of three bytes: no other is in the store."""
    digest = digest_of(b"x" * size)
    part = MediaPart(content_type="image/png", size=size, digest=digest, name="a.png")
    return Submission(
        account_sid="AC",
        message_id=clock.uuid7(),
        attempt=1,
        kind=Kind.MMS,
        from_=FROM,
        to=to,
        body="look",
        media=(part,),
    )
