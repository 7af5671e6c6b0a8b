"""One run: the world is set up, load and kills go on, all comes to rest, the checker judges."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

import asyncpg
import msgspec
from tests.rig import checker, injector, ledger
from tests.rig.checker import Verdict
from tests.rig.client import Client
from tests.rig.dump import dump, open_work
from tests.rig.fault_proxy import Faults, Proxy
from tests.rig.history import History, Rules
from tests.rig.ledger import Ledger
from tests.rig.processes import Child
from tests.rig.system import TOKEN, System

REFERENCE = 0x1501
# Segments a second that each kind of sender may send, and creates a second that it is given: the
# local number has little to spare, so every stop leaves it a backlog that it must not rush.
_RATES = {"local": 25.0, "toll-free": 200.0, "short-code": 1000.0}
_OFFERED = {"local": 8.0, "toll-free": 30.0, "short-code": 60.0}
_KINDS = {"10DLC": "local", "toll-free": "toll-free", "short code": "short-code"}
# The sink resets connections that it has read from, which is retried where the URL asks for it.
_RETRIES = "#rc=5&rp=all"
_REST_SECONDS = 180.0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    verdict: Verdict
    away: float
    """Median seconds from the death of the platform to its first answer."""
    seconds: float


class World(msgspec.Struct, kw_only=True):
    folder: Path
    system: System
    sink: Child
    smsc: Child
    proxy: Proxy
    dedupes: bool

    @property
    def senders(self) -> dict[str, str]:
        """Each sender's number and kind."""
        card = self.system.card
        assert card is not None
        return {sender.number: _KINDS[sender.type] for sender in card.senders}

    def client(self, seed: int, book: Ledger) -> Client:
        return Client(
            self.system.port, f"http://127.0.0.1:{self.sink.port}/status{_RETRIES}", book, seed
        )

    def rules(self, *, paced: bool) -> Rules:
        rates = {number: _RATES[kind] for number, kind in self.senders.items()}
        return Rules(
            deduplicates=self.dedupes,
            token=TOKEN,
            rates=rates if paced else {},
        )


@asynccontextmanager
async def world(
    folder: Path, *, dedupes: bool, faults: Faults | None = None
) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        carrier = ["--dedupes", hex(REFERENCE)] if dedupes else []
        smsc = await Child.start(
            "tests.rig.smsc", "--ledger", folder / "smsc", "--receipt-after", 0.3, *carrier
        )
        stack.push_async_callback(smsc.stop)
        sink = await Child.start("tests.rig.sink", "--ledger", folder / "sink", "--resets", 0.01)
        stack.push_async_callback(sink.stop)
        proxy = await stack.enter_async_context(Proxy.open(smsc.port, faults))
        system = System(folder / "data", _settings(proxy.port, dedupes=dedupes))
        stack.push_async_callback(system.stop)
        await system.start()
        yield World(
            folder=folder, system=system, sink=sink, smsc=smsc, proxy=proxy, dedupes=dedupes
        )


def _settings(port: int, *, dedupes: bool) -> dict[str, str]:
    carrier = {
        "name": "rig",
        "kind": "smpp",
        "host": "127.0.0.1",
        "port": port,
        "system_id": "rig",
        "password": "rig",
        "window": 50,
        "response_timeout": 3,
        "reconnect": 2,
        "enquire_link": 2,
        **({"reference_tlv": REFERENCE, "dedupes": True} if dedupes else {}),
    }
    return {
        "MAGPIE_CARRIERS": json.dumps([carrier]),
        "MAGPIE_ROUTES": json.dumps([{"carrier": "rig", "prefix": "+"}]),
        "MAGPIE_RATES": json.dumps(_RATES),
    }


async def run(folder: Path, *, rounds: int, seed: int, dedupes: bool) -> Report:
    """Leaves all ledgers in the folder."""
    began = time.monotonic()
    async with world(folder, dedupes=dedupes) as around:
        book, kills = Ledger(folder / "client"), Ledger(folder / "kills")
        keeping = asyncio.create_task(book.keep())
        client, done = around.client(seed, book), asyncio.Event()
        offered = {number: _OFFERED[kind] for number, kind in around.senders.items()}
        load = asyncio.create_task(client.run(offered, done.is_set))
        try:
            away = await injector.inject(around.system, injector.plan(seed, rounds), kills)
        finally:
            done.set()
        await load
        verdict = await judge(around)
        keeping.cancel()
    return Report(verdict=verdict, away=median(away or [0.0]), seconds=time.monotonic() - began)


async def judge(around: World, *, paced: bool = True) -> Verdict:
    await _rest(around.system)
    stored = await dump(around.system.database_url)
    ledger.write(around.folder / "store", stored)
    return checker.check(History.read(around.folder), around.rules(paced=paced))


async def _rest(system: System) -> None:
    """Wait until nothing is under way, or until too long: the checker will say what is left."""
    until = time.monotonic() + _REST_SECONDS
    quiet = 0
    while time.monotonic() < until and quiet < 3:
        try:
            work = await open_work(system.database_url)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            work = 1
        quiet = quiet + 1 if work == 0 else 0
        await asyncio.sleep(0.5)
